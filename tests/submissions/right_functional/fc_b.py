from keras import Input, Model
from keras.layers import Dense, Activation

def build_model():
    image = Input((6912,))
    hidden = Activation('relu')(Dense(400)(image))
    hidden = Activation('relu')(Dense(200)(hidden))
    output = Activation('softmax')(Dense(8)(hidden))
    return Model(inputs=image, outputs=output, name='two_hidden_layers')
