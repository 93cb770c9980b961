"""Compare: what a printed row implies for layers of sequences, by solving for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.compare.windows import Settings
from grader.records import Shape

_GATES = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}
_USUAL_HEADS = (8, 4, 2, 12, 16, 1, 3, 6)

Sizes = tuple[int, ...]


def embedding(_layer: str, ins: Sizes, outs: Sizes, params: int) -> Iterator[Settings]:
    """The size of the vocabulary, and of the vectors."""
    words, rest = divmod(params, outs[-1])
    if not rest and outs[:-1] == ins:
        yield {"input_dim": words, "output_dim": outs[-1]}


def recurrent(layer: str, ins: Sizes, outs: Sizes, params: int) -> Iterator[Settings]:
    """Units, bias, and whether every step gives its output; two axes in, one or two out."""
    units = outs[-1]
    for biases, bias in ((1, True), (0, False)):
        if _shaped(ins, outs) and params == _count(layer, ins[-1], units, biases):
            yield {"units": units, "use_bias": bias, "return_sequences": len(outs) == len(ins)}


def reset_after(layer: str, ins: Sizes, outs: Sizes, params: int) -> Iterator[Settings]:
    """The same for a GRU, which has two biases since Keras 2.

    Without a bias it does not show which of the two it is.
    """
    if _shaped(ins, outs) and params == _count(layer, ins[-1], outs[-1], 2):
        yield {
            "units": outs[-1],
            "use_bias": True,
            "return_sequences": len(outs) == len(ins),
            "reset_after": True,
        }
    for found in recurrent(layer, ins, outs, params):
        yield found | ({"reset_after": False} if found["use_bias"] else {})


def bidirectional(_layer: str, ins: Sizes, outs: Sizes, params: int) -> Iterator[Settings]:
    """The layer that goes both ways, which the row does not name, and how the ways are joined."""
    if params % 2:
        return
    for merge_mode, parts in (("concat", 2), ("sum", 1), ("mul", 1), ("ave", 1)):
        each = (*outs[:-1], outs[-1] // parts)
        for inner, solve in (("LSTM", recurrent), ("GRU", reset_after), ("SimpleRNN", recurrent)):
            for found in solve(inner, ins, each, params // 2) if not outs[-1] % parts else ():
                yield {"wrapped": inner, **found, "merge_mode": merge_mode}


def attention_heads(
    shape: Shape, features: Sequence[int | None], params: int
) -> Iterator[Settings]:
    """Numbers of heads and sizes of keys; only their product shows."""
    sizes = [size for size in (*features, shape[-1]) if size is not None]
    if len(sizes) <= len(features):
        return
    query, value, key, out = sizes[0], sizes[1], sizes[-2], sizes[-1]
    for bias in (True, False):
        width, rest = divmod(
            params - (out if bias else 0), query + value + key + out + (3 if bias else 0)
        )
        if not rest and width > 0:
            usual = [n for n in _USUAL_HEADS if width % n == 0]
            others = [n for n in range(1, width + 1) if width % n == 0 and n not in usual]
            for heads in (*usual, *others):
                more: Settings = {} if out == query else {"output_shape": (out,)}
                yield {"num_heads": heads, "key_dim": width // heads, "use_bias": bias, **more}


def _shaped(ins: Sizes, outs: Sizes) -> bool:
    return len(ins) == 2 and outs[:-1] in ((), ins[:1])  # noqa: PLR2004 - time and features


def _count(layer: str, features: int, units: int, biases: int) -> int:
    return _GATES[layer] * units * (features + units + biases)
