from keras import Sequential, Input
from keras.layers import Dense, Activation

build_model = lambda: Sequential([Input((6912,)), Dense(8), Activation("softmax")])
ANSWER = "One layer is better than guessing."
