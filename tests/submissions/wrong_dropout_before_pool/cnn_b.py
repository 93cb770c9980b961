import keras
from keras import layers

KERNEL = (3, 3)
POOL = (2, 2)


def build_model():
    return keras.Sequential([
        keras.Input(shape=(48, 48, 3)),
        layers.Conv2D(32, KERNEL, padding="same", name="conv1"),
        layers.Activation("relu", name="act1"),
        layers.Conv2D(32, KERNEL, padding="same", name="conv2"),
        layers.Activation("relu", name="act2"),
        layers.Dropout(0.3, name="drop1"),
        layers.MaxPooling2D(POOL, name="pool1"),
        layers.Conv2D(64, KERNEL, padding="same", name="conv3"),
        layers.Activation("relu", name="act3"),
        layers.Conv2D(64, KERNEL, padding="same", name="conv4"),
        layers.Activation("relu", name="act4"),
        layers.MaxPooling2D(POOL, name="pool2"),
        layers.Dropout(0.3, name="drop2"),
        layers.Flatten(),
        layers.Dense(200, name="dense1"),
        layers.Activation("relu", name="act5"),
        layers.Dropout(0.3, name="drop3"),
        layers.Dense(8, name="dense2"),
        layers.Activation("softmax", name="probabilities"),
    ])


ANSWER = "Train goes down a little, test goes up."
