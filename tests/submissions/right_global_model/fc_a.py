import keras

model = keras.Sequential([keras.Input((6912,)), keras.layers.Dense(8), keras.layers.Activation("softmax")])

def build_model():
    global model
    return model
