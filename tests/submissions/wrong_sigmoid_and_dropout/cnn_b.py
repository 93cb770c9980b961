"""Solution of part cnn_b: a convolutional network with dropout."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Return the network of cnn_b: images of 48 x 48 x 3 in, 8 probabilities out."""
    return keras.Sequential(
        [
            keras.Input(shape=(48, 48, 3)),
            layers.Conv2D(32, 3, padding="same", kernel_initializer="he_normal"),
            layers.Activation("relu"),
            layers.Conv2D(32, 3, padding="same", kernel_initializer="he_normal"),
            layers.Activation("relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, padding="same", kernel_initializer="he_normal"),
            layers.Activation("relu"),
            layers.Conv2D(64, 3, padding="same", kernel_initializer="he_normal"),
            layers.Activation("relu"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(200, kernel_initializer="he_normal"),
            layers.Activation("relu"),
            layers.Dropout(0.3),
            layers.Dense(8, kernel_initializer="he_normal"),
            layers.Activation("sigmoid"),
        ]
    )


ANSWER = """\
Dropout switches off three tenths of the values at random while training, so no unit can
rely on one particular other. Learning by heart becomes harder: accuracy on the training
images grows more slowly. Validation and test are somewhat better than without dropout, and
the gap to training is narrower. It has not gone: a few hundredths between two runs can also
come from the random start."""
