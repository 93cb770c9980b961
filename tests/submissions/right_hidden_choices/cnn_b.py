import keras
from keras import layers

def build_model():
    return keras.Sequential([
        keras.Input((48, 48, 3)),
        layers.Conv2D(32, 3, padding="same", kernel_initializer="lecun_normal"),
        layers.Activation("selu"),
        layers.Conv2D(32, 3, padding="same", kernel_regularizer="l2"),
        layers.Activation("tanh"),
        layers.MaxPooling2D(2),
        layers.Dropout(0.1),
        layers.Conv2D(64, 3, padding="same", kernel_initializer="orthogonal"),
        layers.Activation("gelu"),
        layers.Conv2D(64, 3, padding="same", bias_initializer="ones"),
        layers.Activation("sigmoid"),
        layers.MaxPooling2D(2),
        layers.Dropout(0.5),
        layers.Flatten(),
        layers.Dense(200),
        layers.Activation("swish"),
        layers.Dropout(0),
        layers.Dense(8),
        layers.Activation("softmax"),
    ])
