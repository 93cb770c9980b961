"""Notes: codes for what was written differently but counts as the same.

A note is "code" or "code:value:value"; no value holds a colon.

| code | values |
|---|---|
| functional | |
| nested | name of the inner network |
| batch-size | the size that an input fixes |
| fused-activation | layer, function |
| activation-layer | layer, its class (ReLU, LeakyReLU, ELU, Softmax) |
| activation-operation | its class (Relu, Softmax ...) |
| linear-left-out | layer |
| shared-activation | layer: one layer without weights, used more than once |
| dtype | layer, the type it asks for |
| call-setting | layer, setting: an argument of a call that is not kept |
| own-object | layer, setting, name: own initializer ..., for which the default stands |
| unknown-setting | layer, setting: Keras' own, but outside the table; the layer gets a row only |
| own-optimizer, own-loss | name; the protocol's stands instead |
| unknown-optimizer, unknown-loss | name: Keras' own, outside the table; the protocol's stands |
| answer-cut | bytes |
"""

from __future__ import annotations

import re

MAX_NOTES = 60
_CODE = re.compile(r"[a-z][a-z0-9-]{0,40}(:[^:\n]{0,80}){0,4}")


def note(code: str, *values: str | int) -> str:
    """The code with its values, made fit to stand between colons."""
    parts = (str(value).replace(":", " ").replace("\n", " ")[:80] for value in values)
    return ":".join((code, *parts))


def notes_from(found: object) -> tuple[str, ...]:
    """Those of the notes in the reply that have the form of one."""
    items = found if isinstance(found, list) else []
    return tuple(i for i in items if isinstance(i, str) and _CODE.fullmatch(i))


def once(notes: list[str]) -> tuple[str, ...]:
    """The notes in their order, each once, at most MAX_NOTES of them."""
    return tuple(dict.fromkeys(notes))[:MAX_NOTES]
