"""Part waves: 3 layers, 7,979 parameters.

Build the network that has exactly these layers, in this order:

        layer           output shape   parameters
    1   Bidirectional   40 x 32             2,432
    2   LSTM            24                  5,472
    3   Dense           3                      75

        all parameters                   7,979
        trainable                        7,979
        non-trainable                        0

Input:  (40, 2)
Output: (3,), one probability per class

Check your network with: pytest exercises/sequences/waves.py
"""

import keras


def build_model() -> keras.Model:
    """Return the network of the table above."""
    # TODO: build the network and return it, in place of the line below.
    raise NotImplementedError


# Why do both layers read the whole sequence, and only the first give all of its steps?
ANSWER = ""
