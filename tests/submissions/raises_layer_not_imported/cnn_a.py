from keras.models import Sequential

kernel = (3, 3)
pool = (2, 2)

def build_model():
    model = Sequential()
    model.add(Input(shape=(48, 48, 3)))
    model.add(Conv2D(32, kernel, padding='same'))
    model.add(Activation('relu'))
    model.add(Conv2D(32, kernel, padding='same'))
    model.add(Activation('relu'))
    model.add(MaxPooling2D(pool_size=pool))

    model.add(Conv2D(64, kernel, padding='same'))
    model.add(Activation('relu'))
    model.add(Conv2D(64, kernel, padding='same'))
    model.add(Activation('relu'))
    model.add(MaxPooling2D(pool_size=pool))

    model.add(Flatten())
    model.add(Dense(200))
    model.add(Activation('relu'))
    model.add(Dense(8))
    model.add(Activation('softmax'))
    return model
