SIZE = int("eight")
