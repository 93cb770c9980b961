import keras
from keras import layers

class FaceNet(keras.Sequential):
    def __init__(self):
        super().__init__(name="face_net")
        self.add(keras.Input((6912,)))
        for units in (400, 200):
            self.add(layers.Dense(units))
            self.add(layers.Activation("relu"))
        self.add(layers.Dense(8))
        self.add(layers.Activation("softmax"))

def build_model():
    return FaceNet()
