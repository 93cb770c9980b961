import tensorflow as tf
from tensorflow.keras import layers, models

def build_model():
    return models.Sequential([
        layers.InputLayer(shape=(6912,)),
        layers.Dense(400, activation=tf.nn.relu),
        layers.Dense(200),
        layers.Activation(tf.nn.relu),
        layers.Dense(8, activation=tf.nn.softmax),
    ])
