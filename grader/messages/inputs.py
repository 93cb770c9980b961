"""Telling: a network that starts from another input than the table, whoever noticed it."""

from __future__ import annotations

from math import prod

Sizes = tuple[int | None, ...]


def input_sentence(found: Sizes, expected: Sizes) -> str:
    """Both shapes (without batch axis), and what to write; the usual slips are named."""
    advice = f"use keras.Input(shape={expected})"
    head = f"Your network takes an input of shape {found}, the table starts from {expected}"
    if len(found) == len(expected) + 1 and found[1:] == expected:
        return f"{head}: keras.Input wants the shape of one image, without the batch in front; " + (
            advice + "."
        )
    if found != expected and found == (*expected[-1:], *expected[:-1]):
        return f"{head}: Keras wants height, width and then the channels; {advice}."
    if _num_values(found) == _num_values(expected) and len(found) > len(expected):
        return (
            f"{head}: each image comes as one flat row of numbers already; {advice}, then nothing "
            "in front has to make it flat."
        )
    if _num_values(found) == _num_values(expected) and len(found) < len(expected):
        return f"{head}: convolutions need the image itself, not a flat row of it; {advice}."
    return f"{head}: {advice}."


def _num_values(shape: Sizes) -> int | None:
    sizes = [size for size in shape if size is not None]
    return prod(sizes) if len(sizes) == len(shape) else None
