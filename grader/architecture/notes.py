"""Notes: codes for what was written differently but counts as the same.

A note is "code" or "code:value:value"; no value holds a colon.

| code | values |
|---|---|
| functional | |
| nested | inner networks |
| batch-size | the size that an input fixes |
| fused-activation | layers |
| activation-layer | their class (ReLU, LeakyReLU, ELU, Softmax), layers |
| activation-operation | their class (Relu, Softmax ...), operations |
| linear-left-out | linear activations that stand between other layers |
| linear-output | none: the last layer is a linear activation, and left out |
| shared-activation | layers without weights that are used more than once |
| dtype | the type that is asked for, layers |
| call-setting | argument of a call that is not kept, layers |
| own-object | setting, name (own initializer ..., for which the default stands), layers |
| unknown-setting | class, setting (Keras' own, but outside the table: a row only), layers |
| compiled | optimizer or loss, as it may be typed: Keras' own, and another than the protocol's |
| own-optimizer, own-loss | name; the protocol's stands instead |
| unknown-optimizer, unknown-loss | name: Keras' own, outside the table; the protocol's stands |
| answer-cut | bytes |
| defined-twice | none: build_model is defined more than once |

Layers are counted and not named: most names are Keras', and were never written by anyone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

MAX_NOTES = 60
_CODE = re.compile(r"[a-z][a-z0-9-]{0,40}(:[^:\n]{0,80}){0,4}")


@dataclass(frozen=True)
class Noted:
    """A note before layers are counted; `layer` is the identity of one, None for the network."""

    code: str
    layer: tuple[int, ...] | None = None


def note(code: str, *values: str | int) -> str:
    """The code with its values, made fit to stand between colons."""
    parts = (str(value)[:80].replace(":", " ").replace("\n", " ") for value in values)
    return ":".join((code, *parts))


def notes_from(found: object) -> tuple[str, ...]:
    """Those of the notes in the reply that have the form of one."""
    items = found if isinstance(found, list) else []
    return tuple(i for i in items if isinstance(i, str) and _CODE.fullmatch(i))


def once(notes: list[str]) -> tuple[str, ...]:
    """The notes in their order, each once, at most MAX_NOTES of them."""
    return tuple(dict.fromkeys(notes))[:MAX_NOTES]


def counted(notes: Iterable[Noted]) -> tuple[str, ...]:
    """The notes in their order, each once, those on layers with the number of layers at the end.

    A layer that is used twice is one.
    """
    numbers = Counter((noted.code, noted.layer is not None) for noted in dict.fromkeys(notes))
    return once([note(code, n) if layers else code for (code, layers), n in numbers.items()])
