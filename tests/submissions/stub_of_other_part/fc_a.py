"""Part fc_b: two hidden layers.

Build the network that has exactly these layers, in this order:

         layer               output shape     parameters
     1   Dense               400               2,765,200
     2   Activation          400                       0
     3   Dense               200                  80,200
     4   Activation          200                       0
     5   Dense               8                     1,608
     6   Activation          8                         0

         all parameters                        2,847,008
         trainable                             2,847,008
         non-trainable                                 0

Input:  (6912,), an image of 48 x 48 x 3 laid out flat
Output: (8,), one probability per person

README.md beside this file tells the story and recommends settings that the table does not show.
Check your network with: pytest exercises/faces_fc/fc_b.py
"""

import keras


def build_model() -> keras.Model:
    """Return the network of the table above."""
    # TODO: build the network and return it, in place of the line below.
    raise NotImplementedError


# How good is the network now? Compare its accuracy on the training, the validation and
# the test images: what did the hidden layers bring, and what does the gap tell you?
ANSWER = ""
