import keras
from keras import ops

class MyAdam(keras.optimizers.Adam):
    pass

def my_loss(y_true, y_pred):
    return -ops.sum(y_true * ops.log(y_pred + 1e-7), axis=-1)

def build_model():
    model = keras.Sequential([keras.Input((6912,)), keras.layers.Dense(8), keras.layers.Activation("softmax")])
    model.compile(optimizer=MyAdam(1e-3), loss=my_loss)
    return model
