import keras
from keras import layers

def features(n, name):
    return keras.Sequential([
        layers.Conv2D(n, 3, padding="same"), layers.Activation("relu"),
        layers.Conv2D(n, 3, padding="same"), layers.Activation("relu"),
        layers.MaxPooling2D(),
    ], name=name)

def build_model():
    return keras.Sequential([
        keras.Input((48, 48, 3)),
        features(32, "block1"),
        features(64, "block2"),
        layers.Flatten(),
        keras.Sequential([layers.Dense(200), layers.Activation("relu"), layers.Dense(8), layers.Activation("softmax")], name="classifier"),
    ])
