"""The course's five networks as entries of a reply, made from their tables, to be compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from grader.architecture.canonical import read_architecture
from grader.compare import compare
from grader.compare.steps import reference_steps
from grader.records import Comparison, Part, Rebuilt, Shape
from grader.sheets import load_sheets

Entry = dict[str, Any]
CompareEntries = Callable[..., Comparison]

PARTS = {part.id: part for sheet in load_sheets() for part in sheet.parts}


def entry(kind: str, **config: object) -> Entry:
    """A LAYER of a reply."""
    return {
        "class": kind,
        "origin": "keras",
        "kind": "layer",
        "name": kind.lower(),
        "trainable": True,
        "config": config,
        "network": None,
    }


def solution_entries(part: Part) -> list[Entry]:
    """The layers of the part's solution: its table's, with the settings that the rows imply."""
    entries = []
    for step in reference_steps(part.reference, part.input_shape):
        config: dict[str, Any] = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in step.settings.items()
        }
        if step.kind == "Activation":
            config = {"activation": "relu"}
        if step.kind == "Dropout":
            config = {"rate": 0.3}
        entries.append(entry(step.kind, **config))
    entries[-1]["config"] = {"activation": "softmax"}
    return entries


def _network(entries: list[Entry], input_shape: Shape) -> Entry:
    layers = [entry("InputLayer", batch_shape=[None, *input_shape]), *entries]
    nodes = [
        {"layer": index, "inputs": [[index - 1, 0]] if index else [], "settings": {}}
        for index in range(len(layers))
    ]
    return {
        "kind": "Sequential",
        "name": "n",
        "layers": layers,
        "nodes": nodes,
        "inputs": [0],
        "outputs": [[len(layers) - 1, 0]],
    }


def compare_entries(
    part: Part, entries: list[Entry], input_shape: Shape | None = None
) -> Comparison:
    """The comparison for a chain of these layers; rows are those of the project's arithmetic.

    Raises ReplyError where the layers do not fit together.
    """
    architecture = read_architecture(_network(entries, input_shape or part.input_shape))
    rebuilt = Rebuilt(architecture.rows, architecture.totals, architecture.input_shapes, None)
    return compare(part, architecture, rebuilt)


@pytest.fixture(scope="session")
def parts() -> dict[str, Part]:
    """The parts of the course by id."""
    return PARTS


@pytest.fixture(scope="session")
def solution() -> Callable[[Part], list[Entry]]:
    """`solution_entries`."""
    return solution_entries


@pytest.fixture(scope="session")
def compared() -> CompareEntries:
    """`compare_entries`."""
    return compare_entries
