"""What is described of networks that `build_model` returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Describe = Callable[[str], dict[str, Any]]

SPELLINGS = {
    "sequential list": """
return keras.Sequential([layers.Input((6, 6, 3)), layers.Flatten(), layers.Dense(2)])""",
    "sequential add": """
model = keras.models.Sequential()
model.add(layers.Input(shape=(6, 6, 3)))
model.add(layers.Flatten())
model.add(layers.Dense(2))
return model""",
    "input_shape argument": """
return keras.Sequential([layers.Flatten(input_shape=(6, 6, 3)), layers.Dense(2)])""",
    "tf.keras": """
return tf.keras.Sequential([tf.keras.layers.Input((6, 6, 3)), tf.keras.layers.Flatten(),
                            tf.keras.layers.Dense(2)])""",
    "from tensorflow": """
from tensorflow import keras as k
from tensorflow.keras.layers import Dense, Flatten, Input
return k.Sequential([Input((6, 6, 3)), Flatten(), Dense(2)])""",
    "functional": """
inputs = keras.Input((6, 6, 3))
return keras.Model(inputs, layers.Dense(2)(layers.Flatten()(inputs)))""",
    "no input shape": """
return keras.Sequential([layers.Flatten(), layers.Dense(2)])""",
    "subclass of Sequential": """
class Mine(keras.Sequential):
    def __init__(self):
        super().__init__([layers.Flatten(), layers.Dense(2)])
return Mine()""",
    "subclass of a functional model": """
class Mine(keras.Model):
    def __init__(self):
        inputs = keras.Input((6, 6, 3))
        super().__init__(inputs, layers.Dense(2)(layers.Flatten()(inputs)))
return Mine()""",
}


def classes(network: dict[str, Any]) -> list[str]:
    """The layers' classes, in order."""
    return [layer["class"] for layer in network["layers"]]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_gives_the_same_layers_and_nodes(
    describe_body: Describe, spelling: str
) -> None:
    """Sequential, functional, tf.keras or a harmless subclass: layers and nodes are the same."""
    network = describe_body(SPELLINGS[spelling])["model"]

    assert classes(network) == ["InputLayer", "Flatten", "Dense"]
    assert network["layers"][0]["config"]["batch_shape"] == [None, 6, 6, 3]
    assert network["layers"][2]["config"]["units"] == 2
    assert network["nodes"] == [
        {"layer": 0, "inputs": [], "settings": {}},
        {"layer": 1, "inputs": [[0, 0]], "settings": {}},
        {"layer": 2, "inputs": [[1, 0]], "settings": {}},
    ]
    assert (network["inputs"], network["outputs"]) == ([0], [[2, 0]])


@pytest.mark.parametrize(
    ("body", "batch"),
    [
        ("model = keras.Sequential([layers.Dense(2)])\nmodel(tf.ones((4, 3)))", None),
        ("model = keras.Sequential([layers.Dense(2)])\nmodel.build((4, 3))", 4),
        ("model = keras.Sequential([layers.Input((3,), batch_size=4), layers.Dense(2)])", 4),
    ],
)
def test_a_batch_size_is_told_where_it_was_chosen(
    describe_body: Describe, body: str, batch: int | None
) -> None:
    """The size of a batch that the model was called with is none that was asked for."""
    network = describe_body(f"{body}\nreturn model")["model"]

    assert network["layers"][0]["config"]["batch_shape"] == [batch, 3]


@pytest.mark.parametrize(
    ("spelling", "notes"),
    [
        ("sequential list", []),
        ("no input shape", ["built-with-part-shape"]),
        ("subclass of Sequential", ["subclass", "built-with-part-shape"]),
        ("subclass of a functional model", ["subclass"]),
    ],
)
def test_notes_say_what_was_done_to_read_the_network(
    describe_body: Describe, spelling: str, notes: list[str]
) -> None:
    """A part's input shape put in, and a subclass read as its base, are noted."""
    document = describe_body(SPELLINGS[spelling])

    assert document["notes"] == notes


@pytest.mark.parametrize(
    ("activation", "expected"),
    [
        ("'relu'", "relu"),
        ("None", "linear"),
        ("'swish'", "silu"),
        ("keras.activations.softmax", "softmax"),
        ("keras.ops.relu", "relu"),
        ("tf.nn.relu", "relu"),
        ("tf.nn.softmax", "softmax"),
        ("tf.nn.swish", "silu"),
        ("tf.keras.activations.tanh", "tanh"),
    ],
)
def test_an_activation_bears_keras_name(
    describe_body: Describe, activation: str, expected: str
) -> None:
    """Functions of Keras and of TensorFlow are told by Keras' name."""
    document = describe_body(
        f"return keras.Sequential([layers.Input((3,)), layers.Dense(2, activation={activation})])"
    )

    assert document["model"]["layers"][1]["config"]["activation"] == expected


def test_an_own_function_with_a_known_name_is_own(describe_body: Describe) -> None:
    """A student's function called `relu` is not taken for Keras' relu."""
    document = describe_body(
        "def relu(x):\n    return -x\n"
        "return keras.Sequential([layers.Input((3,)), layers.Dense(2, activation=relu)])"
    )

    own = {"class": "function", "origin": "own", "config": {"name": "relu"}}
    assert document["model"]["layers"][1]["config"]["activation"] == own


def test_objects_in_settings_have_class_origin_and_settings(describe_body: Describe) -> None:
    """Initializers, regularizers and wrapped layers are objects; NaN is text."""
    document = describe_body(
        "wrapped = layers.Dense(2, activation=tf.nn.softmax,\n"
        "    kernel_initializer=keras.initializers.Constant(float('nan')),\n"
        "    kernel_regularizer='l2')\n"
        "return keras.Sequential([layers.Input((4, 3)), layers.TimeDistributed(wrapped)])"
    )

    dense = document["model"]["layers"][1]["config"]["layer"]
    assert (dense["class"], dense["origin"]) == ("Dense", "keras")
    assert dense["config"]["activation"] == "softmax"
    assert dense["config"]["kernel_initializer"] == {
        "class": "Constant",
        "origin": "keras",
        "config": {"value": "nan"},
    }
    assert dense["config"]["kernel_regularizer"]["config"] == {"l2": 0.01}


def test_a_graph_is_told_by_nodes(describe_body: Describe) -> None:
    """Two inputs, a layer used twice, an operation, a call setting, a nested model, two outputs."""
    network = describe_body("""
a, b = keras.Input((4,)), keras.Input((4,))
relu = layers.Activation("relu")
x = relu(a)
y = layers.Add()([relu(x), b])
y = layers.Dropout(0.3)(y / 255.0, training=True)
y = keras.Sequential([layers.Dense(2)])(y)
return keras.Model([b, a], [y, x])""")["model"]

    nodes = [
        (network["layers"][n["layer"]]["class"], n["inputs"], n["settings"])
        for n in network["nodes"]
    ]
    first, second = network["inputs"]
    add = next(index for index, node in enumerate(nodes) if node[0] == "Add")
    assert nodes[first] == nodes[second] == ("InputLayer", [], {})
    assert sum(name == "Activation" for name in classes(network)) == 1
    relus = [index for index, node in enumerate(nodes) if node[0] == "Activation"]
    assert nodes[relus[0]][1] == [[second, 0]]
    assert nodes[relus[1]][1] == [[relus[0], 0]]
    assert nodes[add][1] == [[relus[1], 0], [first, 0]]
    assert nodes[add + 1 :] == [
        ("TrueDivide", [[add, 0]], {"args": [None, 255.0]}),
        ("Dropout", [[add + 1, 0]], {"training": True}),
        ("Sequential", [[add + 2, 0]], {}),
    ]
    assert network["outputs"] == [[add + 3, 0], [relus[0], 0]]
    assert classes(network["layers"][-1]["network"]) == ["InputLayer", "Dense"]
    kinds = {layer["class"]: layer["kind"] for layer in network["layers"]}
    assert kinds["TrueDivide"] == "operation"
    assert kinds["Sequential"] == "network"


def test_a_frozen_layer_is_told(describe_body: Describe) -> None:
    """`trainable` is the layer's own."""
    network = describe_body(
        "return keras.Sequential([layers.Input((3,)), layers.Dense(2, trainable=False)])"
    )["model"]

    assert [layer["trainable"] for layer in network["layers"]] == [True, False]


def test_compile_settings_are_told(describe_body: Describe) -> None:
    """Optimizer and loss as objects, the learning rate as it was given."""
    document = describe_body("""
model = keras.Sequential([layers.Input((3,)), layers.Dense(2)])
model.compile("adam", "categorical_crossentropy", ["accuracy"])
return model""")

    optimizer = document["compile"]["optimizer"]
    assert (optimizer["class"], optimizer["origin"]) == ("Adam", "keras")
    assert optimizer["config"]["learning_rate"] == 0.001
    assert document["compile"]["loss"] == {
        "class": "function",
        "origin": "keras",
        "config": {"name": "categorical_crossentropy"},
    }


def test_own_optimizers_and_losses_are_told_as_own(describe_body: Describe) -> None:
    """Classes and functions of the student's in `compile` are named and noted, not refused."""
    document = describe_body("""
class Mine(keras.optimizers.SGD):
    pass
def loss(truth, guess):
    return guess
model = keras.Sequential([layers.Input((3,)), layers.Dense(2)])
model.compile(Mine(), loss)
return model""")

    assert document["notes"] == ["own-optimizer", "own-loss"]
    assert document["compile"]["optimizer"]["class"] == "Mine"
    assert document["compile"]["loss"]["config"] == {"name": "loss"}


def test_a_model_that_was_not_compiled_has_no_compile_settings(describe_body: Describe) -> None:
    """`compile` is null without a call of compile."""
    document = describe_body(SPELLINGS["sequential list"])

    assert document["compile"] is None
    assert document["status"] == "model"


def test_weights_of_training_do_not_matter(describe_body: Describe) -> None:
    """A model that was trained, asked and printed before is described all the same."""
    document = describe_body("""
import numpy as np
model = keras.Sequential([layers.Input((3,)), layers.Dense(2)])
model.compile("sgd", "mse")
model.fit(np.ones((8, 3)), np.ones((8, 2)), verbose=0)
model.summary()
return model""")

    assert classes(document["model"]) == ["InputLayer", "Dense"]
