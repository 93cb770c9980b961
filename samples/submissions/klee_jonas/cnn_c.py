import keras
from keras import layers


def build_model():
    he = "he_normal"
    model = keras.Sequential([keras.Input((48, 48, 3))])
    for filters in (32, 64):
        for _ in range(2):
            model.add(layers.Conv2D(filters, (3, 3), padding="same", kernel_initializer=he))
            model.add(layers.BatchNormalization())
            model.add(layers.ReLU())
        model.add(layers.MaxPooling2D((2, 2)))
        model.add(layers.Dropout(0.3))
    model.add(layers.Flatten())
    model.add(layers.Dense(200, kernel_initializer=he))
    model.add(layers.BatchNormalization())
    model.add(layers.ReLU())
    model.add(layers.Dropout(0.3))
    model.add(layers.Dense(8, kernel_initializer=he))
    model.add(layers.Softmax())
    return model


ANSWER = "It learns faster in the first epochs."
