import keras
from keras import layers


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    return model


ANSWER = "=cmd|' /C calc'!A0 <script>alert(1)</script> \x1b[31mred\x1b[0m \ud800 \x00 {{ 7*7 }}"
print("\x1b[2J\x1b]0;title\x07 \x00 \ud800".encode("utf-8", "replace").decode(), "<script>alert(2)</script>")
