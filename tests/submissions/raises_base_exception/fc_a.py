class Secret(BaseException):
    def __str__(self):
        raise RuntimeError("no")
    __repr__ = __str__

def build_model():
    raise Secret()
