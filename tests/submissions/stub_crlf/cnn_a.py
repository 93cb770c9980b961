"""Part cnn_a: a convolutional network.  

  

Build the network that has exactly these layers, in this order:  

  

         layer               output shape     parameters  

     1   Conv2D              48 x 48 x 32            896  

     2   Activation          48 x 48 x 32              0  

     3   Conv2D              48 x 48 x 32          9,248  

     4   Activation          48 x 48 x 32              0  

     5   MaxPooling2D        24 x 24 x 32              0  

     6   Conv2D              24 x 24 x 64         18,496  

     7   Activation          24 x 24 x 64              0  

     8   Conv2D              24 x 24 x 64         36,928  

     9   Activation          24 x 24 x 64              0  

    10   MaxPooling2D        12 x 12 x 64              0  

    11   Flatten             9216                      0  

    12   Dense               200               1,843,400  

    13   Activation          200                       0  

    14   Dense               8                     1,608  

    15   Activation          8                         0  

  

         all parameters                        1,910,576  

         trainable                             1,910,576  

         non-trainable                                 0  

  

Input:  (48, 48, 3), a colour image  

Output: (8,), one probability per person  

  

README.md beside this file tells the story and recommends settings that the table does not show.  

Check your network with: pytest exercises/faces_cnn/cnn_a.py  

"""  

  

import keras  

  

  

def build_model() -> keras.Model:  

    """Return the network of the table above."""  

    # TODO: build the network and return it, in place of the line below.  

    raise NotImplementedError  

  

  

# Before you train: do you expect this network to be better than the fully connected ones,  

# and why? Afterwards: how good is it on the training, the validation and the test images?  

ANSWER = ""  

