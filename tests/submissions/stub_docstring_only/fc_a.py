def build_model():
    """Return the network of the table above."""
