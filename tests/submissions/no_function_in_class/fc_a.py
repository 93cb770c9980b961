import keras

class Net:
    def build_model(self):
        return keras.Sequential([keras.Input((6912,)), keras.layers.Dense(8)])
