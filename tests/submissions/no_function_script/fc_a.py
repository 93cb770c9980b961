import keras
from keras import layers

model = keras.Sequential([keras.Input((6912,)), layers.Dense(8), layers.Activation("softmax")])
model.summary()
