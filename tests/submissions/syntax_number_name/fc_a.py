import keras
2layers = True
if 2layers = True:
    pass
