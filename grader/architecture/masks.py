"""Masks: what Keras passes on by itself behind an Embedding(mask_zero=True) or a Masking.

In a functional model the steps to skip are tensors of their own, computed by operations between the
layers and handed to every layer that heeds them. They follow from the layer that begins with it, so
they are no part of the network: taken out here, they come again when it is built.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from grader.architecture.network import Call, Calls
from grader.architecture.prepared import TENSORS
from grader.records import Json


def without_masks(calls: Calls) -> Calls:
    """The calls without the masks that Keras handed to them itself.

    A mask of the student's own stays, and so does one that is used as data.
    """
    masks = _masks(calls.calls)
    if not masks:
        return calls
    return replace(calls, calls=tuple(_unmasked(call, masks) for call in calls.calls))


def _masks(calls: Sequence[Call]) -> Collection[int]:
    """Indices of the operations that give a mask of Keras' own."""
    begun = {(call.inputs[0], value) for call in calls for value in _skipped(call)}
    masks: set[int] = set()
    for index, call in enumerate(calls):
        if call.operation and call.inputs:
            compared = call.class_name == "NotEqual" and len(call.inputs) == 1
            begins = compared and (call.inputs[0], _constant(call)) in begun
            if begins or masks.issuperset(call.inputs):
                masks.add(index)
    return masks


def _skipped(call: Call) -> list[float]:
    """The value that a layer takes for no step at all, if it begins a mask."""
    # keras 3.15: Embedding.compute_mask and Masking.compute_mask.
    value = call.config.get("mask_value")
    if call.class_name == "Masking" and isinstance(value, int | float) and call.inputs:
        return [float(value)]
    begins = call.class_name == "Embedding" and call.config.get("mask_zero") is True
    return [0.0] if begins and call.inputs else []


def _constant(call: Call) -> float | None:
    given = call.settings.get("args")
    last = given[-1] if isinstance(given, list) and given else None
    return float(last) if isinstance(last, int | float) else None


def _unmasked(call: Call, masks: Collection[int]) -> Call:
    names = call.settings.get(TENSORS)
    if call.operation or not isinstance(names, list):
        return call
    left: list[Json] = [name for name in names if not str(name).endswith("mask")]
    inputs = tuple(index for index in call.inputs if index not in masks)
    # Fewer masks than arguments for one: there is one of the student's own among them.
    if len(call.inputs) - len(inputs) < len(names) - len(left):
        return call
    others = {key: value for key, value in call.settings.items() if key != TENSORS}
    settings = others | ({TENSORS: left} if left else {})
    return replace(call, inputs=inputs, settings=settings)
