import keras

def deco(f):
    print("decorated")

@deco
def build_model():
    return keras.Sequential()
