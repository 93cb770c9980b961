"""Shapes: what comes out of a layer. All shapes include the batch axis, as None in front."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from grader.architecture.refusals import OutsideTableError, ReplyError
from grader.architecture.values import Config, whole_of, wholes_of
from grader.records import Shape

Shapes = Sequence[Shape]


def channels(config: Config, shape: Shape) -> int:
    """The number of channels of an input in the config's data format."""
    return known(shape[1] if config.get("data_format") == "channels_first" else shape[-1])


def known(size: int | None) -> int:
    """The size of an axis that has to be known; raises ReplyError where it is not."""
    if size is None:
        raise ReplyError("an axis without a size where a weight needs one")
    return size


def axis_index(axis: int, shape: Shape) -> int:
    """The axis counted from 0; raises ReplyError for one that the shape does not have."""
    if not -len(shape) <= axis < len(shape):
        raise ReplyError(f"axis {axis} of a shape with {len(shape)} axes")
    return axis % len(shape)


def need_rank(shape: Shape, rank: int) -> None:
    """Raises ReplyError unless the shape has so many axes."""
    if len(shape) != rank:
        raise ReplyError(f"{len(shape)} axes where {rank} are due")


def same(_config: Config, shapes: Shapes) -> Shape:
    """The input's own shape."""
    return shapes[0]


def dense(config: Config, shapes: Shapes) -> Shape:
    """Units in place of the last axis."""
    if len(shapes[0]) < 2:  # noqa: PLR2004 -- the batch axis and the features
        raise ReplyError("a Dense layer on single numbers")
    return (*shapes[0][:-1], whole_of(config, "units"))


def convolution(config: Config, shapes: Shapes) -> Shape:
    """Filters over the positions that the kernel takes."""
    kernel, strides = wholes_of(config, "kernel_size"), wholes_of(config, "strides")
    dilation = wholes_of(config, "dilation_rate")
    if max(strides) > 1 and max(dilation) > 1:
        raise ReplyError("both strides and dilation above 1")
    spatial, num_channels = _split(config, shapes[0], len(kernel))
    wide = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
    if "filters" in config:
        filters = whole_of(config, "filters")
    else:
        filters = num_channels * whole_of(config, "depth_multiplier")
    groups = whole_of(config, "groups") if "groups" in config else 1
    if num_channels % groups or filters % groups:
        raise ReplyError(f"{groups} groups of {num_channels} channels and {filters} filters")
    return _joined(config, _windows(config, spatial, wide, strides), filters)


def transposed(config: Config, shapes: Shapes) -> Shape:
    """What a transposed convolution gives; keras 3.15 compute_conv_transpose_output_shape."""
    kernel, strides = wholes_of(config, "kernel_size"), wholes_of(config, "strides")
    dilation = wholes_of(config, "dilation_rate")
    extra: list[int | None] = [*wholes_of(config, "output_padding")] or [None] * len(kernel)
    if max(strides) > 1 and max(dilation) > 1:
        raise ReplyError("both strides and dilation above 1")
    spatial, _ = _split(config, shapes[0], len(kernel))
    out: list[int | None] = []
    for size, k, stride, d, more in zip(spatial, kernel, strides, dilation, extra, strict=True):
        wide = (k - 1) * d + 1
        if more is not None and more >= stride:
            raise ReplyError(f"output padding {more} with strides {stride}")
        if size is None:
            out.append(None)
        elif config["padding"] == "valid":
            out.append(
                (size - 1) * stride + wide + (max(stride - wide, 0) if more is None else more)
            )
        else:
            out.append(size * stride if more is None else (size - 1) * stride + wide % 2 + more)
    return _joined(config, out, whole_of(config, "filters"))


def pooled(config: Config, shapes: Shapes) -> Shape:
    """One value per window and channel."""
    pool, strides = wholes_of(config, "pool_size"), wholes_of(config, "strides")
    spatial, num_channels = _split(config, shapes[0], len(pool))
    return _joined(config, _windows(config, spatial, pool, strides), num_channels)


def pooled_away(rank: int) -> Callable[[Config, Shapes], Shape]:
    """The shape rule of a pooling over all `rank` spatial axes."""

    def rule(config: Config, shapes: Shapes) -> Shape:
        _, num_channels = _split(config, shapes[0], rank)
        if config["keepdims"] is True:
            return _joined(config, [1] * rank, num_channels)
        return (None, num_channels)

    return rule


def resized(sign: int, key: str) -> Callable[[Config, Shapes], Shape]:
    """The shape rule of padding (sign 1) and cropping (sign -1) by the pairs under `key`."""

    def rule(config: Config, shapes: Shapes) -> Shape:
        pairs = config[key]
        # One spatial axis: a pair; several: a list of pairs.
        rows = pairs if isinstance(pairs, list) and isinstance(pairs[0], list) else [pairs]
        amounts = [sum(wholes_of({"pair": row}, "pair")) for row in rows]
        spatial, num_channels = _split(config, shapes[0], len(amounts))
        out = [
            None if size is None else size + sign * amount
            for size, amount in zip(spatial, amounts, strict=True)
        ]
        _need_positive(out)
        return _joined(config, out, num_channels)

    return rule


def upsampled(config: Config, shapes: Shapes) -> Shape:
    """Every spatial axis times its factor."""
    factors = wholes_of(config, "size")
    spatial, num_channels = _split(config, shapes[0], len(factors))
    out = [None if s is None else s * factor for s, factor in zip(spatial, factors, strict=True)]
    return _joined(config, out, num_channels)


def flattened(_config: Config, shapes: Shapes) -> Shape:
    """All axes but the first in one."""
    return (None, _size(shapes[0][1:]))


def reshaped(config: Config, shapes: Shapes) -> Shape:
    """The target shape, its -1 worked out."""
    target = wholes_of(config, "target_shape")
    if target.count(-1) > 1:
        raise ReplyError("more than one axis of unknown size")
    size = _size(shapes[0][1:])
    given = math.prod(axis for axis in target if axis != -1)
    if size is None:
        if -1 in target:
            return (None, *(None if axis == -1 else axis for axis in target))
        return (None, *target)
    if given == 0 or (size % given if -1 in target else size != given):
        raise ReplyError(f"{size} values reshaped to {target}")
    return (None, *(size // given if axis == -1 else axis for axis in target))


def permuted(config: Config, shapes: Shapes) -> Shape:
    """The axes in their new order; they are counted from 1."""
    dims = wholes_of(config, "dims")
    if sorted(dims) != list(range(1, len(shapes[0]))):
        raise ReplyError(f"axes {dims} of a shape with {len(shapes[0])} axes")
    return (None, *(shapes[0][dim] for dim in dims))


def repeated(config: Config, shapes: Shapes) -> Shape:
    """The vector so many times."""
    need_rank(shapes[0], 2)
    return (None, whole_of(config, "n"), shapes[0][1])


def merged(_config: Config, shapes: Shapes) -> Shape:
    """The shape to which all inputs stretch; raises OutsideTableError where their ranks differ."""
    out = shapes[0]
    for shape in shapes[1:]:
        if len(shape) != len(out):
            raise OutsideTableError("inputs of different rank")
        out = (None, *(_stretched(a, b) for a, b in zip(out[1:], shape[1:], strict=True)))
    return out


def concatenated(config: Config, shapes: Shapes) -> Shape:
    """The inputs side by side along an axis."""
    axis = axis_index(whole_of(config, "axis"), shapes[0])
    if axis == 0:
        raise OutsideTableError("joined along the batch axis")
    out = list(shapes[0])
    for shape in shapes[1:]:
        need_rank(shape, len(out))
        for index, size in enumerate(shape):
            mine = out[index]
            if index == axis:
                out[index] = None if mine is None or size is None else mine + size
            elif mine is None or size is None:
                out[index] = size if mine is None else mine
            elif mine != size:
                raise ReplyError(f"{mine} beside {size} in axis {index}")
    return tuple(out)


def multiplied(config: Config, shapes: Shapes) -> Shape:
    """The dot product along one axis of each of the two inputs."""
    given = wholes_of(config, "axes")
    first, second = shapes
    left = axis_index(given[0], first)
    right = axis_index(given[-1], second)
    if left == 0 or right == 0:
        raise OutsideTableError("multiplied along the batch axis")
    if first[left] != second[right]:
        raise ReplyError(f"{first[left]} values times {second[right]}")
    out = [*first[:left], *first[left + 1 :], *second[1:right], *second[right + 1 :]]
    return tuple(out) if len(out) > 1 else (None, 1)


def _split(config: Config, shape: Shape, rank: int) -> tuple[list[int | None], int]:
    need_rank(shape, rank + 2)
    first = config.get("data_format") == "channels_first"
    return list(shape[2:] if first else shape[1:-1]), channels(config, shape)


def _joined(config: Config, spatial: Sequence[int | None], num_channels: int) -> Shape:
    if config.get("data_format") == "channels_first":
        return (None, num_channels, *spatial)
    return (None, *spatial, num_channels)


def _windows(
    config: Config, spatial: list[int | None], wide: list[int], strides: list[int]
) -> list[int | None]:
    valid = config["padding"] == "valid"
    out = [
        None if size is None else (size - (window if valid else 1)) // stride + 1
        for size, window, stride in zip(spatial, wide, strides, strict=True)
    ]
    _need_positive(out)
    return out


def _need_positive(spatial: Sequence[int | None]) -> None:
    if any(size is not None and size < 1 for size in spatial):
        raise ReplyError("nothing is left of the input")


def _size(axes: Shape) -> int | None:
    sizes = [size for size in axes if size is not None]
    return math.prod(sizes) if len(sizes) == len(axes) else None


def _stretched(left: int | None, right: int | None) -> int | None:
    if left in {1, right}:
        return right
    if right == 1:
        return left
    if left is None or right is None:
        return None
    raise ReplyError(f"{left} values with {right}")
