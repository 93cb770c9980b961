import keras
from keras import layers

class FaceNet(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(8)
        self.softmax = layers.Activation("softmax")

    def call(self, x):
        return self.softmax(self.dense(x))

def build_model():
    return FaceNet()
