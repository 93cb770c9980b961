import keras

def build_model():
    # model = keras.Sequential()
    pass
