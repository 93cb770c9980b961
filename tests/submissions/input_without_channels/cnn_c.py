import tensorflow as tf
k = tf.keras.layers

def conv_bn_relu(model, n):
    model.add(k.Conv2D(n, (3, 3), padding="same", kernel_initializer="he_normal"))
    model.add(k.BatchNormalization())
    model.add(k.Activation("relu"))

def build_model():
    model = tf.keras.Sequential()
    model.add(k.InputLayer(shape=(48, 48)))
    # first block
    conv_bn_relu(model, 32)
    conv_bn_relu(model, 32)
    model.add(k.MaxPool2D((2, 2)))
    model.add(k.Dropout(0.3))
    # second block
    conv_bn_relu(model, 64)
    conv_bn_relu(model, 64)
    model.add(k.MaxPool2D((2, 2)))
    model.add(k.Dropout(0.3))
    # classifier
    model.add(k.Flatten())
    model.add(k.Dense(200))
    model.add(k.BatchNormalization())
    model.add(k.Activation("relu"))
    model.add(k.Dropout(0.3))
    model.add(k.Dense(8))
    model.add(k.Activation("softmax"))
    return model
