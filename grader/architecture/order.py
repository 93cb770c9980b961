"""Order: the steps of a network in an order that follows from its connections alone."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def canonical_order(
    first: Iterable[Node], outputs: Iterable[Node], inputs_of: Callable[[Node], Sequence[Node]]
) -> list[Node]:
    """`first`, then every node that an output needs, each once and after its own inputs.

    Outputs first asked for and inputs first named come first. What no output needs is left out.
    """
    order = list(first)
    done = set(order)
    for output in outputs:
        # A loop, since a chain of 2,000 layers is deeper than Python's own recursion may go.
        waiting = [output]
        while waiting:
            node = waiting[-1]
            missing = [i for i in inputs_of(node) if i not in done]
            if node in done or not missing:
                waiting.pop()
                if node not in done:
                    done.add(node)
                    order.append(node)
            else:
                waiting.extend(reversed(missing))
    return order
