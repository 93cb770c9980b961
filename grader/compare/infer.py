"""Compare: the settings that a printed row implies, by solving for them.

A row shows only output shape and parameters; with the shape that goes in, most settings follow:
filters are the last axis, the kernel's area follows from the parameters, padding and strides from
how the border shrinks. Where several settings give the same row the usual ones come first (see
`windows`; a bias before none). Channels stand last, as in every table of these sheets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

from grader.compare.infer_sequences import (
    attention_heads,
    bidirectional,
    embedding,
    recurrent,
    reset_after,
)
from grader.compare.infer_shapes import padded, permuted, repeated, upsampled
from grader.compare.windows import Settings, dilated, kernels, moved, pools, spread, windows
from grader.records import Row, Shape

__all__ = ["Settings", "infer_joined", "infer_settings"]

# What may stand inside a TimeDistributed, whose row does not say.
_INNER = (
    *("Dense", "Conv2D", "Conv1D", "Dropout", "MaxPooling2D", "AveragePooling2D", "MaxPooling1D"),
    *("BatchNormalization", "Flatten", "GlobalAveragePooling2D"),
)
_GROUPS = (2, 4, 8, 16, 32, 64)
# Stands for an axis that stays open: a size that nobody chooses.
_ANY = 97


@dataclass(frozen=True)
class _Seen:
    """What a row shows of a layer: sizes in and out without the batch axis, and parameters."""

    layer: str
    ins: tuple[int, ...]
    outs: tuple[int, ...]
    params: int


def infer_settings(row: Row, input_shape: Shape | None) -> tuple[Settings, ...]:
    """All settings of `row`'s layer, by their Keras names, that give the row; the usual ones first.

    What cannot be told is left out. `input_shape` and `row.shape` include the batch axis.
    """
    solver = _SOLVERS.get(row.layer)
    if row.shape is None or input_shape is None or row.params is None:
        return ()
    if row.layer == "Reshape":
        # An axis that stays open follows from the others.
        return ({"target_shape": tuple(-1 if size is None else size for size in row.shape[1:])},)
    # An axis that stays open, as the length of a text may, is like one of some size.
    ins, outs = (tuple(size or _ANY for size in shape[1:]) for shape in (input_shape, row.shape))
    if solver is None or not ins or not outs:
        return ()
    return tuple(solver(_Seen(row.layer, ins, outs, row.params)))


def infer_joined(row: Row, input_shapes: Sequence[Shape | None]) -> tuple[Settings, ...]:
    """The same for a layer that joins several inputs."""
    shapes = [shape for shape in input_shapes if shape is not None]
    if row.shape is None or row.params is None or len(shapes) < len(input_shapes):
        return ()
    match row.layer:
        case "Concatenate":
            return tuple(_joined_axes(row.shape, shapes))
        case "MultiHeadAttention":
            features = [shape[-1] for shape in shapes]
            return tuple(attention_heads(row.shape, features, row.params))
        case "Attention" | "AdditiveAttention":
            return ({"use_scale": row.params > 0},)
        case _:
            return ()


def _joined_axes(shape: Shape, inputs: Sequence[Shape]) -> Iterator[Settings]:
    """The axis along which the inputs lie side by side; of several the last."""
    for axis in range(len(shape) - 1, 0, -1):
        sizes = [one[axis] for one in inputs if len(one) == len(shape)]
        known = [size for size in sizes if size is not None]
        if len(known) == len(inputs) and sum(known) == shape[axis]:
            yield {"axis": -1 if axis == len(shape) - 1 else axis}


def _dense(seen: _Seen) -> Iterator[Settings]:
    units = seen.outs[-1]
    for bias in (True, False):
        if seen.params == seen.ins[-1] * units + bias * units:
            yield {"units": units, "use_bias": bias}
            return
    yield {"units": units}


def _convolution(seen: _Seen) -> Iterator[Settings]:
    transposed = seen.layer.endswith("Transpose")
    own, found = _filters(seen), []
    kernel_of = {
        (kernel, bias): extra
        for extra in _kinds_of_filters(seen)
        for bias in (True, False)
        for kernel in kernels(_kernel_area(seen, bias, extra), seen.ins[:-1])
    }
    for kernel, bias in sorted(kernel_of, key=lambda item: max(item[0]) - min(item[0])):
        ins, outs = seen.ins[:-1], seen.outs[:-1]
        moves = windows(ins, outs, kernel, spread if transposed else moved)
        extra = {k: v for k, v in kernel_of[kernel, bias].items() if k != "groups" or v != 1}
        found += [
            {**own, "kernel_size": kernel, "use_bias": bias, **extra, **move}
            for move in (*moves, *([] if transposed else dilated(ins, outs, kernel)))
        ]
    spread_out = ("dilation_rate" in settings for settings in found)
    order = sorted(zip(spread_out, range(len(found)), strict=True))
    yield from [found[index] for _, index in order] or [own]


def _conv_lstm(seen: _Seen) -> Iterator[Settings]:
    """As a convolution of one step; the kernel looks at what is remembered, too."""
    ndim = _ndim(seen.layer)
    if len(seen.ins) != ndim + 2 or len(seen.outs) not in (ndim + 1, ndim + 2):
        return
    sequences = len(seen.outs) == len(seen.ins)
    ins, outs = seen.ins[1:-1], seen.outs[-ndim - 1 : -1]
    filters = seen.outs[-1]
    for bias in (True, False):
        area, rest = divmod(
            seen.params - 4 * filters * bias, 4 * filters * (seen.ins[-1] + filters)
        )
        for kernel in kernels(area, ins) if not rest and area > 0 else ():
            for move in windows(ins, outs, kernel):
                more: Settings = {"use_bias": bias, "return_sequences": sequences}
                yield {"filters": filters, "kernel_size": kernel, **more, **move}


def _filters(seen: _Seen) -> Settings:
    if seen.layer.startswith("DepthwiseConv"):
        return {"depth_multiplier": max(seen.outs[-1] // seen.ins[-1], 1)}
    return {"filters": seen.outs[-1]}


def _kinds_of_filters(seen: _Seen) -> Iterator[dict[str, int]]:
    """How many channels a filter looks at: all, or those of a group where only that fits."""
    yield {"groups": 1}
    channels, filters = seen.ins[-1], seen.outs[-1]
    if seen.layer in {"Conv1D", "Conv2D", "Conv3D"}:
        whole = channels * filters
        if (seen.params % whole and (seen.params - filters) % whole) or seen.params < whole:
            yield from (
                {"groups": groups}
                for groups in _GROUPS
                if channels % groups == 0 and filters % groups == 0
            )


def _kernel_area(seen: _Seen, bias: bool, extra: dict[str, int]) -> int:  # noqa: FBT001 - a value, no flag
    """Taps of a kernel with so many weights; 0 where it does not come out even.

    A depthwise layer's filters are the last axis of its output, as for the others.
    """
    channels, filters = seen.ins[-1], seen.outs[-1]
    weights = seen.params - bias * filters
    if seen.layer.startswith("SeparableConv"):
        weights, per_tap = weights - channels * filters, channels
    elif seen.layer.startswith("DepthwiseConv"):
        per_tap = filters
    else:
        per_tap = channels // extra["groups"] * filters
    area, rest = divmod(weights, per_tap)
    return 0 if rest else max(area, 0)


def _pool(seen: _Seen) -> Iterator[Settings]:
    return pools(seen.ins[:-1], seen.outs[:-1])


def _global_pool(seen: _Seen) -> Iterator[Settings]:
    if len(seen.outs) == len(seen.ins):
        yield {"keepdims": True}


def _batch_norm(seen: _Seen) -> Iterator[Settings]:
    per_channel, rest = divmod(seen.params, seen.outs[-1])
    others = [axis for axis, size in enumerate(seen.outs[:-1], 1) if seen.params == 4 * size]
    if (rest or per_channel > 4) and others:  # noqa: PLR2004 - as below
        for axis in others:
            yield {"axis": axis, "center": True, "scale": True}
    if rest:
        return
    if per_channel == 4:  # noqa: PLR2004 - gamma, beta, moving mean, moving variance
        yield {"axis": -1, "center": True, "scale": True}
    elif per_channel == 3:  # noqa: PLR2004 - one of gamma and beta is left out
        yield {"axis": -1, "scale": False}
        yield {"axis": -1, "center": False}
    elif per_channel == 2:  # noqa: PLR2004 - both are
        yield {"axis": -1, "scale": False, "center": False}
    else:
        yield {"axis": -1}


def _normalization(seen: _Seen) -> Iterator[Settings]:
    """Of which axes the sizes are normalized together, and with how many of scale and center."""
    for size, axis in _axes(seen.outs):
        per_value, rest = divmod(seen.params, size)
        if not rest and per_value == 2:  # noqa: PLR2004 - a scale and an offset
            yield {"axis": axis, "center": True, "scale": True}
        elif not rest and per_value == 1:
            yield {"axis": axis, "center": False}
            yield {"axis": axis, "scale": False}
        elif not seen.params:
            yield {"axis": axis, "center": False, "scale": False}


def _axes(outs: tuple[int, ...]) -> Iterator[tuple[int, int | tuple[int, ...]]]:
    """The last axis; then all of them, and the last two."""
    yield outs[-1], -1
    for count in (len(outs), 2):
        if 1 < count <= len(outs):
            yield prod(outs[-count:]), tuple(range(-count, 0))


def _slopes(seen: _Seen) -> Iterator[Settings]:
    shared = tuple(range(1, len(seen.outs)))
    if seen.params == seen.outs[-1] and shared:
        yield {"shared_axes": shared}
    elif seen.params == prod(seen.outs):
        yield {}


def _time_distributed(seen: _Seen) -> Iterator[Settings]:
    """Layers that do at every step of time what the row shows."""
    for inner in _INNER:
        row = Row(inner, (None, *seen.outs[1:]), seen.params)
        at_step = (None, *seen.ins[1:])
        flat = inner == "Flatten" and seen.outs[1:] == (prod(seen.ins[1:]),)
        same = inner == "Dropout" and seen.outs == seen.ins
        pooled = inner.startswith("Global") and seen.outs[1:] == seen.ins[-1:]
        if not seen.params and len(seen.ins) > 1 and (flat or same or pooled):
            yield {"wrapped": inner, **({"rate": 0.5} if same else {})}
        if len(seen.ins) == len(seen.outs) and _ndim(inner) in (0, len(seen.ins) - 2):
            for found in infer_settings(row, at_step):
                if len(found) > 1:
                    yield {"wrapped": inner, **found}


def _ndim(layer: str) -> int:
    """The spatial axes that a class works on; 0 where it takes any."""
    return next((n for n in (1, 2, 3) if layer.endswith(f"{n}D")), 0)


def _plain(solver: Callable[..., Iterator[Settings]]) -> Callable[[_Seen], Iterator[Settings]]:
    return lambda seen: solver(seen.layer, seen.ins, seen.outs, seen.params)


_SOLVERS: dict[str, Callable[[_Seen], Iterator[Settings]]] = {
    "Dense": _dense,
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _normalization,
    "GroupNormalization": _normalization,
    "PReLU": _slopes,
    "TimeDistributed": _time_distributed,
    **{f"{kind}Conv{n}D": _convolution for kind in ("", "Separable", "Depthwise") for n in (1, 2)},
    **{f"Conv{n}DTranspose": _convolution for n in (1, 2, 3)},
    **{f"ConvLSTM{n}D": _conv_lstm for n in (1, 2, 3)},
    "Conv3D": _convolution,
    **{f"{kind}Pooling{n}D": _pool for kind in ("Max", "Average") for n in (1, 2, 3)},
    **{f"Global{kind}Pooling{n}D": _global_pool for kind in ("Max", "Average") for n in (1, 2, 3)},
    "Embedding": _plain(embedding),
    **{name: _plain(recurrent) for name in ("SimpleRNN", "LSTM")},
    "GRU": _plain(reset_after),
    "Bidirectional": _plain(bidirectional),
    **{f"{kind}{n}D": _plain(padded) for kind in ("ZeroPadding", "Cropping") for n in (1, 2, 3)},
    **{f"UpSampling{n}D": _plain(upsampled) for n in (1, 2, 3)},
    "Permute": _plain(permuted),
    "RepeatVector": _plain(repeated),
}
