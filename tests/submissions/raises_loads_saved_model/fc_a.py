import keras

def build_model():
    return keras.models.load_model("my_model.keras")
