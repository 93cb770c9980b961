import keras

class Net(keras.Sequential):
    def call(self, inputs, training=None, mask=None):
        return super().call(inputs * 2)

def build_model():
    return Net([keras.Input((6912,)), keras.layers.Dense(8), keras.layers.Activation("softmax")])
