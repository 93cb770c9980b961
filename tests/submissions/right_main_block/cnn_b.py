import keras
from keras import layers

KERNEL = (3, 3)
POOL = (2, 2)


def build_model():
    return keras.Sequential([
        keras.Input(shape=(48, 48, 3)),
        layers.Conv2D(32, KERNEL, padding="same", name="conv1"),
        layers.Activation("relu", name="act1"),
        layers.Conv2D(32, KERNEL, padding="same", name="conv2"),
        layers.Activation("relu", name="act2"),
        layers.MaxPooling2D(POOL, name="pool1"),
        layers.Dropout(0.3, name="drop1"),
        layers.Conv2D(64, KERNEL, padding="same", name="conv3"),
        layers.Activation("relu", name="act3"),
        layers.Conv2D(64, KERNEL, padding="same", name="conv4"),
        layers.Activation("relu", name="act4"),
        layers.MaxPooling2D(POOL, name="pool2"),
        layers.Dropout(0.3, name="drop2"),
        layers.Flatten(),
        layers.Dense(200, name="dense1"),
        layers.Activation("relu", name="act5"),
        layers.Dropout(0.3, name="drop3"),
        layers.Dense(8, name="dense2"),
        layers.Activation("softmax", name="probabilities"),
    ])


ANSWER = "Train goes down a little, test goes up."


if __name__ == "__main__":
    import h5py

    file = h5py.File("Data_8_faces_no_cut.hdf5")
    model = build_model()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(file["X_train_8_faces"][:], file["Y_train_8_faces"][:], batch_size=128, epochs=30)
    print(model.evaluate(file["X_test_8_faces"][:], file["Y_test_8_faces"][:]))
