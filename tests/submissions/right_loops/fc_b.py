import keras

SIZES = [400, 200, 8]

def build_model():
    net = [keras.Input((6912,))]
    for i, n in enumerate(SIZES):
        net += [keras.layers.Dense(n), keras.layers.Activation("softmax" if i == len(SIZES) - 1 else "relu")]
    return keras.Sequential(net)
