"""Printed summaries: what is read, and what is refused with line, text and expectation."""

from __future__ import annotations

import time

import pytest

from grader.errors import SummaryError
from grader.records import Row, Summary, Totals
from grader.summary import read_summary

# A convolution of 3 x 3 x 3 weights and a bias: 28 x 32 = 896; 4 x 32 = 128 for the normalization.
COLLAPSED = """\
________________________________________
Layer (type) Output Shape Param # Connected to
========================================
convolution2d_1 (Convolution2D) (None, 48, 48, 32) 896 convolution2d_input_1[0][0]
________________________________________
batchnormalization_1 (BatchNorma (None, 48, 48, 32) 128 convolution2d_1[0][0]
========================================
Total params: 1,024
Trainable params: 960
Non-trainable params: 64
________________________________________
"""
IN_COLUMNS = """\
____________________________________________________________________________________________________
Layer (type)                     Output Shape          Param #     Connected to                     
====================================================================================================
convolution2d_1 (Convolution2D)  (None, 48, 48, 32)    896         convolution2d_input_1[0][0]      
____________________________________________________________________________________________________
batchnormalization_1 (BatchNorma (None, 48, 48, 32)    128         convolution2d_1[0][0]            
====================================================================================================
Total params: 1,024
Trainable params: 960
Non-trainable params: 64
____________________________________________________________________________________________________
"""  # noqa: W291 - the columns are filled with blanks
TWO_INPUTS = """\
____________________________________________________________________________________________________
Layer (type)                     Output Shape          Param #     Connected to
====================================================================================================
input_1 (InputLayer)             (None, 3)             0
____________________________________________________________________________________________________
input_2 (InputLayer)             (None, 5)             0
____________________________________________________________________________________________________
merge_1 (Merge)                  (None, 8)             0           input_1[0][0]
                                                                   input_2[0][0]
====================================================================================================
Total params: 0
Trainable params: 0
Non-trainable params: 0
____________________________________________________________________________________________________
"""


@pytest.mark.parametrize("text", [COLLAPSED, IN_COLUMNS, COLLAPSED.replace("\n", "\r\n")])
def test_rows_and_totals_are_read_with_and_without_columns(text: str) -> None:
    """Collapsed blanks, columns and Windows line ends all give the same rows and totals."""
    shape, above = (None, 48, 48, 32), "convolution2d_1[0][0]"
    expected = Summary(
        (
            Row("Conv2D", shape, 896, "convolution2d_1", ("convolution2d_input_1[0][0]",)),
            Row("BatchNormalization", shape, 128, "batchnormalization_1", (above,)),
        ),
        Totals(1024, 960, 64),
    )

    assert expected == read_summary(text)


def test_further_connections_stand_on_lines_of_their_own() -> None:
    """A layer with two inputs has the second one on the line below; an InputLayer has none."""
    expected = [(), (), ("input_1[0][0]", "input_2[0][0]")]

    rows = read_summary(TWO_INPUTS).rows

    assert expected == [row.connections for row in rows]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("maxpooling2d_1 (MaxPooling2D)", "MaxPooling2D"),
        ("convolution1d_1 (Convolution1D)", "Conv1D"),
        ("deconvolution2d_1 (Deconvolution", "Conv2DTranspose"),
        ("globalaveragepooling2d_1 (Global", "GlobalAveragePooling2D"),
        ("global_average_pooling2d (Gl", "GlobalAveragePooling2D"),
        ("convolution2d_1 (Convolution2", "Conv2D"),
        ("after_the_convolutions (Flat", "Flatten"),
    ],
)
def test_class_names_are_resolved(printed: str, expected: str) -> None:
    """Old names become today's; cut ones are completed, if need be by the layer's own name."""
    text = COLLAPSED.replace("batchnormalization_1 (BatchNorma", printed)
    # Only the class is to be read: shapes say nothing here.
    text = text.replace("convolution2d_1 (Convolution2D) (None, 48, 48, 32)", "first (Lambda) ?")
    text = text.replace(" convolution2d_1[0][0]", " first[0][0]")

    assert expected == read_summary(text).rows[1].layer


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("48, 32) 128", "48, 32 128", "line 6, column 34: found '(None, 48, 48, 32', expected the"),
        ("48, 32) 128", "48, 3x) 128", "expected an output shape such as (None, 48, 48, 32)"),
        ("48, 32) 128", "48, 32) twelve", "expected a row of the form: name (Class) (None, 48, 48"),
        (
            "48, 32) 128",
            "48, 32) " + "1" * 5000,
            f"found '{'1' * 160}' and 4840 more characters, e",
        ),
        ("(None, 48, 48, 32) 128", "(None, 48, 48, 0) 128", "an output shape such as (None, 48, "),
        (
            "(None, 48, 48, 32) 128",
            "(None, 48, 48, 3) 128",
            "expected the shape that the layer is gi",
        ),
        (" convolution2d_1[0][0]", "", "expected behind the parameter count what the layer is"),
        (" convolution2d_1[0][0]", " dense_1[0][0]", "'dense_1' has no row"),
        (" convolution2d_1[0][0]", " dense_1", "expected a connection such as dense_1[0][0]"),
        ("batchnormalization_1 ", "convolution2d_1 ", "line 4 has 'convolution2d_1' too"),
        ("(Convolution2D)", "(Convolutoin2D)", "close to it: Convolution2D or "),
        (
            "(Convolution2D)",
            "(Convo!)",
            "expected a class name such as Dense between the parenthes",
        ),
        ("batchnormalization_1 (BatchNorma", "n (Gaussi", "be GaussianDropout or GaussianNoise"),
        ("batchnormalization_1 (BatchNorma", "n (MyLay", "which was cut and is none of Keras' own"),
        ("batchnormalization_1 (BatchNorma", "n", "expected a layer's name and its class, such as"),
        ("32) 896", "32) 897", "expected the sum of the rows, 1,025: a row is missing, or"),
        ("params: 960", "params: 961", "expected 961 trainable + 64 non-trainable = 1,025."),
        (
            "Trainable params: 960\n",
            "",
            "line 9, column 1: found 'Non-trainable params: 64', expect",
        ),
        ("params: 960", "params: 96,0", "expected a parameter count such as 9248 or 9,248"),
        (
            "Layer (type)",
            "Layer",
            "line 2, column 1: found 'Layer Output Shape Param # Connected to'",
        ),
        ("Layer (type)", "Network", "expected a summary that Keras printed, from the header line"),
        ("_" * 40 + "\nbatch", ("_" * 40 + "\n") * 2 + "batch", "a row above and below every rule"),
        (
            "64\n",
            "64\n" + COLLAPSED,
            "expected one summary; keep one of them, or put each in a file",
        ),
    ],
)
def test_a_line_that_is_not_understood_is_named(old: str, new: str, message: str) -> None:
    """The error gives the line's number, its text and what was expected there."""
    assert old in COLLAPSED

    with pytest.raises(SummaryError) as caught:
        read_summary(COLLAPSED.replace(old, new, 1))

    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: the text is empty, expected a summary that Keras printed"),
        ('\nModel: "sequential"\n', "line 2, column 1: found 'Model: \"sequential\"', expe"),
        (COLLAPSED[:150], "the text ends after 'convolution2d_1 "),
        (COLLAPSED[: COLLAPSED.index("Trainable")], "expected 'Trainable params:' and a count."),
    ],
)
def test_a_text_that_is_no_whole_summary_is_refused(text: str, message: str) -> None:
    """An empty text, another format and a summary that stops early are told apart."""
    with pytest.raises(SummaryError) as caught:
        read_summary(text)

    assert message in str(caught.value)


def test_long_tables_are_read_in_linear_time() -> None:
    """Four megabytes of rows, each with a connection that its column cut off, take seconds."""
    num_rows = 20_000
    row = "dense_{0:027} (Embedding) (None, 8) 1 dense_{0:027}"
    rows = ("\n" + "_" * 40 + "\n").join(row.format(number) for number in range(num_rows))
    header = "Layer (type) Output Shape Param # Connected to\n" + "=" * 40
    totals = f"Total params: {num_rows}\nTrainable params: {num_rows}\nNon-trainable params: 0"
    started = time.process_time()

    summary = read_summary(f"{header}\n{rows}\n{'=' * 40}\n{totals}\n")

    assert num_rows == len(summary.rows)
    assert time.process_time() - started < 5
