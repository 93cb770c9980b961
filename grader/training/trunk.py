"""Training, before a network is built: which of its layers go piece by piece. No Keras here.

A batch of images passes through several convolutions as one array after the other, each larger
than a processor's caches; pieces of a batch stay in them from layer to layer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import prod

from grader.records import Architecture, Layer, Shape
from grader.training.task import Kernels, TrainingTask

_RANKS = (1, 2, 3)
_CONVOLUTIONS = frozenset({f"Conv{rank}D" for rank in _RANKS})
# In these one example's output follows from that example alone. Random ones among them multiply
# their inputs by a mask, so that it can be drawn for the batch as a whole.
_EXAMPLE_BY_EXAMPLE = _CONVOLUTIONS | {
    "Activation",
    "Dropout",
    "Identity",
    *(f"{kind}Pooling{rank}D" for kind in ("Average", "Max") for rank in _RANKS),
    *(f"{kind}{rank}D" for kind in ("SpatialDropout", "ZeroPadding") for rank in _RANKS),
}
# Of a single one the output is stored and read again, as it would be without pieces.
_FEWEST_CONVOLUTIONS = 2
# Measured on cnn_a and cnn_b (docs/performance.md). More pieces make the graph larger than they
# save time.
_PIECE_BYTES = 4 * 2**20
_MOST_PIECES = 8
_FLOAT_BYTES = 4


@dataclass(frozen=True)
class Trunk:
    """The layers with indices 1 to `last`, one after the other behind the only input.

    A full batch goes through them in `num_pieces` pieces, at least two.
    """

    last: int
    num_pieces: int


def computed_in_pieces(task: TrainingTask) -> Trunk | None:
    """The trunk of a training with fast kernels, for full batches; else None."""
    if task.kernels is not Kernels.FAST:
        return None
    return trunk_of(task.architecture, task.protocol.batch_size)


def trunk_of(architecture: Architecture, batch_size: int) -> Trunk | None:
    """The network's trunk, or None where batches of that size are better kept whole."""
    if len(architecture.input_shapes) != 1:
        return None
    last = _last(architecture)
    layers = architecture.layers[1 : last + 1]
    if sum(layer.class_name in _CONVOLUTIONS for layer in layers) < _FEWEST_CONVOLUTIONS:
        return None
    sizes = [_size(row.shape) for row in architecture.rows[:last]]
    pieces = batch_size * max(sizes) * _FLOAT_BYTES // _PIECE_BYTES
    num_pieces = min(pieces, batch_size, _MOST_PIECES)
    return Trunk(last, num_pieces) if num_pieces > 1 else None


def _last(architecture: Architecture) -> int:
    """The index of the last layer that can go piece by piece, 0 if there is none."""
    uses = Counter(index for layer in architecture.layers for index in layer.inputs)
    shared = {layer.shares for layer in architecture.layers}
    last = 0
    for index, layer in enumerate(architecture.layers[1:], start=1):
        follows = layer.inputs == (last,) and uses[last] == 1 and last not in architecture.outputs
        if not follows or index in shared or not _goes_by_example(layer):
            break
        last = index
    return last


def _goes_by_example(layer: Layer) -> bool:
    # A softmax may be asked for along the batch, and Keras divides the penalty by its size.
    plain = "axis" not in layer.config and layer.config.get("activity_regularizer") is None
    return plain and layer.class_name in _EXAMPLE_BY_EXAMPLE


def _size(shape: Shape | None) -> int:
    """The numbers of one example; open axes count once."""
    return prod(size or 1 for size in (shape or ())[1:])
