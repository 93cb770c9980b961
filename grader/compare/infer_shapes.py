"""Compare: what a printed row implies for layers that only change the shape."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from grader.compare.windows import Settings

Sizes = tuple[int, ...]


def padded(layer: str, ins: Sizes, outs: Sizes, _params: int) -> Iterator[Settings]:
    """What is added to both ends of each axis, or cut off; of an odd number more at the end.

    So the applications of Keras pad: for strides of 2 nothing before and one behind.
    """
    sign, key = (1, "padding") if layer.startswith("ZeroPadding") else (-1, "cropping")
    amounts = [sign * (out - size) for size, out in zip(ins[:-1], outs[:-1], strict=False)]
    if ins[-1] != outs[-1] or len(ins) != len(outs) or min(amounts) < 0:
        return
    pairs = [(amount // 2, amount - amount // 2) for amount in amounts]
    others = [(after, before) for before, after in pairs]
    for found in (pairs, others) if pairs != others else (pairs,):
        yield {key: found[0] if len(found) == 1 else tuple(found)}


def upsampled(layer: str, ins: Sizes, outs: Sizes, _params: int) -> Iterator[Settings]:
    """How many times each axis is."""
    factors = [divmod(out, size) for size, out in zip(ins[:-1], outs[:-1], strict=False)]
    if len(ins) == len(outs) and not any(rest for _, rest in factors):
        sizes = tuple(factor for factor, _ in factors)
        yield {"size": sizes[0] if layer.endswith("1D") else sizes}


def permuted(_layer: str, ins: Sizes, outs: Sizes, _params: int) -> Iterator[Settings]:
    """Orders of the axes that give the shape, the first one not the order that it has."""
    orders = [
        dims
        for dims in permutations(range(1, len(ins) + 1))
        if tuple(ins[dim - 1] for dim in dims) == outs
    ]
    for dims in sorted(orders, key=lambda dims: (dims == tuple(sorted(dims)), dims)):
        yield {"dims": dims}


def repeated(_layer: str, ins: Sizes, outs: Sizes, _params: int) -> Iterator[Settings]:
    """How many times the vector comes."""
    if outs[1:] == ins:
        yield {"n": outs[0]}
