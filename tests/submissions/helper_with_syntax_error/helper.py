import keras

def net(:
    return 1
