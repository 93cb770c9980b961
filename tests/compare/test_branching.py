"""Networks that branch: rows and connections are compared, whatever order they were written in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from grader.messages import architecture_message, finding_message
from grader.records import Comparison, Match, Part, Rule

Entry = dict[str, Any]
Graph = dict[str, tuple[Entry, tuple[str, ...]]]
Layer = Callable[..., Entry]
Compared = Callable[..., Comparison]
Table = Callable[..., Part]

IMAGE = {"x": (8, 8, 3)}


@pytest.fixture
def residual(layer: Layer) -> Graph:
    """Two convolutions with a way around the second and third, then the classes."""
    conv = {"kernel_size": [3, 3], "padding": "same"}
    return {
        "first": (layer("Conv2D", filters=4, **conv), ("x",)),
        "relu": (layer("Activation", activation="relu"), ("first",)),
        "second": (layer("Conv2D", filters=4, **conv), ("relu",)),
        "third": (layer("Conv2D", filters=4, **conv), ("second",)),
        "sum": (layer("Add"), ("third", "relu")),
        "flat": (layer("Flatten"), ("sum",)),
        "dense": (layer("Dense", units=2), ("flat",)),
        "out": (layer("Activation", activation="softmax"), ("dense",)),
    }


@pytest.fixture
def towers(layer: Layer) -> Graph:
    """Two branches of different kernels, side by side."""
    return {
        "stem": (layer("Conv2D", filters=4, kernel_size=[1, 1]), ("x",)),
        "small": (layer("Conv2D", filters=4, kernel_size=[1, 1]), ("stem",)),
        "small_pool": (layer("MaxPooling2D", pool_size=[2, 2], strides=[2, 2]), ("small",)),
        "large": (
            layer("Conv2D", filters=6, kernel_size=[3, 3], padding="same", strides=[2, 2]),
            ("stem",),
        ),
        "large_relu": (layer("Activation", activation="relu"), ("large",)),
        "both": (layer("Concatenate", axis=-1), ("small_pool", "large_relu")),
        "flat": (layer("Flatten"), ("both",)),
        "dense": (layer("Dense", units=2), ("flat",)),
        "out": (layer("Activation", activation="softmax"), ("dense",)),
    }


@pytest.fixture
def two_inputs(layer: Layer) -> Graph:
    """An image and a row of numbers, joined at the end."""
    return {
        "flat": (layer("Flatten"), ("x",)),
        "dense": (layer("Dense", units=6), ("flat",)),
        "numbers_dense": (layer("Dense", units=4), ("numbers",)),
        "both": (layer("Concatenate", axis=-1), ("dense", "numbers_dense")),
        "out": (layer("Dense", units=2), ("both",)),
    }


def changed(graph: Graph, **nodes: tuple[Entry, tuple[str, ...]]) -> Graph:
    """The graph with some of its layers replaced."""
    return {**graph, **nodes}


def without(graph: Graph, name: str, instead: str) -> Graph:
    """The graph without a layer; what it fed is fed by another."""
    return {
        key: (entry, tuple(instead if f == name else f for f in feeders))
        for key, (entry, feeders) in graph.items()
        if key != name
    }


def told(comparison: Comparison) -> list[tuple[Rule, int | None, str]]:
    """Rule, row and kind of the findings."""
    return [(finding.rule, finding.row, finding.kind) for finding in comparison.findings]


@pytest.mark.parametrize("name", ["residual", "towers"])
def test_the_same_network_matches(
    name: str, request: pytest.FixtureRequest, graph_compared: Compared, table_of: Table
) -> None:
    """A branching network is the network of its own table."""
    graph: Graph = request.getfixturevalue(name)

    assert graph_compared(table_of(graph, IMAGE), graph, IMAGE).matches


def test_a_sum_may_be_written_the_other_way_round(
    residual: Graph, layer: Layer, graph_compared: Compared, table_of: Table
) -> None:
    """Add()([a, b]) and Add()([b, a]) are the same network."""
    other = changed(residual, sum=(layer("Add"), ("relu", "third")))

    assert graph_compared(table_of(residual, IMAGE), other, IMAGE).matches


def test_equal_rows_are_told_apart_by_what_they_feed(
    layer: Layer, graph_compared: Compared, table_of: Table
) -> None:
    """Two equal convolutions are summed in either order, and each goes on to a layer of its own."""
    conv = {"filters": 3, "kernel_size": [3, 3], "padding": "same"}
    graph: Graph = {
        "one": (layer("Conv2D", **conv), ("x",)),
        "other": (layer("Conv2D", **conv), ("x",)),
        "sum": (layer("Add"), ("one", "other")),
        "relu": (layer("Activation", activation="relu"), ("one",)),
        "dropout": (layer("Dropout", rate=0.3), ("other",)),
        "all": (layer("Concatenate", axis=-1), ("sum", "relu", "dropout")),
    }
    turned = changed(graph, sum=(layer("Add"), ("other", "one")))

    assert graph_compared(table_of(graph, IMAGE), turned, IMAGE).matches


def test_rows_are_shown_in_the_order_of_the_table(
    towers: Graph, layer: Layer, graph_compared: Compared, table_of: Table
) -> None:
    """Whichever branch the student joins first, the rows stand as they are printed."""
    part = table_of(towers, IMAGE)
    other = changed(towers, both=(layer("Concatenate", axis=-1), ("large_relu", "small_pool")))
    comparison = graph_compared(part, other, IMAGE)

    assert list(part.reference.rows[1:]) == [row.reference for row in comparison.rows]


def test_a_way_around_from_the_wrong_layer_does_not_pass(
    residual: Graph, layer: Layer, graph_compared: Compared, table_of: Table
) -> None:
    """All rows and totals match, and the Add joins another layer: that is told, at its row."""
    other = changed(residual, sum=(layer("Add"), ("third", "first")))
    comparison = graph_compared(table_of(residual, IMAGE), other, IMAGE)

    assert not comparison.matches
    assert [(Rule.ORDER, 5, "connections")] == told(comparison)
    assert comparison.reference_totals == comparison.submitted_totals
    assert (
        "Your Add is connected to your third Conv2D and your first Conv2D, the table's to the "
        "third Conv2D and the first Activation: connect it likewise."
    ) == finding_message(comparison.findings[0])
    assert "row 5: the Add is connected otherwise" in architecture_message(comparison, 12)


def test_branches_joined_in_another_order_do_not_pass(
    towers: Graph, layer: Layer, graph_compared: Compared, table_of: Table
) -> None:
    """Concatenate keeps the order of its list, which is the only difference here."""
    other = changed(towers, both=(layer("Concatenate", axis=-1), ("large_relu", "small_pool")))
    comparison = graph_compared(table_of(towers, IMAGE), other, IMAGE)

    assert not comparison.matches
    assert [(Rule.ORDER, 6, "joined-order")] == told(comparison)
    assert (
        "Your Concatenate joins your first Activation and your MaxPooling2D in this order, the "
        "table's joins the MaxPooling2D and the first Activation: exchange them in the list that "
        "it is called on."
    ) == finding_message(comparison.findings[0])


def test_a_slip_in_a_branch_is_one_finding(
    towers: Graph, layer: Layer, graph_compared: Compared, table_of: Table
) -> None:
    """What a wrong layer shifts behind the join is not told, in whatever order it is joined."""
    part = table_of(towers, IMAGE)
    large = (
        layer("Conv2D", filters=7, kernel_size=[3, 3], padding="same", strides=[2, 2]),
        ("stem",),
    )
    comparison = graph_compared(part, changed(towers, large=large), IMAGE)

    assert [(Rule.FILTERS, 4, "")] == told(comparison)
    assert [(Rule.MISSING_LAYER, 5, "")] == told(
        graph_compared(part, without(towers, "large_relu", "large"), IMAGE)
    )


def test_a_forgotten_join_is_one_finding_with_its_branch(
    towers: Graph, residual: Graph, graph_compared: Compared, table_of: Table
) -> None:
    """A branch that leads nowhere without its Add or Concatenate is part of the same slip."""
    chain = without(without(towers, "both", "small_pool"), "large_relu", "large")
    one_tower = graph_compared(table_of(towers, IMAGE), chain, IMAGE)
    no_sum = graph_compared(table_of(residual, IMAGE), without(residual, "sum", "third"), IMAGE)

    assert [(Rule.MISSING_LAYER, 4, "join")] == told(one_tower)
    assert [(Rule.MISSING_LAYER, 5, "join")] == told(no_sum)
    assert (
        "The table has an Add that joins the third Conv2D and the first Activation, and your "
        "network does not: call keras.layers.Add() on a list of these."
    ) == finding_message(no_sum.findings[0])


def test_an_extra_join_is_one_finding(
    residual: Graph, graph_compared: Compared, table_of: Table
) -> None:
    """A network that branches beside a table that does not: the Add is what is extra."""
    plain = table_of(without(residual, "sum", "third"), IMAGE)
    comparison = graph_compared(plain, residual, IMAGE)

    assert [(Rule.EXTRA_LAYER, 5, "join")] == told(comparison)
    assert "Your Add joins your third Conv2D and your first Activation" in finding_message(
        comparison.findings[0]
    )


def test_a_sum_in_place_of_a_concatenation_is_a_wrong_type(
    residual: Graph, layer: Layer, graph_compared: Compared, table_of: Table
) -> None:
    """Joins are easily taken for one another."""
    other = changed(residual, sum=(layer("Concatenate", axis=-1), ("third", "relu")))
    comparison = graph_compared(table_of(residual, IMAGE), other, IMAGE)

    assert [(Rule.WRONG_TYPE, 5, "")] == told(comparison)


def test_inputs_are_found_by_what_they_feed(
    two_inputs: Graph, graph_compared: Compared, table_of: Table
) -> None:
    """In which order the inputs of a network are given does not matter; one too few does."""
    inputs = {"x": (8, 8, 3), "numbers": (5,)}
    part = table_of(two_inputs, inputs)
    turned = graph_compared(part, two_inputs, {"numbers": (5,), "x": (8, 8, 3)})
    one = {**two_inputs, "numbers_dense": (two_inputs["numbers_dense"][0], ("flat",))}
    fewer = graph_compared(part, one, {"x": (8, 8, 3)})

    assert turned.matches
    assert [(Rule.INPUT_SHAPE, None, "count")] == told(fewer)[:1]


def test_a_match_is_told_row_by_row(
    residual: Graph, layer: Layer, graph_compared: Compared, table_of: Table
) -> None:
    """The row whose connections differ is the only one that is not the same."""
    other = changed(residual, sum=(layer("Add"), ("third", "first")))
    comparison = graph_compared(table_of(residual, IMAGE), other, IMAGE)

    assert [5] == [i for i, row in enumerate(comparison.rows, 1) if row.match is not Match.SAME]
