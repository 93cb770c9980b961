In [1]: import keras
