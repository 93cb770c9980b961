"""Part cnn_c: the same with dropout and batch normalization.

Build the network that has exactly these layers, in this order:

         layer               output shape     parameters
     1   Conv2D              48 x 48 x 32            896
     2   BatchNormalization  48 x 48 x 32            128
     3   Activation          48 x 48 x 32              0
     4   Conv2D              48 x 48 x 32          9,248
     5   BatchNormalization  48 x 48 x 32            128
     6   Activation          48 x 48 x 32              0
     7   MaxPooling2D        24 x 24 x 32              0
     8   Dropout             24 x 24 x 32              0
     9   Conv2D              24 x 24 x 64         18,496
    10   BatchNormalization  24 x 24 x 64            256
    11   Activation          24 x 24 x 64              0
    12   Conv2D              24 x 24 x 64         36,928
    13   BatchNormalization  24 x 24 x 64            256
    14   Activation          24 x 24 x 64              0
    15   MaxPooling2D        12 x 12 x 64              0
    16   Dropout             12 x 12 x 64              0
    17   Flatten             9216                      0
    18   Dense               200               1,843,400
    19   BatchNormalization  200                     800
    20   Activation          200                       0
    21   Dropout             200                       0
    22   Dense               8                     1,608
    23   Activation          8                         0

         all parameters                        1,912,144
         trainable                             1,911,360
         non-trainable                               784

Input:  (48, 48, 3), a colour image
Output: (8,), one probability per person

README.md beside this file tells the story and recommends settings that the table does not show.
Check your network with: pytest exercises/faces_cnn/cnn_c.py
"""

import keras


def build_model() -> keras.Model:
    """Return the network of the table above."""
    # TODO: build the network and return it, in place of the line below.
    raise NotImplementedError


# How good is the network with batch normalization? Compare the accuracies and the learning
# curves with those of the network that has dropout alone.
ANSWER = ""
