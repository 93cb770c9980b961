"""Rebuild, before a network is tried: how much computing it is, by arithmetic. No Keras here."""

from __future__ import annotations

from math import prod

from grader.architecture.values import wholes_of
from grader.records import Architecture, Shape

# An input axis that the network leaves open has this size where it is tried.
OPEN_AXIS = 32
# Of multiplications for one sample. The largest of the sheets' networks takes a hundredth of
# these, VGG19 half; a kernel as wide as a large image takes hours.
MOST_OPERATIONS = 4 * 10**10
# So many are cheap enough to be done for a whole batch.
_FEW_OPERATIONS = 10**10


def is_affordable(architecture: Architecture) -> bool:
    """Whether the network gives its output within seconds."""
    return num_operations(architecture) <= MOST_OPERATIONS


def affordable_samples(architecture: Architecture, wanted: int) -> int:
    """How many samples of those wanted the network can be tried on within seconds; one at least."""
    return wanted if num_operations(architecture) <= _FEW_OPERATIONS else 1


def num_operations(architecture: Architecture) -> int:
    """The multiplications that one sample takes at most; layers have to be known to the table."""
    num_inputs = len(architecture.input_shapes)
    shapes = [*architecture.input_shapes, *(row.shape for row in architecture.rows)]
    total = 0
    for index, layer in enumerate(architecture.layers[num_inputs:], start=num_inputs):
        # A shared layer counts its weights at its first use alone, and computes at each.
        first = index if layer.shares is None else layer.shares
        params = architecture.rows[first - num_inputs].params or 0
        sizes = _sizes(shapes[index])
        first_axis = layer.config.get("data_format") == "channels_first"
        positions = prod(sizes[1:] if first_axis else sizes[:-1])
        each = prod(wholes_of(layer.config, "pool_size")) if "pool_size" in layer.config else 1
        if layer.class_name == "Dot":
            each = max(_sizes(shapes[layer.inputs[0]]), default=1)
        total += positions * params + prod(sizes) * each
    return total


def _sizes(shape: Shape | None) -> list[int]:
    return [size or OPEN_AXIS for size in (shape or ())[1:]]
