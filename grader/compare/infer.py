"""Compare: the settings that a printed row implies, by solving for them.

A row shows only output shape and parameters; with the shape that goes in, most settings follow:
filters are the last axis, the kernel's area follows from the parameters, padding and strides from
how the border shrinks. Where several settings give the same row the usual one is taken (square
before oblong, stride 1 before more, a bias before none). Channels stand last, as in every table of
these sheets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import prod

from grader.records import Row, Shape, Value

Settings = dict[str, Value]

MAX_KERNEL = 15
MAX_STRIDE = 8


def infer_settings(row: Row, input_shape: Shape | None) -> Settings:
    """The settings of `row`'s layer by their Keras names; what cannot be told is left out.

    `input_shape` and `row.shape` include the batch axis.
    """
    solver = _SOLVERS.get(row.layer)
    if solver is None or row.shape is None or input_shape is None or row.params is None:
        return {}
    if None in row.shape[1:] or None in input_shape[1:]:
        return {}
    return solver(row.layer, _sizes(input_shape), _sizes(row.shape), row.params)


def _sizes(shape: Shape) -> tuple[int, ...]:
    """Sizes without the batch axis; unknown ones were refused before."""
    return tuple(size for size in shape[1:] if size is not None)


def _dense(_layer: str, ins: tuple[int, ...], outs: tuple[int, ...], params: int) -> Settings:
    units = outs[-1]
    for bias in (True, False):
        if params == ins[-1] * units + bias * units:
            return {"units": units, "use_bias": bias}
    return {"units": units}


def _convolution(layer: str, ins: tuple[int, ...], outs: tuple[int, ...], params: int) -> Settings:
    channels, filters = ins[-1], outs[-1]
    for bias in (True, False):
        area = _kernel_area(layer, channels, filters, params - bias * filters)
        for kernel in _kernels(area, len(ins) - 1) if area else ():
            window = _solve_window(ins[:-1], outs[:-1], kernel)
            if window:
                return {"filters": filters, "kernel_size": kernel, "use_bias": bias, **window}
    return {"filters": filters}


def _kernel_area(layer: str, channels: int, filters: int, weights: int) -> int | None:
    """Taps of a kernel with so many weights; None where it does not come out even.

    A depthwise layer's filters are the last axis of its output, as for the others.
    """
    if layer.startswith("SeparableConv"):
        weights, per_tap = weights - channels * filters, channels
    elif layer.startswith("DepthwiseConv"):
        per_tap = filters
    else:
        per_tap = channels * filters
    area, rest = divmod(weights, per_tap)
    return area if area > 0 and not rest else None


def _pool(_layer: str, ins: tuple[int, ...], outs: tuple[int, ...], _params: int) -> Settings:
    sizes = []
    for size, out in zip(ins[:-1], outs[:-1], strict=True):
        pool = next((p for p in range(1, size + 1) if size // p == out), None)
        if pool is None:
            return {}
        sizes.append(pool)
    pool_size = tuple(sizes)
    return {"pool_size": pool_size, "strides": pool_size, "padding": "valid"}


def _batch_norm(_layer: str, _ins: tuple[int, ...], outs: tuple[int, ...], params: int) -> Settings:
    per_channel, rest = divmod(params, outs[-1])
    if rest:
        return {}
    if per_channel == 4:  # noqa: PLR2004 - gamma, beta, moving mean, moving variance
        return {"axis": -1, "center": True, "scale": True}
    return {"axis": -1}


def _kernels(area: int, spatial: int) -> Iterator[tuple[int, ...]]:
    """Kernels of that area, the squarest first."""
    sides = range(1, min(area, MAX_KERNEL) + 1)
    fitting = (k for k in product(sides, repeat=spatial) if prod(k) == area)
    yield from sorted(fitting, key=lambda kernel: (max(kernel) - min(kernel), kernel))


def _solve_window(
    ins: tuple[int, ...], outs: tuple[int, ...], kernel: tuple[int, ...]
) -> Settings | None:
    """Padding and strides that turn these sizes into those, or None where there are none."""
    for stride, padding in product(range(1, MAX_STRIDE + 1), ("same", "valid")):
        reached = tuple(
            -(-size // stride) if padding == "same" else (size - side) // stride + 1
            for size, side in zip(ins, kernel, strict=True)
        )
        if reached == outs:
            return {"strides": (stride,) * len(ins), "padding": padding}
    return None


_SOLVERS: dict[str, Callable[[str, tuple[int, ...], tuple[int, ...], int], Settings]] = {
    "Dense": _dense,
    "BatchNormalization": _batch_norm,
    **{f"{kind}Conv{n}D": _convolution for kind in ("", "Separable", "Depthwise") for n in (1, 2)},
    "Conv3D": _convolution,
    **{f"{kind}Pooling{n}D": _pool for kind in ("Max", "Average") for n in (1, 2, 3)},
}
