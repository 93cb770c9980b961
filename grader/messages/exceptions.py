"""Telling: what to try when a file raised an exception; only for sentences that are known.

Python's own sentence stands above the advice and says what happened; the advice adds what a
beginner needs to act on it. What is likely and not certain is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from grader.architecture.functions import ACTIVATION_CLASSES, ACTIVATIONS
from grader.architecture.layers import LAYERS
from grader.messages.syntax import source_line
from grader.messages.words import meant, near
from grader.records import Details

_LAYER_CLASSES = ACTIVATION_CLASSES | frozenset(LAYERS)
_IMPORTS = {
    "keras": "import keras",
    "layers": "from keras import layers",
    "models": "from keras import models",
    "Sequential": "from keras import Sequential",
    "Model": "from keras import Model",
    "Input": "from keras import Input",
    "np": "import numpy as np",
    "tf": "import tensorflow as tf",
}
_CONSTANTS = {"true": "True", "false": "False", "none": "None", "null": "None"}
_SETTINGS = (
    *("units", "filters", "kernel_size", "strides", "padding", "pool_size", "rate", "shape"),
    *("activation", "use_bias", "kernel_initializer", "input_shape", "data_format", "axis"),
)
_DATA = re.compile(r"(?i)(x|y|images|labels|data|train|valid|test)(_\w+)?")
# As sources out of notebooks are called: "8 faces.ipynb, cell 3", and "cell [3]" in a running one.
_OF_A_CELL = re.compile(r'  File "(?:[^"\n]*, )?cell (?:\d+|\[\d+\])", line')
_OF_NOTEBOOKS = ("get_ipython", "display")
_OF_THE_GRADER = ("check", "compare")
_GRADER_TRAINS = (
    "build_model() only builds the network; the grader has the data and trains it. Take out what "
    "loads data or trains."
)


def exception_advice(details: Details) -> str:
    """What fits Python's sentence, else which line to look at."""
    said = str(details.get("sentence", ""))
    if "needs_arguments" in details:
        return (
            "build_model() is called without arguments: give its parameters "
            f"({details['needs_arguments']}) default values, or leave them out."
        )
    for pattern, advice in _KNOWN:
        found = re.search(pattern, said)
        if found:
            known = advice if isinstance(advice, str) else advice(found, details)
            return known or _look(details)
    return _look(details)


def _look(details: Details) -> str:
    line = details.get("line")
    place = f"line {line} of {details['file']}" if "file" in details else f"line {line}"
    return f"Look at {place}: Python's sentence says what could not be done there." if line else ""


def near_layer(name: str) -> str:
    """The layer class of Keras' with such a name, "" for none."""
    return near(name, {*_LAYER_CLASSES, "Input", "Sequential", "Model"})


def _undefined(found: re.Match[str], details: Details) -> str:
    name = found[1]
    if '"cell_type"' in source_line(details):
        return (
            "This file holds a notebook under the name of a .py file: hand it in as .ipynb, with "
            "a line like `# part: fc_a` at the top of the part's cell."
        )
    if name in _CONSTANTS:
        return f"Python writes it {_CONSTANTS[name]}."
    is_in_cell = _OF_A_CELL.search(str(details.get("traceback", ""))) is not None
    if name in _IMPORTS or name in _LAYER_CLASSES:
        line = _IMPORTS.get(name, f"from keras.layers import {name}")
        # Above its first line the cell would lose its mark.
        place = "in this cell, below its first line" if is_in_cell else "at the top of the file"
        return f"It has to be imported: write `{line}` {place}."
    if name in _OF_NOTEBOOKS:
        return f"{name} is there in notebooks only: leave out the line that needs it."
    if _DATA.fullmatch(name):
        return _GRADER_TRAINS
    # `model` is a variable that was forgotten, and no misspelt Model.
    known = near(name, {*_LAYER_CLASSES, "Input", "Sequential"})
    return meant(name, known) if known else _unknown(name, is_in_cell=is_in_cell)


def _unknown(name: str, *, is_in_cell: bool) -> str:
    if not is_in_cell:
        return f"Nothing is called {name} at that point: is it spelt the same everywhere?"
    if name in _OF_THE_GRADER:
        return f"Write {name}(...) into a cell of its own: this one is read without the others."
    return (
        f"Is {name} written in another cell? Write it in this one: only this cell counts, after "
        "those that begin with `# part: all`. Else see whether it is spelt the same everywhere."
    )


def _no_attribute(found: re.Match[str], _details: Details) -> str:
    owner, name = found[1], found[2]
    if owner == "'NoneType' object":
        return (
            "The name in front of the point holds None. Was it set by `model = model.add(...)`? "
            "add() gives nothing back: write `model.add(...)` alone on the line."
        )
    layer = near_layer(name)
    if owner == "'Sequential' object" and layer:
        return f"Layers are added by `model.add(keras.layers.{layer}(...))`."
    if layer:
        return meant(name, layer)
    if "keras" in owner:
        return f"Keras 3 has no {name} there: look it up in its documentation."
    return ""


def _activation(found: re.Match[str], _details: Details) -> str:
    known = near(found[1], ACTIVATIONS)
    return meant(f"'{found[1]}'", f"'{known}'") if known else ""


def _missing_argument(found: re.Match[str], _details: Details) -> str:
    name, argument = found[1], found[2]
    if argument == "layer":
        return "Brackets are missing where the network is made: `model = keras.Sequential()`."
    if name in _LAYER_CLASSES:
        return f"{name} needs {argument}: write `keras.layers.{name}({argument}=...)`."
    return ""


def _no_setting(found: re.Match[str], _details: Details) -> str:
    name = found[2]
    known = near(name, _SETTINGS)
    if known and known != name:
        return meant(name, known)
    return f"{found[1]} has no setting called {name}: leave it out, or look up how it is called."


_NOT_CALLED = (
    "In the functional style each layer is called on what comes before it: "
    "`x = keras.layers.Flatten()(x)`."
)
_KNOWN: tuple[tuple[str, str | Callable[[re.Match[str], Details], str]], ...] = (
    (r"^NameError: name '(\w+)' is not defined", _undefined),
    (r"^AttributeError: (.*) has no attribute '(\w+)'", _no_attribute),
    (r"Could not interpret activation function identifier: ([\w ]+)", _activation),
    (r"(\w+)\.\w+\(\) missing \d+ required positional arguments?: '(\w+)'", _missing_argument),
    (r"Unrecognized keyword arguments passed to (\w+): \{'(\w+)'", _no_setting),
    (
        r"Cannot convert '(\d+)' to a shape",
        lambda found, _: f"A shape is a tuple, also of one size: write ({found[1]},) with comma.",
    ),
    (
        r"Only instances of `keras.Layer` can be added.*<class '[\w.]*\.(\w+)'> \(of type <class",
        lambda found, _: f"Brackets are missing behind the layer's name: {found[1]}().",
    ),
    (
        r"Only instances of `keras.Layer` can be added.*of type <class '(list|tuple)'>",
        "keras.Sequential takes one list of layers, without a list inside it.",
    ),
    (r"Only input tensors may be passed as positional arguments", _NOT_CALLED),
    (
        r"is not connected to `inputs`",
        (
            "keras.Model needs the very keras.Input that the first layer was called on: keep it "
            "under a name of its own, `inputs`, say."
        ),
    ),
    (
        r"`noise_shape`.*noise_shape=\d+$",
        "Is the second number part of the rate? Python writes it with a point: Dropout(0.3).",
    ),
    (
        r"Argument `name` must be a string.*name=<",
        "keras.Sequential takes one list: keras.Sequential([...]).",
    ),
    (
        r"(zero or negative|Negative dimension size)",
        (
            "The image has become smaller than the kernel or pool: the layers before it cut it "
            "down further than those of the table. Compare padding, strides and pool sizes; and "
            "leave data_format='channels_first' out, with which the channels are cut down, too."
        ),
    ),
    (
        r"(expected min_ndim=4, found ndim=2)",
        (
            "A convolution or pool needs an image, and a flat row of numbers comes in: does a "
            "Flatten or a Dense stand too early?"
        ),
    ),
    (
        r"Kernel shape must have the same length as input",
        "The layer does not fit the number of axes that comes in. Images go through Conv2D.",
    ),
    (
        r"expected axis -1 of input shape to have value \d+, but received input",
        "Is one layer used in two places? Make a layer of its own for each row of the table.",
    ),
    (r"^FileNotFoundError", _GRADER_TRAINS),
    (r"^EOFError", "Nobody can answer input() while the file is graded: take it out."),
    (r"^RecursionError", "A function calls itself again and again: does it have to?"),
)
