import tensorflow as tf

def build_model():
    m = tf.keras.Sequential()
    m.add(tf.keras.Input(shape=(48, 48, 3)))
    m.add(tf.keras.layers.Conv2D(32, 3, padding='same'))
    m.add(tf.keras.layers.Activation('relu'))
    m.add(tf.keras.layers.Conv2D(32, 3, padding='same'))
    m.add(tf.keras.layers.Activation('relu'))
    m.add(tf.keras.layers.MaxPool2D())
    m.add(tf.keras.layers.Conv2D(64, 3, padding='same'))
    m.add(tf.keras.layers.Activation('relu'))
    m.add(tf.keras.layers.Conv2D(64, 3, padding='same'))
    m.add(tf.keras.layers.Activation('relu'))
    m.add(tf.keras.layers.MaxPool2D())
    m.add(tf.keras.layers.Flatten())
    m.add(tf.keras.layers.Dense(200))
    m.add(tf.keras.layers.Activation('relu'))
    m.add(tf.keras.layers.Dense(8))
    m.add(tf.keras.layers.Activation('softmax'))
    return m
