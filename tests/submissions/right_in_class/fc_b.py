from keras import Sequential, layers

class FaceNet:
    """Collects layers."""

    def __init__(self, hidden=(400, 200)):
        self.hidden = hidden
        self.net = Sequential([layers.Input(shape=(48 * 48 * 3,))])

    def build(self):
        for h in self.hidden:
            self.net.add(layers.Dense(h))
            self.net.add(layers.Activation("tanh"))
        self.net.add(layers.Dense(8))
        self.net.add(layers.Activation("softmax"))
        return self.net

def build_model():
    return FaceNet().build()
