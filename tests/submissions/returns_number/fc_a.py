import keras


def build_model():
    return 55304
