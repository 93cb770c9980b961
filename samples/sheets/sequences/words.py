"""Part words: 3 layers, 12,932 parameters.

Build the network that has exactly these layers, in this order:

        layer       output shape   parameters
    1   Embedding   40 x 16             8,000
    2   GRU         32                  4,800
    3   Dense       4                     132

        all parameters              12,932
        trainable                   12,932
        non-trainable                    0

Input:  (40,)
Output: (4,), one probability per class

Check your network with: pytest exercises/sequences/words.py
"""

import keras


def build_model() -> keras.Model:
    """Return the network of the table above."""
    # TODO: build the network and return it, in place of the line below.
    raise NotImplementedError


# Which layer has the most parameters, and what would change with ten times as many words?
ANSWER = ""
