import warnings
warnings.simplefilter("error")
from keras.models import Sequential
from keras.layers import Dense, Activation

def build_model():
    return Sequential([Dense(8, input_shape=(6912,)), Activation("softmax")])
