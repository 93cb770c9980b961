import keras
from keras import layers as L

def build_model():
    x = inp = keras.Input((48, 48, 3))
    for filters in (32, 64):
        x = L.Conv2D(filters, 3, padding="same")(x)
        x = L.Activation("relu")(x)
        x = L.Conv2D(filters, 3, padding="same")(x)
        x = L.Activation("relu")(x)
        x = L.MaxPooling2D()(x)
        x = L.Dropout(0.3)(x)
    x = L.Flatten()(x)
    x = L.Dense(200)(x)
    x = L.Activation("relu")(x)
    x = L.Dropout(0.3)(x)
    x = L.Dense(8)(x)
    x = L.Activation("softmax")(x)
    return keras.Model(keras.Input((48, 48, 3)), x)
