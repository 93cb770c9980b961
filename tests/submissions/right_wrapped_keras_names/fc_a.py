import keras as K
import keras.layers as L
from keras.models import Sequential as Seq

LAYERS = {"d": L.Dense, "a": L.Activation}

def build_model():
    return Seq([K.Input((6912,)), LAYERS["d"](8), LAYERS["a"]("softmax")])
