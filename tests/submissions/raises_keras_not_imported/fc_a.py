def build_model():
    model = Sequential()
    return model
