"""Printed summaries that cannot be read for certain: the error says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import SummaryError
from grader.summary import read_summary

SAMPLES = Path(__file__).parent / "samples"

TORCHSUMMARY = """\
----------------------------------------------------------------
        Layer (type)               Output Shape         Param #
================================================================
            Conv2d-1            [-1, 8, 26, 26]              80
================================================================
Total params: 80
"""
TORCHINFO = """\
==========================================================================================
Layer (type:depth-idx)                   Output Shape              Param #
==========================================================================================
├─Conv2d: 1-1                            [1, 8, 26, 26]            80
"""


@pytest.mark.parametrize(
    ("text", "tool"), [(TORCHSUMMARY, "torchsummary"), (TORCHINFO, "torchinfo")]
)
def test_a_pytorch_summary_is_named(text: str, tool: str) -> None:
    """It is said to be one, and by which tool, rather than half read."""
    with pytest.raises(SummaryError, match=f"this is a PyTorch summary, by {tool}: build the net"):
        read_summary(text)


@pytest.mark.parametrize(
    ("sample", "old", "new", "message"),
    [
        (
            "keras_2_2_connected",
            "(None, 256, 256, 5)",
            "(None, None, None, 3",
            "line 12, column 33: found '(None, None, None, 3', expected the whole output shape",
        ),
        (
            "keras_1_0_channels_first",
            "96, 296)    608  ",
            "96, 296, 1608    ",
            "found '(None, 8, 96, 296,', expected the whole output shape: the column cut it",
        ),
        ("keras_2_2_connected", "(Conv2DTrans", "(Conv2D", "may be Conv2D or Conv2DTranspose"),
        ("keras_3_sequential", "589,832 │", "589,8", "3 cells between bars, the last of them"),
        ("keras_3_sequential", "589,832 │", "59… │", "the whole count of its parameters, of which"),
        ("keras_3_nested", "│     Y     │", "│     X     │", "expected Y, N or -"),
        ("markdown_table", "(None, 5400)", "(None, 5401)", "(None, 5400); max_pooling2d_1"),
        ("keras_3_nested", "(None, 2)", "(None, 3)", "8 x 3 weights, 24, and 3 more"),
        (
            "keras_3_optimizer",
            " Optimizer params: 146 (588.00 B)\n",
            "",
            "line 9, column 16: found '218', expected 72 trainable + 0 non-trainable = 72",
        ),
        (
            "html_table",
            "(None, 5400)",
            "(None, 5400",
            "line 22, column 5: found '(None, 5400'",
        ),
    ],
)  # fmt: skip
def test_what_was_cut_or_contradicts_itself_is_asked_for(
    sample: str, old: str, new: str, message: str
) -> None:
    """The error has line and column of the text as it was given, and what to do."""
    text = (SAMPLES / f"{sample}.txt").read_text(encoding="utf-8")
    assert old in text

    with pytest.raises(SummaryError) as caught:
        read_summary(text.replace(old, new, 1))

    assert message in str(caught.value)
