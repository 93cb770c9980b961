build_model = None
