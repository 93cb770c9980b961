import os
os.environ["PYTHONHASHSEED"] = "0"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import random
import numpy as np
import tensorflow as tf
import keras

random.seed(1)
np.random.seed(1)
tf.random.set_seed(1)
keras.utils.set_random_seed(1)
print("GPUs:", tf.config.list_physical_devices("GPU"))

def build_model():
    keras.backend.clear_session()
    with tf.device("/CPU:0"):
        model = keras.Sequential([
            keras.layers.Input((6912,)),
            keras.layers.Dense(400, kernel_initializer="he_normal"),
            keras.layers.Activation("relu"),
            keras.layers.Dense(200, kernel_initializer="he_normal"),
            keras.layers.Activation("relu"),
            keras.layers.Dense(8, kernel_initializer="he_normal"),
            keras.layers.Activation("softmax"),
        ])
    return model
