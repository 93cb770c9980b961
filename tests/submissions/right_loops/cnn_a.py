import keras
from keras import layers

def build_model():
    model = keras.Sequential([keras.Input(shape=(48, 48, 3))])
    for filters in (32, 64):
        for _ in range(2):
            model.add(layers.Conv2D(filters, 3, padding="same", kernel_initializer="he_normal"))
            model.add(layers.Activation("relu"))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    for units, activation in [(200, "relu"), (8, "softmax")]:
        model.add(layers.Dense(units, kernel_initializer="he_normal"))
        model.add(layers.Activation(activation))
    return model

ANSWER = """I expect the CNN to be better."""
