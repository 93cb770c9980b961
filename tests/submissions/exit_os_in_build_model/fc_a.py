import os

def build_model():
    print("bye", flush=True)
    os._exit(1)
