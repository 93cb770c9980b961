import keras
def build_model():
    quit()
