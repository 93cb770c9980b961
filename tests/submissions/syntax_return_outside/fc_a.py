import keras
model = keras.Sequential()
return model
