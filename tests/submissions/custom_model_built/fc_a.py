import numpy as np
import tensorflow as tf

class FaceNet(tf.keras.Model):
    def __init__(self):
        super(FaceNet, self).__init__()
        self.d1 = tf.keras.layers.Dense(8, activation="softmax")

    def call(self, inputs, training=False):
        return self.d1(inputs)

def build_model():
    model = FaceNet()
    model.build((None, 6912))
    model(np.zeros((1, 6912), "float32"))
    return model
