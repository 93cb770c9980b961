from keras.layers import Dense as dense
