"""Compare: the settings that a printed row implies, by solving for them.

A row shows only output shape and parameters; with the shape that goes in, most settings follow:
filters are the last axis, the kernel's area follows from the parameters, padding and strides from
how the border shrinks. Where several settings give the same row the usual ones come first (square
before oblong, stride 1 before more, a bias before none, pools side by side before overlapping
ones). Channels stand last, as in every table of these sheets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import prod

from grader.records import Row, Shape, Value

Settings = dict[str, Value]

MAX_KERNEL = 15
MAX_STRIDE = 8


def infer_settings(row: Row, input_shape: Shape | None) -> tuple[Settings, ...]:
    """All settings of `row`'s layer, by their Keras names, that give the row; the usual ones first.

    What cannot be told is left out. `input_shape` and `row.shape` include the batch axis.
    """
    solver = _SOLVERS.get(row.layer)
    if solver is None or row.shape is None or input_shape is None or row.params is None:
        return ()
    if None in row.shape[1:] or None in input_shape[1:]:
        return ()
    return tuple(solver(row.layer, _sizes(input_shape), _sizes(row.shape), row.params))


def _sizes(shape: Shape) -> tuple[int, ...]:
    """Sizes without the batch axis; unknown ones were refused before."""
    return tuple(size for size in shape[1:] if size is not None)


def _dense(
    _layer: str, ins: tuple[int, ...], outs: tuple[int, ...], params: int
) -> Iterator[Settings]:
    units = outs[-1]
    for bias in (True, False):
        if params == ins[-1] * units + bias * units:
            yield {"units": units, "use_bias": bias}
            return
    yield {"units": units}


def _convolution(
    layer: str, ins: tuple[int, ...], outs: tuple[int, ...], params: int
) -> Iterator[Settings]:
    channels, filters = ins[-1], outs[-1]
    kernels = [
        (kernel, bias)
        for bias in (True, False)
        for kernel in _kernels(_kernel_area(layer, channels, filters, params - bias * filters), ins)
    ]
    found = [
        {"filters": filters, "kernel_size": kernel, "use_bias": bias, **window}
        for kernel, bias in sorted(kernels, key=lambda item: max(item[0]) - min(item[0]))
        for window in _windows(ins[:-1], outs[:-1], kernel)
    ]
    yield from found or [{"filters": filters}]


def _kernel_area(layer: str, channels: int, filters: int, weights: int) -> int:
    """Taps of a kernel with so many weights; 0 where it does not come out even.

    A depthwise layer's filters are the last axis of its output, as for the others.
    """
    if layer.startswith("SeparableConv"):
        weights, per_tap = weights - channels * filters, channels
    elif layer.startswith("DepthwiseConv"):
        per_tap = filters
    else:
        per_tap = channels * filters
    area, rest = divmod(weights, per_tap)
    return 0 if rest else max(area, 0)


def _kernels(area: int, ins: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Kernels of that area for such an input, the squarest first."""
    sides = range(1, min(area, MAX_KERNEL) + 1)
    fitting = (k for k in product(sides, repeat=len(ins) - 1) if prod(k) == area)
    yield from sorted(fitting, key=lambda kernel: (max(kernel) - min(kernel), kernel))


def _windows(
    ins: tuple[int, ...], outs: tuple[int, ...], kernel: tuple[int, ...]
) -> Iterator[Settings]:
    """Paddings and strides by which such a window turns these sizes into those."""
    for stride, padding in product(range(1, MAX_STRIDE + 1), ("same", "valid")):
        strides = (stride,) * len(ins)
        if _reached(ins, kernel, strides, padding) == outs:
            yield {"strides": strides, "padding": padding}


def _reached(
    ins: tuple[int, ...], window: tuple[int, ...], strides: tuple[int, ...], padding: str
) -> tuple[int, ...]:
    return tuple(
        -(-size // stride) if padding == "same" else (size - side) // stride + 1
        for size, side, stride in zip(ins, window, strides, strict=True)
    )


def _pool(
    _layer: str, ins: tuple[int, ...], outs: tuple[int, ...], _params: int
) -> Iterator[Settings]:
    ins, outs = ins[:-1], outs[:-1]
    fitting = [_sides(size, out) for size, out in zip(ins, outs, strict=True)]
    alike = [(side,) * len(ins) for sides in fitting for side in sides]
    own = [tuple(sides[0] for sides in fitting)]
    apart = [(pool, pool) for pool in (*alike, *own)]
    near = [(side,) * len(ins) for side in range(1, MAX_STRIDE + 1)]
    seen = []
    for pool, strides in (*apart, *product(near, near)):
        for padding in ("valid", "same"):
            found: Settings = {"pool_size": pool, "strides": strides, "padding": padding}
            if _reached(ins, pool, strides, padding) == outs and found not in seen:
                seen.append(found)
                yield found


def _sides(size: int, out: int) -> tuple[int, ...]:
    """Sides of pools that part `size` places into `out`: one that leaves none over, the smallest.

    Where none does it is the nearest; with the padding "same" the last pool may be incomplete.
    """
    smallest, even, padded = size // (out + 1) + 1, size // out, -(-size // out)
    first = (even,) if size >= out and size % out == 0 else ()
    return (*first, smallest, padded)


def _batch_norm(
    _layer: str, _ins: tuple[int, ...], outs: tuple[int, ...], params: int
) -> Iterator[Settings]:
    per_channel, rest = divmod(params, outs[-1])
    if rest:
        return
    if per_channel == 4:  # noqa: PLR2004 - gamma, beta, moving mean, moving variance
        yield {"axis": -1, "center": True, "scale": True}
    else:
        yield {"axis": -1}


_SOLVERS: dict[str, Callable[[str, tuple[int, ...], tuple[int, ...], int], Iterator[Settings]]] = {
    "Dense": _dense,
    "BatchNormalization": _batch_norm,
    **{f"{kind}Conv{n}D": _convolution for kind in ("", "Separable", "Depthwise") for n in (1, 2)},
    "Conv3D": _convolution,
    **{f"{kind}Pooling{n}D": _pool for kind in ("Max", "Average") for n in (1, 2, 3)},
}
