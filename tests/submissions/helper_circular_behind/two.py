from one import a

def b():
    return a
