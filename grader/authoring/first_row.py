"""Authoring, step 1: the input of a network whose summary does not print it.

A Sequential leaves its input out. What goes in follows from the first row with weights: its kernel
and its channels have to give the parameters. Where several inputs do, that of a usual size comes
first (colours 3 or 1, and images as data sets have them).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import isqrt

from grader.compare.infer import infer_settings
from grader.records import Row, Shape

Sizes = tuple[int, ...]

_KERNELS = (3, 5, 7, 11, 9, 4, 2, 1, 6, 8, 10, 12, 13, 15, 16)
_COLOURS = (3, 1)
_SIZES = frozenset(
    {
        *(28, 32, 48, 50, 64, 75, 80, 84, 90, 96, 100, 105, 112, 120, 128, 144, 150, 160, 178),
        *(180, 192, 196, 200, 208, 224, 227, 229, 240, 250, 256, 299, 300, 320, 331),
        *(350, 384, 400, 416, 448, 480, 500, 512, 600, 640, 1000, 1024),
    }
)
_KEEPING = frozenset(
    {
        *("Activation", "ReLU", "LeakyReLU", "ELU", "PReLU", "Dropout", "BatchNormalization"),
        *(
            "Rescaling",
            "Normalization",
            "GaussianNoise",
            "SpatialDropout1D",
            "SpatialDropout2D",
            "Masking",
        ),
        *("LayerNormalization", "Softmax", "Identity", "AlphaDropout", "GaussianDropout"),
    }
)
_GATED = frozenset({"SimpleRNN", "LSTM", "GRU", "Bidirectional"})
_CONVOLUTIONS = frozenset({"Conv1D", "Conv2D", "Conv3D", "SeparableConv2D", "SeparableConv1D"})
_MOST_FEATURES = 4096
_IMAGE_AXES = 3


def possible_inputs(row: Row) -> tuple[Shape, ...]:
    """Input shapes, without the batch axis, from which the first row may come; likely ones first.

    None in a shape is a length that the row does not show.
    """
    if row.shape is None or row.params is None or len(row.shape) < 2:  # noqa: PLR2004 - batch, features
        return ()
    found = _possible(row, row.shape[1:], row.params)
    return tuple(dict.fromkeys(found))


def _possible(row: Row, shape: Shape, params: int) -> Iterator[Shape]:
    if row.layer in _KEEPING:
        yield shape
    elif row.layer == "Embedding":
        yield shape[:-1]
    elif row.layer == "Dense":
        yield from _dense(shape, params)
    elif row.layer in _GATED:
        yield from _gated(row, shape)
    elif row.layer == "TimeDistributed" and len(shape) > 1:
        yield from _at_each_step(row, shape)
    elif row.layer.startswith("ConvLSTM"):
        yield from _films(row, shape, params)
    else:
        yield from _images(row, shape, params)


def _images(row: Row, shape: Shape, params: int) -> Iterator[Shape]:
    sizes = tuple(size for size in shape if size is not None)
    if row.layer in _CONVOLUTIONS and None in shape:
        yield from _of_any_size(row, shape, params)
    elif row.layer in _CONVOLUTIONS:
        found = sorted(_convolved(row, sizes, params), key=_unusual)
        yield from (shape for _, shape in found)
    elif row.layer.startswith("ZeroPadding") and None not in shape:
        yield from _padded(sizes)
    elif row.layer == "Flatten" and sizes:
        yield from _flat(sizes[0])


def _dense(shape: Shape, params: int) -> Iterator[Shape]:
    units = shape[-1] or 1
    found = [divmod(params - bias * units, units) for bias in (1, 0)]
    sizes = [features for features, rest in found if not rest and features > 0]
    # With a bias, unless only without one it is such a number as people choose.
    for features in sorted(sizes, key=lambda size: size not in _SIZES | {10, 16}):
        yield (*shape[:-1], features)


def _gated(row: Row, shape: Shape) -> Iterator[Shape]:
    """By trying: the features that give the parameters, and the steps where they show."""
    steps = shape[0] if len(shape) > 1 else None
    for features in range(1, _MOST_FEATURES):
        tried = (None, steps, features)
        if any("use_bias" in found for found in infer_settings(row, tried)):
            yield tried[1:]


def _at_each_step(row: Row, shape: Shape) -> Iterator[Shape]:
    """Steps of what a layer takes that gives the rest of the shape."""
    ndim = len(shape) - 2
    inner = f"Conv{ndim}D" if ndim in (1, 2) and row.params else "Dense"
    for found in possible_inputs(replace(row, layer=inner, shape=(None, *shape[1:]))):
        yield (shape[0], *found)


def _films(row: Row, shape: Shape, params: int) -> Iterator[Shape]:
    """Images with so many channels that the kernels have these weights, and their steps."""
    ndim, filters = int(row.layer[-2]), shape[-1] or 1
    # Where the last step alone is given, the others do not show.
    steps = shape[0] if len(shape) > ndim + 1 else None
    sizes = tuple(size or 0 for size in shape[-ndim - 1 : -1])
    for side, bias in product(_KERNELS, (1, 0)):
        seen, rest = divmod(params - 4 * filters * bias, 4 * filters * side**ndim)
        if not rest and seen > filters and 0 not in sizes:
            yield from ((steps, *before, seen - filters) for before in _before(sizes, side))


def _of_any_size(row: Row, shape: Shape, params: int) -> Iterator[Shape]:
    """Images of any size with so many channels that a kernel has these weights."""
    filters, ndim = shape[-1] or 1, len(shape) - 1
    found = [
        (channels not in _COLOURS, not bias, channels)
        for side, bias in product(_KERNELS, (1, 0))
        if (channels := _channels(row, side**ndim, params - bias * filters, filters))
    ]
    for _, _, channels in sorted(found, key=lambda one: one[:2]):
        yield (*(None for _ in range(ndim)), channels)


def _padded(sizes: Sizes) -> Iterator[Shape]:
    """Without as many on both sides of every axis, a usual size before others."""
    found = [(*(size - 2 * pad for size in sizes[:-1]), sizes[-1]) for pad in (1, 2, 3)]
    yield from sorted(found, key=lambda shape: not _SIZES.issuperset(shape[:-1]))


def _flat(size: int) -> Iterator[Shape]:
    """Images with so many numbers: square ones, of one colour or three."""
    for colours in _COLOURS[::-1]:
        side = isqrt(size // colours)
        if side * side * colours == size:
            yield (side, side) if colours == 1 else (side, side, colours)


def _convolved(row: Row, sizes: Sizes, params: int) -> Iterator[tuple[bool, Shape]]:
    """What may go into a convolution, and whether that then has a bias."""
    filters, ndim = sizes[-1], len(sizes) - 1
    for side, bias in product(_KERNELS, (1, 0)):
        channels = _channels(row, side**ndim, params - bias * filters, filters)
        if channels:
            for spatial in _before(sizes[:-1], side):
                yield bool(bias), (*spatial, channels)


def _channels(row: Row, area: int, weights: int, filters: int) -> int:
    """Channels that give so many weights with a kernel of that area; 0 where none do."""
    each = area + filters if row.layer.startswith("Separable") else area * filters
    channels, rest = divmod(weights, each)
    return channels if not rest and channels > 0 else 0


def _before(outs: Sizes, side: int) -> Iterator[Sizes]:
    """Sizes that such a kernel turns into these: padded, not padded, in strides of 1, 2 and 4."""
    for stride in (1, 2, 4):
        yield tuple(out * stride for out in outs)
        yield tuple((out - 1) * stride + side for out in outs)


def _unusual(found: tuple[bool, Shape]) -> tuple[bool, bool, bool]:
    """What is the less likely: strange colours, no bias, and strange sizes of images."""
    has_bias, shape = found
    spatial = [size for size in shape[:-1] if size is not None]
    strange = len(shape) == _IMAGE_AXES and shape[-1] not in _COLOURS
    image = len(shape) == _IMAGE_AXES and not strange
    return strange, not has_bias, image and not _SIZES.issuperset(spatial)
