import keras
from keras.layers import Activation, Conv2D, Dense, Flatten, Input, MaxPooling2D


callbacks = [keras.callbacks.EarlyStopping(patience=3), keras.callbacks.ReduceLROnPlateau()]


class LogLR(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        print(epoch, self.model.optimizer.learning_rate)


class Hits(keras.metrics.Metric):
    def __init__(self, name="hits", **kwargs):
        super().__init__(name=name, **kwargs)
        self.hits = self.add_weight(name="h", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.hits.assign_add(1.0)

    def result(self):
        return self.hits


def top2(y_true, y_pred):
    return keras.metrics.top_k_categorical_accuracy(y_true, y_pred, k=2)


def build_model():
    model = keras.Sequential()
    model.add(Input(shape=(48, 48, 3)))
    # block 1
    model.add(Conv2D(32, (3, 3), padding="same"))
    model.add(Activation("relu"))
    model.add(Conv2D(32, (3, 3), padding="same", name="conv_1b"))
    model.add(Activation("relu", name="act_1b"))
    model.add(MaxPooling2D(pool_size=(2, 2)))
    # block 2
    model.add(Conv2D(64, (3, 3), padding="same"))
    model.add(Activation("relu", name="act_2a"))
    model.add(Conv2D(64, (3, 3), padding="same", name="conv_2b"))
    model.add(Activation("relu", name="act_2b"))
    model.add(MaxPooling2D(pool_size=(2, 2), name="pool_2"))
    # classifier
    model.add(Flatten())
    model.add(Dense(200))
    model.add(Activation("relu", name="act_dense"))
    model.add(Dense(8))
    model.add(Activation("softmax"))
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy", top2, Hits()])
    return model


ANSWER = "I expect it to be better, since a face may stand anywhere in the picture."
