"""Part res_a: 21 layers, 20,298 parameters.

Build the network that has exactly these layers and these connections:

         layer                    output shape   parameters   takes row
     1   InputLayer               32 x 32 x 3             0
     2   Conv2D                   32 x 32 x 16          448   1
     3   BatchNormalization       32 x 32 x 16           64   2
     4   Activation               32 x 32 x 16            0   3
     5   Conv2D                   32 x 32 x 16        2,320   4
     6   BatchNormalization       32 x 32 x 16           64   5
     7   Activation               32 x 32 x 16            0   6
     8   Conv2D                   32 x 32 x 16        2,320   7
     9   BatchNormalization       32 x 32 x 16           64   8
    10   Add                      32 x 32 x 16            0   4,9
    11   Activation               32 x 32 x 16            0   10
    12   Conv2D                   16 x 16 x 32        4,640   11
    13   BatchNormalization       16 x 16 x 32          128   12
    14   Activation               16 x 16 x 32            0   13
    15   Conv2D                   16 x 16 x 32        9,248   14
    16   Conv2D                   16 x 16 x 32          544   11
    17   BatchNormalization       16 x 16 x 32          128   15
    18   Add                      16 x 16 x 32            0   16,17
    19   Activation               16 x 16 x 32            0   18
    20   GlobalAveragePooling2D   32                      0   19
    21   Dense                    10                    330   20
    22   Activation               10                      0   21

         all parameters                           20,298
         trainable                                20,074
         non-trainable                               224

Input:  (32, 32, 3)
Output: (10,), one probability per class

Check your network with: pytest exercises/residual_network/res_a.py
"""

import keras


def build_model() -> keras.Model:
    """Return the network of the table above."""
    # TODO: build the network and return it, in place of the line below.
    raise NotImplementedError


# What does a shortcut bring, and why has the second one a convolution of its own?
ANSWER = ""
