import os, sys
from pathlib import Path

here = os.path.dirname(os.path.abspath(__file__))
sys.path.append(here)
sys.path.insert(0, "..")
HERE = Path(__file__).resolve().parent
print(os.getcwd(), __name__, sys.argv)

import keras

def build_model():
    return keras.Sequential([keras.Input((6912,)), keras.layers.Dense(8), keras.layers.Activation("softmax")])
