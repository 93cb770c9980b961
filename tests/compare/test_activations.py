"""Activations that a table cannot show: those that are arguments of its layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from grader.records import Comparison, Part, Rule

Entry = dict[str, Any]
Layer = Callable[..., Entry]
Compared = Callable[..., Comparison]
Table = Callable[..., Part]

INPUT = {"x": (12,)}


def chained(*layers: Entry) -> dict[str, tuple[Entry, tuple[str, ...]]]:
    """The layers one after the other."""
    names = ["x", *map(str, range(len(layers)))]
    return {names[i + 1]: (layer, (names[i],)) for i, layer in enumerate(layers)}


@pytest.fixture
def part(layer: Layer, table_of: Table) -> Part:
    """The table of two Dense layers whose activations, if any, are arguments."""
    return table_of(chained(layer("Dense", units=6), layer("Dense", units=2)), INPUT)


def test_arguments_and_layers_are_free_where_the_table_has_no_row(
    part: Part, layer: Layer, graph_compared: Compared
) -> None:
    """Fused, a layer of its own, or none at all: the table looks the same."""
    fused = chained(
        layer("Dense", units=6, activation="relu"), layer("Dense", units=2, activation="softmax")
    )
    apart = chained(
        layer("Dense", units=6),
        layer("ReLU"),
        layer("Dense", units=2),
        layer("Activation", activation="softmax"),
    )
    half = chained(layer("Dense", units=6), layer("Dense", units=2, activation="softmax"))

    assert [True] * 3 == [graph_compared(part, g, INPUT).matches for g in (fused, apart, half)]
    assert () == graph_compared(part, fused, INPUT).notes[1:]
    assert "separate-activation:2" in graph_compared(part, apart, INPUT).notes


def test_a_second_activation_is_extra(part: Part, layer: Layer, graph_compared: Compared) -> None:
    """The table's layers have one activation at most."""
    twice = chained(
        layer("Dense", units=6, activation="relu"),
        layer("Activation", activation="relu"),
        layer("Dense", units=2, activation="softmax"),
    )
    comparison = graph_compared(part, twice, INPUT)

    assert not comparison.matches
    assert [(Rule.EXTRA_LAYER, 2)] == [(f.rule, f.row) for f in comparison.findings]


def test_an_extra_layer_goes_with_its_activation(
    part: Part, layer: Layer, graph_compared: Compared
) -> None:
    """One line too many is one finding, and not another for its activation."""
    more = chained(
        layer("Dense", units=6, activation="relu"),
        layer("Dense", units=5, activation="relu"),
        layer("Dense", units=2, activation="softmax"),
    )
    comparison = graph_compared(part, more, INPUT)

    assert [Rule.EXTRA_LAYER] == [finding.rule for finding in comparison.findings]


def test_an_activation_behind_another_layer_is_extra(
    layer: Layer, graph_compared: Compared, table_of: Table
) -> None:
    """BatchNormalization takes no activation, so the table's network has none behind it."""
    dense, norm, out = layer("Dense", units=6), layer("BatchNormalization"), layer("Dense", units=2)
    part = table_of(chained(dense, norm, out), INPUT)
    comparison = graph_compared(part, chained(dense, norm, layer("ReLU"), out), INPUT)

    assert [(Rule.EXTRA_LAYER, 3)] == [(f.rule, f.row) for f in comparison.findings]


def test_a_table_may_show_some_activations_only(
    layer: Layer, graph_compared: Compared, table_of: Table
) -> None:
    """Where no Activation row follows a layer its activation is free, and shown ones are not."""
    softmax = layer("Activation", activation="softmax")
    part = table_of(chained(layer("Dense", units=6), layer("Dense", units=2), softmax), INPUT)
    fused = chained(
        layer("Dense", units=6, activation="relu"),
        layer("Dense", units=2, activation="softmax"),
    )
    none_shown = chained(layer("Dense", units=6, activation="relu"), layer("Dense", units=2))
    missing = graph_compared(part, none_shown, INPUT)

    assert graph_compared(part, fused, INPUT).matches
    assert [Rule.OUTPUT_ACTIVATION] == [finding.rule for finding in missing.findings]
