"""Telling: layers by their class and number, as a student finds them in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from grader.messages.words import article, count, joined, ordinal
from grader.records import Value

Values: TypeAlias = Mapping[str, Value]

# So many layers of a long gap are named, the others are counted.
_MOST_NAMED = 5


def yours(values: Values, name: str = "submitted") -> str:
    """The layer as the student knows it: `your second Conv2D`, or `your Flatten`.

    Where several of a class have the same slip: `your first, second and third Conv2D`, or `all 4
    of your Conv2D`.
    """
    numbers = values.get("ordinals")
    if isinstance(numbers, tuple):
        if len(numbers) == values.get(f"{name}_count"):
            return f"all {len(numbers)} of your {values.get(name, 'layer')}"
        which = joined([ordinal(number) for number in numbers if isinstance(number, int)])
        return f"your {which} {values.get(name, 'layer')}"
    return f"your {nth(values, name)}"


def nth(values: Values, name: str) -> str:
    """The layer with its number among those of its class: `second Conv2D`, or `Flatten`."""
    keys = (name, f"{name}_ordinal", f"{name}_count")
    return _nth(*(values.get(key) for key in keys))


def _nth(layer: Value, number: Value, total: Value) -> str:
    called = "input" if layer == "InputLayer" else layer
    return f"{ordinal(number)} {called}" if isinstance(number, int) and total != 1 else f"{called}"


def listed(value: Value, whose: str) -> str:
    """Several layers by class and number: `your first Conv2D and your Flatten`."""
    items = value if isinstance(value, tuple) else ()
    return joined([f"{whose} {_nth(*item)}" for item in items if isinstance(item, tuple)])


def several(layers: Sequence[str]) -> str:
    """Neighbouring layers: `a Conv2D and an Activation`; of many, the first and a count."""
    named = [article(layer) for layer in layers]
    if len(named) > _MOST_NAMED + 1:
        named = [*named[:_MOST_NAMED], count(len(named) - _MOST_NAMED, "more layer")]
    return joined(named)
