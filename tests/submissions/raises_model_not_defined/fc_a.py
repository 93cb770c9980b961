import keras

def build_model():
    modell = keras.Sequential()
    modell.add(keras.Input((6912,)))
    return model
