from two import b

def a():
    return b()
