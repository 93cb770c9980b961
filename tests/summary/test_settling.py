"""Classes and counts that a column cut: settled by other rows where one is left, else asked for."""

from __future__ import annotations

import pytest

from grader.errors import SummaryError
from grader.summary import read_summary

CONV = "│ conv2d (Conv2D)       │ (None, 8, 8, 16) │     448 │"
CUT_CONV = CONV.replace("448", " 4…")
POOL = "│ pool (GlobalAverageP… │ (None, 16)       │       0 │"
DENSE = "│ dense (Dense)         │ (None, 8)        │      1… │"


def boxed(*rows: str, total: int) -> str:
    """What Keras 3 prints of these rows, of which all parameters are trained."""
    rule = "\n├" + "─" * 55 + "┤\n"
    head = "┃ Layer (type)          ┃ Output Shape     ┃ Param # ┃"
    lines = [
        "┏" + "━" * 55 + "┓",
        head,
        "┡" + "━" * 55 + "┩",
        rule.join(rows),
        "└" + "─" * 55 + "┘",
    ]
    totals = f" Total params: {total}\n Trainable params: {total}\n Non-trainable params: 0\n"
    return "\n".join(lines) + "\n" + totals


def test_what_goes_in_settles_a_cut_class() -> None:
    """Behind an image only the pooling over two axes can stand."""
    rows = read_summary(boxed(CONV, POOL, total=448)).rows

    assert "GlobalAveragePooling2D" == rows[1].layer


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ((POOL,), "may be GlobalAveragePooling1D"),
        ((CONV, POOL.replace("AverageP… ", "…         ")), "GlobalMaxPooling2D"),
    ],
    ids=["nothing goes in", "the mean or the largest"],
)
def test_a_cut_class_is_asked_for(rows: tuple[str, ...], told: str) -> None:
    """Where nothing says what goes in, or where what goes in does for several."""
    with pytest.raises(SummaryError, match=f"class name that can be told from others: .*{told}"):
        read_summary(boxed(*rows, total=448 * (len(rows) - 1)))


@pytest.mark.parametrize(("bias", "count"), [("with", 136), ("without", 128)])
def test_sizes_and_total_settle_a_cut_count(bias: str, count: int) -> None:
    """A Dense of 16 inputs and 8 units has one of two counts; the total says which."""
    rows = read_summary(boxed(CONV, POOL, DENSE, total=448 + count)).rows

    assert count == rows[2].params, bias


def test_the_total_leaves_one_row_what_the_others_have_not() -> None:
    """Of any class, as long as its first digits are those that stand there."""
    rows = read_summary(boxed(CUT_CONV, POOL, total=448)).rows

    assert 448 == rows[0].params


@pytest.mark.parametrize(
    ("first", "total"),
    [(CUT_CONV, 584), (CONV, 448 + 137)],
    ids=["448 and 136, or 456 and 128", "neither 136 nor 128"],
)
def test_a_cut_count_is_asked_for(first: str, total: int) -> None:
    """Where several counts add up to the total, or none does."""
    with pytest.raises(SummaryError, match="the whole count of its parameters"):
        read_summary(boxed(first, POOL, DENSE, total=total))
