import keras

class Exercise:
    @staticmethod
    def network() -> keras.Model:
        return keras.Sequential([keras.Input((6912,)), keras.layers.Dense(8), keras.layers.Activation("softmax")])

build_model = Exercise.network
