import functools
import time
import keras

def timed(f):
    @functools.wraps(f)
    def inner(*args, **kwargs):
        start = time.perf_counter()
        result = f(*args, **kwargs)
        print(f"{f.__name__} took {time.perf_counter() - start:.2f} s")
        return result
    return inner

@functools.lru_cache(maxsize=None)
@timed
def build_model():
    return keras.Sequential([keras.Input((6912,)), keras.layers.Dense(8), keras.layers.Activation("softmax")])
