def build_model():
    import keras_tuner
    return keras_tuner.Model()
