"""Summaries as pages, notes and other hands left them are read as Keras printed them."""

from __future__ import annotations

import pytest

from grader.records import Row
from grader.summary import read_summary, told_beside

ROWS = (
    Row("InputLayer", (None, 6), 0, "input_1"),
    Row("Dense", (None, 4), 28, "dense_1", ("input_1[0][0]",)),
    Row("BatchNormalization", (None, 4), 16, "norm", ("dense_1[0][0]",)),
)
RULE = "_" * 60
TABLE = f"""\
{RULE}
Layer (type)            Output Shape    Param #    Connected to
{"=" * 60}
input_1 (InputLayer)    (None, 6)       0
{RULE}
dense_1 (Dense)         (None, 4)       28         input_1[0][0]
{RULE}
norm (BatchNormalizati  (None, 4)       16         dense_1[0][0]
{"=" * 60}
Total params: 44
Trainable params: 36
Non-trainable params: 8
"""
BOX = """\
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━┓
┃ Layer (type)              ┃ Output Shape ┃ Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━┩
│ dense_1 (Dense)           │ (None, 4)    │      28 │  # 6 * 4 weights | 4 biases
└───────────────────────────┴──────────────┴─────────┘
 Total params: 28 (112.00 B)   # and no others
 Trainable params: 28 (112.00 B)
 Non-trainable params: 0 (0.00 B)
"""


@pytest.mark.parametrize(
    "text",
    [
        " ".join(TABLE.split()),
        TABLE.replace("=\ninput", "=input").replace("_\nnorm", "_norm"),
        TABLE.replace(f"{RULE}\n", f"{RULE[:45]}\n{RULE[45:]}\n"),
        TABLE.replace("(", "( "),
        TABLE.replace("BatchNormalizati ", "BatchNorm...)"),
        TABLE.replace("Layer (type)", "Layer (  type)"),
    ],
    ids=["one line", "glued rules", "broken rules", "blanks", "dots", "blanks in the header"],
)
def test_a_table_that_lost_its_lines_is_read(text: str) -> None:
    """Rules part rows where lines do not; a rule that a page broke is one; dots are a cut."""
    assert ROWS == read_summary(text).rows


def test_what_is_noted_behind_a_row_is_passed_over() -> None:
    """Also where a bar stands in it; the row is whole before it."""
    noted = read_summary(BOX.replace(" | 4 biases", ""))

    assert (Row("Dense", (None, 4), 28, "dense_1"),) == noted.rows


def test_old_totals_may_end_a_text() -> None:
    """Keras 1.0 prints one total, without commas; a later one that stands alone was cut off."""
    end = TABLE.index("Total params")
    table = TABLE[:end].replace(" 28 ", " 28000 ").replace("(None, 6)", "(None, 6999)")

    old = read_summary(f"{table}Total params: 28016")

    assert (28016, None) == (old.totals.total, old.totals.trainable)


def test_several_shapes_that_a_column_cut_are_none() -> None:
    """A recurrent layer that gives its states has several, cut within one or between two."""
    for cut in ("[(None, 4), (No", "[(None, 4),", "[(None, 4), (None, 4), (None, 4)]"):
        text = TABLE.replace("dense_1 (Dense)         (None, 4) ", f"dense_1 (Dense)         {cut}")
        text = text.replace("norm (BatchNormalizati", "norm (BatchNormalizatio")

        assert read_summary(text).rows[1].shape is None


MASKED = """\
┏━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┓
┃ Layer (type)          ┃ Output Shape  ┃ Param # ┃ Connected to       ┃
┡━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━┩
│ words (InputLayer)    │ (None, 9)     │       0 │ -                  │
├───────────────────────┼───────────────┼─────────┼────────────────────┤
│ embedding (Embedding) │ (None, 9, 2)  │      20 │ words[0][0]        │
├───────────────────────┼───────────────┼─────────┼────────────────────┤
│ not_equal (NotEqual)  │ (None, 9)     │       0 │ words[0][0]        │
├───────────────────────┼───────────────┼─────────┼────────────────────┤
│ any (Any)             │ (None, 9)     │       0 │ not_equal[0][0]    │
├───────────────────────┼───────────────┼─────────┼────────────────────┤
│ lstm (LSTM)           │ (None, 4)     │     112 │ embedding[0][0],   │
│                       │               │         │ any[0][0]          │
└───────────────────────┴───────────────┴─────────┴────────────────────┘
 Total params: 132 (528.00 B)
 Trainable params: 132 (528.00 B)
 Non-trainable params: 0 (0.00 B)
"""


def test_masks_have_no_rows() -> None:
    """What Keras inserts behind an Embedding(mask_zero=True) is left out, and told beside."""
    rows = read_summary(MASKED).rows

    assert ["InputLayer", "Embedding", "LSTM"] == [row.layer for row in rows]
    assert ("embedding[0][0]",) == rows[-1].connections
    assert {"embedding"} == told_beside(MASKED).masking


def test_a_comparison_that_is_no_mask_keeps_its_row() -> None:
    """Without a layer that begins with the same values nothing is left out."""
    text = MASKED.replace("│ embedding (Embedding) │", "│ conv1d_1 (Projection) │")
    text = text.replace("embedding[0][0],", "conv1d_1[0][0], ")

    rows = read_summary(text).rows

    assert "NotEqual" in [row.layer for row in rows]
    assert not told_beside(text).masking
