import keras
from keras import layers


def build_model():
    inputs = keras.Input(shape=(48, 48, 3))
    x = layers.Conv2D(32, 3, padding="same", name="conv1")(inputs)
    x = layers.BatchNormalization(name="bn1")(x)
    x = layers.Activation("relu", name="relu1")(x)
    x = layers.Conv2D(32, 3, padding="same", name="conv2")(x)
    x = layers.BatchNormalization(name="bn2")(x)
    x = layers.Activation("relu", name="relu2")(x)
    x = layers.MaxPooling2D(name="pool1")(x)
    x = layers.Dropout(0.3, name="drop1")(x)
    x = layers.Conv2D(64, 3, padding="same", name="conv3")(x)
    x = layers.BatchNormalization(name="bn3")(x)
    x = layers.Activation("relu", name="relu3")(x)
    x = layers.Conv2D(64, 3, padding="same", name="conv4")(x)
    x = layers.BatchNormalization(name="bn4")(x)
    x = layers.Activation("relu", name="relu4")(x)
    x = layers.MaxPooling2D(name="pool2")(x)
    x = layers.Dropout(0.3, name="drop2")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(200, name="dense1")(x)
    x = layers.BatchNormalization(name="bn5")(x)
    x = layers.Activation("relu", name="relu5")(x)
    x = layers.Dropout(0.3, name="drop3")(x)
    x = layers.Dense(8, name="dense2")(x)
    x = layers.BatchNormalization(name="bn6")(x)
    outputs = layers.Activation("softmax", name="softmax")(x)
    return keras.Model(inputs, outputs)


ANSWER = "It learns in fewer epochs."
