from keras.models import Sequential
from keras.layers import Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D

def build_model():
    return Sequential([
        Input((48, 48, 3)),
        Conv2D(32, 3, padding='same', activation='relu'),
        Conv2D(32, 3, padding='same', activation='relu'),
        MaxPooling2D(),
        Dropout(0.3),
        Conv2D(64, 3, padding='same', activation='relu'),
        Conv2D(64, 3, padding='same', activation='relu'),
        MaxPooling2D(),
        Dropout(0.3),
        Flatten(),
        Dense(200, activation='relu'),
        Dropout(0.3),
        Dense(8, activation='softmax'),
    ])
