import keras

async def build_model():
    return keras.Sequential([keras.Input((6912,)), keras.layers.Dense(8)])
