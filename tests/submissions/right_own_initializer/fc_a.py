import keras

def my_init(shape, dtype=None):
    return keras.random.normal(shape, stddev=0.05, dtype=dtype)

def build_model():
    return keras.Sequential([keras.Input((6912,)), keras.layers.Dense(8, kernel_initializer=my_init), keras.layers.Activation("softmax")])
