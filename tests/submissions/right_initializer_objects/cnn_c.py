import keras
from keras import initializers, layers, regularizers

def build_model():
    he = initializers.HeNormal(seed=42)
    l2 = regularizers.l2(1e-4)
    conv = dict(padding="same", kernel_initializer=he, kernel_regularizer=l2)
    m = keras.Sequential([layers.Input((48, 48, 3))])
    for f in (32, 64):
        for _ in range(2):
            m.add(layers.Conv2D(f, 3, **conv, bias_initializer="zeros"))
            m.add(layers.BatchNormalization(momentum=0.9, epsilon=1e-5, gamma_initializer=initializers.Constant(1.0)))
            m.add(layers.Activation("relu"))
        m.add(layers.MaxPooling2D(2))
        m.add(layers.Dropout(0.25, seed=1))
    m.add(layers.Flatten())
    m.add(layers.Dense(200, kernel_initializer=initializers.VarianceScaling(scale=2.0), kernel_constraint=keras.constraints.MaxNorm(3), activity_regularizer="l1"))
    m.add(layers.BatchNormalization())
    m.add(layers.Activation("relu"))
    m.add(layers.Dropout(0.5))
    m.add(layers.Dense(8, kernel_initializer=keras.initializers.glorot_uniform, bias_regularizer=regularizers.L1L2(0.0, 0.001)))
    m.add(layers.Activation("softmax"))
    return m
