import keras
from keras import layers

def conv_bn_relu(x, n):
    x = layers.Conv2D(n, (3, 3), padding="same")(x)
    x = layers.BatchNormalization()(x)
    return layers.Activation("relu")(x)

def block(x, n):
    x = conv_bn_relu(x, n)
    x = conv_bn_relu(x, n)
    x = layers.MaxPooling2D((2, 2))(x)
    return layers.Dropout(.3)(x)

def build_model():
    inp = layers.Input((48, 48, 3))
    x = block(block(inp, 32), 64)
    x = layers.Flatten()(x)
    x = layers.Dense(200)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    x = layers.Dropout(.3)(x)
    out = layers.Dense(8, activation="softmax")(x)
    return keras.Model(inp, out)
