import keras

def build_model():

# how good is it?
ANSWER = "good"
