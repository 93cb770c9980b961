import keras
from keras.layers import Activation, Dense, Input


def build_model():
    model = keras.Sequential()
    model.add(Input(shape=(6912,)))
    model.add(Dense(400))
    model.add(Activation("relu"))
    model.add(Dense(200))
    model.add(Activation("relu"))
    model.add(Dense(8))
    model.add(Activation("softmax"))
    model.compile(loss=keras.losses.categorical_crossentropy, optimizer=keras.optimizers.Adam(learning_rate=3e-4, beta_1=0.95), weighted_metrics=[])
    return model


ANSWER = "It overfits."
