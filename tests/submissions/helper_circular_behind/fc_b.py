from one import a

def build_model():
    return a()
