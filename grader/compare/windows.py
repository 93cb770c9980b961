"""Compare: kernels, pools and the ways in which they move, by solving for them.

Sizes are those of the spatial axes alone. The usual ones come first: square before oblong, stride 1
before more, pools side by side before overlapping ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import prod

from grader.records import Value

Settings = dict[str, Value]
Sizes = tuple[int, ...]
# What comes of one size by a window's side, its stride and a padding.
Reached = Callable[[int, int, int, str], int]

MAX_KERNEL = 32
MAX_STRIDE = 8
_USUAL_POOL = 3


def kernels(area: int, ins: Sizes) -> Iterator[Sizes]:
    """Kernels of that area for such an input, the squarest first."""
    widest = max((MAX_KERNEL, *ins))
    sides = [side for side in range(1, min(area, widest) + 1) if area % side == 0]
    fitting = (k for k in product(sides, repeat=len(ins)) if prod(k) == area)
    yield from sorted(fitting, key=lambda kernel: (max(kernel) - min(kernel), kernel))


def moved(size: int, side: int, stride: int, padding: str) -> int:
    """The places of a window along an axis."""
    return -(-size // stride) if padding == "same" else (size - side) // stride + 1


def spread(size: int, side: int, stride: int, padding: str) -> int:
    """What a transposed convolution makes of a size."""
    return size * stride if padding == "same" else size * stride + max(side - stride, 0)


def windows(ins: Sizes, outs: Sizes, kernel: Sizes, reached: Reached = moved) -> Iterator[Settings]:
    """Strides and paddings by which such a kernel turns these sizes into those.

    Strides that differ between the axes come only where no equal ones do.
    """
    # Of a single place the padding changes nothing, and nobody would write it.
    paddings = ("valid", "same") if max(kernel) == 1 else ("same", "valid")
    strides = {*range(1, MAX_STRIDE + 1), *kernel}
    found: list[Settings] = [
        {"strides": (stride,) * len(ins), "padding": padding}
        for stride, padding in product(sorted(strides), paddings)
        if _all(ins, outs, kernel, (stride,) * len(ins), padding, reached)
    ]
    yield from found or _uneven(ins, outs, kernel, reached)


def _uneven(ins: Sizes, outs: Sizes, kernel: Sizes, reached: Reached) -> Iterator[Settings]:
    for padding in ("same", "valid"):
        fitting = [
            [s for s in range(1, MAX_STRIDE + 1) if reached(size, side, s, padding) == out]
            for size, out, side in zip(ins, outs, kernel, strict=True)
        ]
        if all(fitting):
            yield {"strides": tuple(each[0] for each in fitting), "padding": padding}


def _all(
    ins: Sizes, outs: Sizes, kernel: Sizes, strides: Sizes, padding: str, reached: Reached
) -> bool:
    sizes = zip(ins, kernel, strides, strict=True)
    return tuple(reached(size, side, stride, padding) for size, side, stride in sizes) == outs


def dilated(ins: Sizes, outs: Sizes, kernel: Sizes) -> Iterator[Settings]:
    """How far apart the kernel's taps are where only that explains what is lost at the border."""
    rates = []
    for size, out, side in zip(ins, outs, kernel, strict=True):
        rate, rest = divmod(size - out, side - 1) if side > 1 else (int(size == out), 0)
        if rest or rate < 1:
            return
        rates.append(rate)
    if max(rates, default=1) > 1:
        yield {"strides": (1,) * len(ins), "padding": "valid", "dilation_rate": tuple(rates)}


def pools(ins: Sizes, outs: Sizes) -> Iterator[Settings]:
    """Pools, with strides and paddings, that turn these sizes into those."""
    fitting = [_sides(size, out) for size, out in zip(ins, outs, strict=True)]
    alike = [(side,) * len(ins) for sides in fitting for side in sides]
    own = [tuple(sides[0] for sides in fitting)]
    apart = [(pool, pool) for pool in (*alike, *own)]
    near = [(side,) * len(ins) for side in range(1, MAX_STRIDE + 1)]
    # A pool that keeps every size looks at more than one place, and then it is padded.
    keeping = [((_USUAL_POOL,) * len(ins), near[0])] if ins == outs else []
    seen = []
    tried = [
        *((*pair, "same") for pair in keeping),
        *((*pair, padding) for padding in ("valid", "same") for pair in apart),
        *((*pair, padding) for pair in product(near, near) for padding in ("valid", "same")),
    ]
    for pool, strides, padding in tried:
        found: Settings = {"pool_size": pool, "strides": strides, "padding": padding}
        if _all(ins, outs, pool, strides, padding, moved) and found not in seen:
            seen.append(found)
            yield found


def _sides(size: int, out: int) -> Sizes:
    """Sides of pools that part `size` places into `out`: one that leaves none over, the smallest.

    Where none does it is the nearest; with the padding "same" the last pool may be incomplete.
    """
    smallest, even, padded = size // (out + 1) + 1, size // out, -(-size // out)
    first = (even,) if size >= out and size % out == 0 else ()
    return tuple(side for side in (*first, smallest, padded) if side > 0)
