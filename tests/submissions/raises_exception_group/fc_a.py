def build_model():
    try:
        int("x")
    except ValueError as e:
        raise ExceptionGroup("several", [e, TypeError("y")]) from e
