from helper import net

def build_model():
    return net()
