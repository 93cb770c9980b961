"""The course's five networks as entries of a reply, made from their tables, to be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from grader.architecture.canonical import read_architecture
from grader.compare import compare
from grader.compare.steps import INPUT
from grader.compare.tables import reference_network
from grader.records import Comparison, Part, Rebuilt, Row, Shape, Summary
from grader.sheets import load_sheets

Entry = dict[str, Any]
# Layers by name, each with the names of the layers or inputs that feed it, in topological order.
Graph = Mapping[str, tuple[Entry, tuple[str, ...]]]
CompareEntries = Callable[..., Comparison]

PARTS = {part.id: part for sheet in load_sheets() for part in sheet.parts}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the tables of slips that were told otherwise, also when their tests pass."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    for report in reports:
        for name, table in getattr(report, "user_properties", ()):
            if name == "slips":
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {table}")


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
    for step in reference_network(part.reference, part.input_shape).steps:
        if step.kind == INPUT:
            continue
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


def chain(entries: Sequence[Entry]) -> Graph:
    """The layers one after the other, behind the input "x"."""
    names = ["x", *(f"layer_{index}" for index in range(len(entries)))]
    return {
        name: ({**layer}, (before,))
        for name, before, layer in zip(names[1:], names, entries, strict=False)
    }


def network_of(graph: Graph, inputs: Mapping[str, Shape]) -> Entry:
    """The NETWORK of a reply: named layers with the names that feed them; the last is the output.

    `inputs` are the shapes of the inputs by name, without the batch axis.
    """
    layers = [entry("InputLayer", batch_shape=[None, *shape]) for shape in inputs.values()]
    names = [*inputs, *graph]
    nodes = [{"layer": index, "inputs": [], "settings": {}} for index in range(len(inputs))]
    for layer, feeders in graph.values():
        # One layer under two names is used twice.
        known = next((i for i, one in enumerate(layers) if one is layer), len(layers))
        layers += [layer] if known == len(layers) else []
        fed_by = [[names.index(feeder), 0] for feeder in feeders]
        nodes.append({"layer": known, "inputs": fed_by, "settings": {}})
    return {
        "kind": "Functional",
        "name": "n",
        "layers": layers,
        "nodes": nodes,
        "inputs": list(range(len(inputs))),
        "outputs": [[len(names) - 1, 0]],
    }


def compare_graph(part: Part, graph: Graph, inputs: Mapping[str, Shape]) -> Comparison:
    """The comparison for a network that may branch; rows are those of the project's arithmetic.

    Raises ReplyError where the layers do not fit together.
    """
    architecture = read_architecture(network_of(graph, inputs))
    rebuilt = Rebuilt(architecture.rows, architecture.totals, architecture.input_shapes, None)
    return compare(part, architecture, rebuilt)


def compare_entries(
    part: Part, entries: Sequence[Entry], input_shape: Shape | None = None
) -> Comparison:
    """The comparison for a chain of these layers.

    Raises ReplyError where the layers do not fit together.
    """
    return compare_graph(part, chain(entries), {"x": input_shape or part.input_shape})


def part_of(graph: Graph, inputs: Mapping[str, Shape]) -> Part:
    """A part with the table of this network, as a Keras that prints connections prints it."""
    architecture = read_architecture(network_of(graph, inputs))
    num_inputs = len(inputs)
    names = [*inputs, *(f"{row.layer}_{i}" for i, row in enumerate(architecture.rows))]
    rows = [
        Row("InputLayer", shape, 0, name)
        for name, shape in zip(inputs, architecture.input_shapes, strict=True)
    ]
    for index, row in enumerate(architecture.rows, num_inputs):
        feeders = tuple(f"{names[i]}[0][0]" for i in architecture.layers[index].inputs)
        rows.append(replace(row, name=names[index], connections=feeders))
    table = Summary(tuple(rows), architecture.totals)
    shape = tuple(size or 1 for size in next(iter(inputs.values())))
    return replace(PARTS["cnn_a"], reference=table, input_shape=shape)


@pytest.fixture(scope="session")
def parts() -> dict[str, Part]:
    """The parts of the course by id."""
    return PARTS


@pytest.fixture(scope="session")
def solution() -> Callable[[Part], list[Entry]]:
    """`solution_entries`."""
    return solution_entries


@pytest.fixture(scope="session")
def network() -> Callable[[Part, Sequence[Entry]], Entry]:
    """The NETWORK of a reply that is a chain of these layers."""
    return lambda part, entries: network_of(chain(entries), {"x": part.input_shape})


@pytest.fixture(scope="session")
def compared() -> CompareEntries:
    """`compare_entries`."""
    return compare_entries


@pytest.fixture(scope="session")
def graph_compared() -> CompareEntries:
    """`compare_graph`."""
    return compare_graph


@pytest.fixture(scope="session")
def table_of() -> Callable[..., Part]:
    """`part_of`."""
    return part_of


@pytest.fixture(scope="session")
def layer() -> Callable[..., Entry]:
    """`entry`."""
    return entry
