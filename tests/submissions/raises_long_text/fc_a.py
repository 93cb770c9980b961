def build_model():
    raise ValueError("long " * 1_000_000)
