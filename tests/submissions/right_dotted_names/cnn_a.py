import keras

def build_model():
    model = keras.models.Sequential(name="cnn")
    model.add(keras.layers.Input(shape=(48, 48, 3)))
    model.add(keras.layers.Conv2D(filters=32, kernel_size=(3, 3), strides=(1, 1), padding="SAME", use_bias=True))
    model.add(keras.layers.Activation(activation="relu"))
    model.add(keras.layers.Conv2D(filters=32, kernel_size=[3, 3], strides=1, padding="same", dilation_rate=1))
    model.add(keras.layers.Activation(activation="relu"))
    model.add(keras.layers.MaxPooling2D(pool_size=(2, 2), strides=(2, 2), padding="valid"))
    model.add(keras.layers.Conv2D(filters=64, kernel_size=(3, 3), padding="same", data_format="channels_last"))
    model.add(keras.layers.Activation(activation="relu"))
    model.add(keras.layers.Conv2D(filters=64, kernel_size=(3, 3), padding="same", groups=1))
    model.add(keras.layers.Activation(activation="relu"))
    model.add(keras.layers.MaxPooling2D(pool_size=(2, 2), strides=None))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(units=200))
    model.add(keras.layers.Activation(activation="relu"))
    model.add(keras.layers.Dense(units=8))
    model.add(keras.layers.Activation(activation="softmax"))
    return model
