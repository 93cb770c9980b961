"""Settings are solved for from the printed rows, the usual ones first, and all that would do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from grader.compare.infer import infer_settings
from grader.records import Comparison, Part, Row, Rule

Entry = dict[str, Any]
Layer = Callable[..., Entry]

IMAGE = (None, 24, 24, 1)


@pytest.mark.parametrize(
    ("row", "input_shape", "usual"),
    [
        # 3 * 3 * 1 * 8 weights and no bias: 72 is also 2 * 4 * 8 + 8, but kernels are square.
        (
            Row("Conv2D", (None, 22, 22, 8), 72),
            IMAGE,
            {"kernel_size": (3, 3), "use_bias": False, "padding": "valid", "strides": (1, 1)},
        ),
        # 5 * 5 * 1 * 8 + 8; every second of 24 places is 12
        (
            Row("Conv2D", (None, 12, 12, 8), 208),
            IMAGE,
            {"kernel_size": (5, 5), "use_bias": True, "padding": "same", "strides": (2, 2)},
        ),
        # (24 - 3) // 2 + 1 = 11, which pools side by side never give
        (
            Row("MaxPooling2D", (None, 11, 11, 1), 0),
            IMAGE,
            {"pool_size": (3, 3), "strides": (2, 2), "padding": "valid"},
        ),
        # 24 / 2 by 10 / 5
        (
            Row("AveragePooling2D", (None, 12, 2, 1), 0),
            (None, 24, 10, 1),
            {"pool_size": (2, 5), "strides": (2, 5), "padding": "valid"},
        ),
        (Row("Dense", (None, 4), 20), (None, 5), {"units": 4, "use_bias": False}),
    ],
)
def test_the_usual_settings_come_first(
    row: Row, input_shape: tuple[int | None, ...], usual: dict[str, object]
) -> None:
    """Of all settings that give a row the first are those that nearly everyone would take."""
    first = infer_settings(row, input_shape)[0]

    assert usual == {name: first[name] for name in usual}


@pytest.mark.parametrize("kind", ["Conv2D", "MaxPooling2D", "Dense", "BatchNormalization"])
def test_a_row_that_cannot_be_has_no_settings_to_give_it(kind: str) -> None:
    """A table whose shapes do not go together is not solved for, and nothing breaks."""
    found = infer_settings(Row(kind, (None, 90, 70, 3), 13), (None, 4, 5, 7))

    assert [] == [s for s in found if {"pool_size", "kernel_size", "use_bias"} & s.keys()]


def test_the_fewest_changes_are_named(
    layer: Layer, graph_compared: Callable[..., Comparison], table_of: Callable[..., Part]
) -> None:
    """Where other settings than the usual give the row, those nearest to the student's count.

    (5 - 3) // 1 + 1 = 3 and -(-5 // 2) = 3: a table of 3 x 3 may mean either.
    """
    conv = {"filters": 4, "kernel_size": [3, 3], "padding": "same"}
    inputs = {"x": (5, 5, 2)}
    part = table_of({"conv": (layer("Conv2D", strides=[2, 2], **conv), ("x",))}, inputs)
    graph = {"conv": (layer("Conv2D", strides=[4, 4], **conv), ("x",))}
    findings = graph_compared(part, graph, inputs).findings

    assert [(Rule.STRIDES, (2, 2))] == [(f.rule, f.values["expected"]) for f in findings]
