import keras
from blocks import conv_block, head

def build_model():
    model = keras.Sequential()
    model.add(keras.Input((48, 48, 3)))
    conv_block(model, 32)
    conv_block(model, 64)
    head(model)
    return model
