import keras

class HeDense(keras.layers.Dense):
    def __init__(self, units, **kwargs):
        super().__init__(units, kernel_initializer="he_normal", **kwargs)

def build_model():
    return keras.Sequential([keras.Input((6912,)), HeDense(8), keras.layers.Activation("softmax")])
