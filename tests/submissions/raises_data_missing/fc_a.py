import keras
from keras import layers

def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation('softmax'))
    model.compile('adam', 'categorical_crossentropy')
    model.fit(X_train, y_train, epochs=30)
    return model
