"""Doing: rebuild networks and train them, in worker processes that alone import Keras."""
