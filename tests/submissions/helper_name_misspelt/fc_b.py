from blocks import dense_blok

def build_model():
    return dense_blok()
