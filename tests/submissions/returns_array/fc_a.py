import keras


def build_model():
    import numpy as np
    return np.zeros((2, 3))
