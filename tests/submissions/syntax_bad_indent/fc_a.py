import keras
def build_model():
    model = keras.Sequential()
      model.add(keras.Input((6912,)))
    return model
