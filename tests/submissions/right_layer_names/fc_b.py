import keras
from keras.layers import Dense, Activation

def build_model():
    gesichter = keras.Sequential(name="Gesichter_für_die_Übung")
    gesichter.add(keras.Input((6912,), name="Bildpunkte"))
    gesichter.add(Dense(400, name="schicht_größe_400"))
    gesichter.add(Activation("relu", name="dense_1"))
    gesichter.add(Dense(200, name="Schicht 2"))
    gesichter.add(Activation("relu", name="conv2d"))
    gesichter.add(Dense(8, name="出力"))
    gesichter.add(Activation("softmax", name="<b>softmax & more"))
    return gesichter
