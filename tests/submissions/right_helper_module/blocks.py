"""Blocks that several networks share."""
from keras import layers


def conv_block(model, filters, rate=0.3):
    for _ in range(2):
        model.add(layers.Conv2D(filters, 3, padding="same"))
        model.add(layers.Activation("relu"))
    model.add(layers.MaxPooling2D())
    model.add(layers.Dropout(rate))


def head(model):
    model.add(layers.Flatten())
    model.add(layers.Dense(200))
    model.add(layers.Activation("relu"))
    model.add(layers.Dropout(0.3))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
