"""Part fc_a: one dense layer.

Build the network that has exactly these layers, in this order:

         layer               output shape     parameters
     1   Dense               8                    55,304
     2   Activation          8                         0

         all parameters                           55,304
         trainable                                55,304
         non-trainable                                 0

Input:  (6912,), an image of 48 x 48 x 3 laid out flat
Output: (8,), one probability per person

README.md beside this file tells the story and recommends settings that the table does not show.
Check your network with: pytest exercises/faces_fc/fc_a.py
"""

import keras


def build_model() -> keras.Model:
    """Return the network of the table above."""
    # TODO: build the network and return it, in place of the line below.
    raise NotImplementedError


# How good is a network without any hidden layer? Compare its accuracy on the training,
# the validation and the test images, and with what guessing would give.
ANSWER = ""
