"""Computing that a network takes, counted by hand, and networks that are not tried for it."""

from __future__ import annotations

import pytest

from grader.records import Architecture, Layer, Row, Shape, Totals
from grader.training.cost import MOST_OPERATIONS, is_affordable, num_operations


def chain(*steps: tuple[Layer, Shape, int], shape: Shape = (None, 6, 6, 2)) -> Architecture:
    """An architecture of these layers with their output shapes and parameters."""
    layers = (Layer("InputLayer", {}), *(layer for layer, _, _ in steps))
    rows = tuple(Row(layer.class_name, shape, params) for layer, shape, params in steps)
    return Architecture(layers, (len(steps),), "", rows, Totals(0, 0, 0), (shape,))


CONV = Layer("Conv2D", {}, (0,))
FIRST = Layer("Conv2D", {"data_format": "channels_first"}, (0,))


@pytest.mark.parametrize(
    ("architecture", "operations"),
    [
        # 3 * 3 * 2 * 4 + 4 weights at each of 6 * 6 places, and as many values as come out
        (chain((CONV, (None, 6, 6, 4), 76)), 36 * 76 + 144),
        (chain((FIRST, (None, 4, 6, 6), 76)), 36 * 76 + 144),
        # many channels on few places are no places
        (chain((CONV, (None, 2, 2, 512), 76)), 4 * 76 + 2048),
        # used once more: its weights are counted once, its computing twice
        (
            chain(
                (CONV, (None, 6, 6, 2), 38),
                (Layer("Conv2D", {}, (1,), shares=1), (None, 6, 6, 2), 0),
            ),
            2 * (36 * 38 + 72),
        ),
        (chain((Layer("MaxPooling2D", {"pool_size": [3, 3]}, (0,)), (None, 2, 2, 2), 0)), 8 * 9),
        (chain((Layer("Dot", {}, (0, 0)), (None, 6, 2, 6, 2), 0)), 144 * 6),
        (chain((Layer("Dense", {}, (0,)), (None, 5), 35), shape=(None, 6)), 35 + 5),
        (chain((Layer("Identity", {}, (0,)), (None, None, 3), 0)), 32 * 3),
    ],
)
def test_operations_are_counted_by_arithmetic(architecture: Architecture, operations: int) -> None:
    """Weights at every place where they are used, windows at every value, open axes as tried."""
    assert operations == num_operations(architecture)


def test_a_kernel_as_wide_as_a_large_image_is_not_tried() -> None:
    """Building it takes seconds, one image would take a quarter of an hour."""
    wide = chain((CONV, (None, 1500, 1500, 1), 300 * 300 + 1), shape=(None, 1500, 1500, 1))

    assert num_operations(wide) > MOST_OPERATIONS
    assert not is_affordable(wide)
