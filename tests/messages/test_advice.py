"""Advice on files that gave no network: it fits what Python said, or only shows the place."""

from __future__ import annotations

import pytest

from grader.messages import fault_hint, fault_message
from grader.records import Fault, Outcome, Rule

IN_CELLS = {
    "NameError: name 'keras' is not defined": "`import keras` in this cell, below its first line",
    "NameError: name 'head' is not defined": "Is head written in another cell?",
    "NameError: name 'check' is not defined": "Write check(...) into a cell of its own",
    "NameError: name 'display' is not defined": "display is there in notebooks only",
}
SYNTAX = {
    "<<<<<<< HEAD": "merge of two versions",
    ">>> import keras": "prompts were copied",
    "In [3]: import keras": "prompts were copied",
    "%matplotlib inline": "meant for a notebook",
    "!pip install keras": "meant for a notebook",
    "pip install keras": "meant for a notebook",
    "my-model = keras.Sequential()": "- is a minus",
    "x = 3 5": "look at the line",
}
SENTENCES = {
    "SyntaxError: expected ':'": "colon is missing",
    "SyntaxError: invalid character '\u201c' (U+201C)": "quotes",
    "SyntaxError: invalid non-printable character U+00A0": "type that line again",
    "TabError: inconsistent use of tabs and spaces in indentation": "tabs",
    "IndentationError: unexpected indent": "same number of blanks",
    "SyntaxError: '(' was never closed": "bracket",
}
RAISED = {
    "NameError: name 'Conv2d' is not defined": "Is Conv2D meant? Upper and lower case count.",
    "NameError: name 'Flatten' is not defined": "from keras.layers import Flatten",
    "NameError: name 'keras' is not defined": "import keras",
    "NameError: name 'model' is not defined": "Nothing is called model",
    "NameError: name 'X_train' is not defined": "the grader has the data",
    "NameError: name 'true' is not defined": "True",
    "NameError: name 'get_ipython' is not defined": "leave out the line",
    "AttributeError: 'NoneType' object has no attribute 'add'": "model.add(...)",
    "AttributeError: 'Sequential' object has no attribute 'Flatten'": "model.add(",
    "AttributeError: module 'keras.layers' has no attribute 'MaxPooling2d'": "MaxPooling2D",
    "ValueError: Could not interpret activation function identifier: sofmax": "'softmax'",
    "TypeError: Dense.__init__() missing 1 required positional argument: 'units'": "units=...",
    "ValueError: Unrecognized keyword arguments passed to Dense: {'activatoin': 'relu'}": (
        "Is activation meant?"
    ),
    "ValueError: Cannot convert '6912' to a shape.": "(6912,)",
    "ValueError: Computed output size would be zero or negative.": "leave data_format=",
    "ValueError: something that nobody knows": "Look at line 7",
}
IMPORTS = {
    "ModuleNotFoundError: No module named 'torch'": "torch is not there",
    "ModuleNotFoundError: No module named 'keras.layer'": "Is keras.layers meant?",
    "ModuleNotFoundError: No module named 'kears'": "Is keras meant?",
    "ImportError: cannot import name 'Activaton' from 'keras.layers' (keras/layers.py)": (
        "Is Activation meant?"
    ),
    "ImportError: cannot import name 'blok' from 'tools' (tools.py)": "tools.py has no blok",
    "ImportError: attempted relative import with no known parent package": "without the dot",
}


def hint(rule: Rule, sentence: str, **details: str | int) -> str:
    """The advice on a file that raised this in line 7."""
    values = {"line": 7, "sentence": sentence, **details}
    return fault_hint(Fault(Outcome.ERROR, rule, values))


@pytest.mark.parametrize(("line", "words"), SYNTAX.items())
def test_a_line_that_is_no_python_is_recognised(line: str, words: str) -> None:
    """What was pasted along is named, whatever Python says of it."""
    traceback = f'  File "fc_a.py", line 7\n    {line}\n    ^\n'

    assert words in hint(Rule.SYNTAX_ERROR, "SyntaxError: invalid syntax", traceback=traceback)


@pytest.mark.parametrize(("sentence", "words"), SENTENCES.items())
def test_a_sentence_of_pythons_on_syntax_is_explained(sentence: str, words: str) -> None:
    """The advice says what to change."""
    assert words in hint(Rule.SYNTAX_ERROR, sentence)


@pytest.mark.parametrize(("sentence", "words"), RAISED.items())
def test_a_known_exception_is_explained_and_others_only_placed(sentence: str, words: str) -> None:
    """Advice is given where the mistake is known, else the line."""
    assert words in hint(Rule.EXCEPTION, sentence)


@pytest.mark.parametrize(("sentence", "words"), IN_CELLS.items())
@pytest.mark.parametrize("cell", ["8 faces.ipynb, cell 12", "cell [3]"])
def test_a_name_of_another_cell_is_explained(cell: str, sentence: str, words: str) -> None:
    """The cell is described without the rest of its notebook, and its first line has to stay."""
    traceback = f'  File "{cell}", line 7, in build_model\n    return head(8)\n'

    assert words in hint(Rule.EXCEPTION, sentence, traceback=traceback)


@pytest.mark.parametrize(("sentence", "words"), IMPORTS.items())
def test_a_failed_import_is_explained(sentence: str, words: str) -> None:
    """Missing modules, missing names and like names are told apart."""
    assert words in hint(Rule.IMPORT_ERROR, sentence)


def test_files_that_import_each_other_are_both_named() -> None:
    """Python says only that a name cannot be imported."""
    said = "ImportError: cannot import name 'UNITS' from 'fc_a' (fc_a.py)"
    traceback = '  File "fc_a.py", line 1, in <module>\n  File "blocks.py", line 1, in <module>\n'

    advice = hint(Rule.IMPORT_ERROR, said, traceback=traceback)

    assert advice.startswith("blocks.py imports fc_a.py while fc_a.py is still waiting")


def test_a_stub_left_below_is_no_empty_file() -> None:
    """The network above it does not count, which is said with what to delete."""
    fault = Fault(Outcome.NOT_ATTEMPTED, Rule.NO_BUILD_MODEL, {"twice": 1})

    assert "defined more than once in fc_a.py" in fault_message(fault, "fc_a.py")
    assert "delete it" in fault_hint(fault)


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        ("changed", "changes parts of Python or Keras"),
        ("too-large", "far larger than a network of the sheets"),
        ("made up by a reply", "does not have the form"),
    ],
)
def test_a_network_that_cannot_be_read_is_told_why(refused: str, words: str) -> None:
    """The code is put into words, what was found stands behind them."""
    fault = Fault(Outcome.ERROR, Rule.NOT_A_MODEL, {"refused": refused, "found": "3 of 2"})

    message = fault_message(fault, "fc_a.py")

    assert words in message
    assert message.endswith("(3 of 2).")
