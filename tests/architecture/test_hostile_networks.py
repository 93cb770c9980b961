"""Networks that no Keras would describe: refused in words, or read, and always within a second."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from grader.architecture import layer_effect, read_description
from grader.architecture.reply import MAX_BYTES
from grader.records import Description, Layer, Outcome, Part, Rule

Object = dict[str, Any]
Say = Callable[[Object], Description]

# Reading takes a tenth of it on an idle machine; what took minutes before takes minutes still.
MOST_SECONDS = 5.0


def layer(class_name: str, config: Object | None = None, **changes: object) -> Object:
    """A layer as a reply has it."""
    usual = {"class": class_name, "origin": "keras", "kind": "layer", "name": "n"}
    return {**usual, "trainable": True, "config": config or {}, "network": None, **changes}


def inputs(*shape: int) -> Object:
    """An InputLayer of this shape."""
    return layer("InputLayer", {"batch_shape": [None, *shape]})


def node(index: int, *sources: int, settings: Object | None = None) -> Object:
    """A use of the layer with this index, on the first outputs of other nodes."""
    return {"layer": index, "inputs": [[s, 0] for s in sources], "settings": settings or {}}


def network(layers: list[Object], nodes: list[Object], /, **changes: object) -> Object:
    """A functional network with one input; its last node is the output."""
    usual = {"kind": "Functional", "name": "m", "layers": layers, "nodes": nodes}
    return {**usual, "inputs": [0], "outputs": [[len(nodes) - 1, 0]], **changes}


def one(*layers: Object, settings: Object | None = None) -> Object:
    """A chain of these layers on three numbers."""
    calls = [node(i + 1, i, settings=settings) for i in range(len(layers))]
    return network([inputs(3), *layers], [node(0), *calls])


def dense(**settings: object) -> Object:
    """A chain of one Dense layer with further settings."""
    return one(layer("Dense", {"units": 3, **settings}))


def called(inner: Object, times: int = 1600) -> Object:
    """The network, used on its own output again and again."""
    inside = layer("Functional", kind="network", network=inner)
    return network([inputs(3), inside], [node(0), *(node(1, i) for i in range(times))])


def nested(depth: int) -> Object:
    """Networks inside each other."""
    inner = one(layer("Identity"))
    for _ in range(depth):
        inner = called(inner, 1)
    return inner


def doubled(depth: int) -> Object:
    """Networks that each call the one inside twice."""
    inner = one(layer("Identity"))
    for _ in range(depth):
        inner = called(inner, 2)
    return inner


@pytest.fixture
def say(reply: Object, part: Part) -> Say:
    """The description that a reply with this network gives, within the time that it may take."""

    def read(model: Object) -> Description:
        raw = json.dumps({**reply, "model": model, "compile": None}).encode()
        assert len(raw) <= MAX_BYTES
        started = time.process_time()
        description = read_description(raw, part, "")
        assert time.process_time() - started < MOST_SECONDS
        return description

    return read


LONG = "x" * 3_900_000
OWN = {"origin": "own", "class": "f" * 60_000, "config": {}}
KERAS_LONG = {"origin": "keras", "class": LONG, "config": {}}
ZEROS = {"origin": "keras", "class": "Zeros", "config": {}}


@pytest.mark.parametrize(
    "model",
    [
        pytest.param(
            called(one(layer("Dense", {"units": 3}), settings={f"k{i}": 1 for i in range(60)})),
            id="settings",
        ),
        pytest.param(called(dense(**{f"k{i}_constraint": OWN for i in range(59)})), id="own"),
        pytest.param(called(dense(activation=LONG)), id="activation"),
        pytest.param(called(dense(kernel_initializer=KERAS_LONG)), id="initializer"),
        pytest.param(called(dense(quantization_config=LONG)), id="quantization"),
        pytest.param(called(dense(dtype=LONG)), id="dtype"),
        pytest.param(called(one(layer("Dropout", {"rate": 0.1, "seed": [1] * 90_000}))), id="seed"),
        pytest.param(one(*[layer("Dense", {"units": 3}) for _ in range(1990)]), id="long"),
        pytest.param(nested(15), id="nested"),
        pytest.param(
            network(
                [inputs(3), layer("Add")],
                [node(0), *(node(1, *(max(i - k, 0) for k in range(34))) for i in range(1990))],
            ),
            id="dense-connections",
        ),
    ],
)
def test_the_worst_networks_that_keep_the_rules_are_read_in_time(model: Object, say: Say) -> None:
    """What one layer costs, it costs once: not for every use of the network around it."""
    description = say(model)

    assert description.fault is None


def refused(description: Description) -> str:
    """Why the reply was refused; it has to have been."""
    assert description.architecture is None
    assert description.fault is not None
    assert description.fault.outcome is Outcome.ERROR
    assert description.fault.rule is Rule.NOT_A_MODEL
    return str(description.fault.details["found"])


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (
            called(one(layer("Identity"), settings={f"k{i}": 1 for i in range(20_000)})),
            "20000 settings, at most 60",
        ),
        (
            called(one(layer("Identity", {f"k{i}_initializer": OWN for i in range(61)}))),
            "61 settings, at most 60",
        ),
        (
            called(network([inputs(3), *[layer("Identity")] * 1900], [node(0)]), 4990),
            "InputLayer|more than 5000",
        ),
        (doubled(15), "more than 5000 layers"),
        (nested(19), "nested more than 60 deep"),
        (network([inputs(3)] * 2001, [node(0)]), "list of 1 to 2000 items"),
        (one(layer("Concatenate", {"axis": [1, 2]})), "axis: list is not a whole number"),
        (dense(units=True), "True is not a whole number"),
        (dense(units=0), "0 is not between 1"),
        (dense(units=-8), "-8 is not between 1"),
        (dense(units="8"), "'8' is not a whole number"),
        (dense(units=10**13), "10000000000000 is not between 1"),
        (one(layer("Dense", {"units": 8, "unit": 8})), "unknown setting unit"),
        (
            one(layer("Dense", {"units": 8, "bias_initializer": {**ZEROS, "module": "keras"}})),
            "bias_initializer: dict is no object of Keras",
        ),
        (
            network([layer("InputLayer", {"batch_shape": [None] * 99})], [node(0)]),
            "list of 1 to 8 items",
        ),
        (
            network([layer("InputLayer", {"batch_shape": [None, 0]})], [node(0)]),
            "0 is not between 1",
        ),
        (
            network([inputs(3), layer("Identity")], [node(0), node(1, 1)]),
            "output 0 of node 1, which is not there yet",
        ),
        (
            network([inputs(3), layer("Identity")], [node(0), node(1, 7)]),
            "output 0 of node 7, which is not there yet",
        ),
        (network([inputs(3), layer("Identity")], [node(0), node(1)]), "a layer without an input"),
        (network([inputs(3), layer("Identity")], [node(0), node(2, 0)]), "layer 2 of 2"),
        (network([inputs(3)], [node(0)], inputs=[-1]), "-1 is not between 0"),
        (network([inputs(3)], [node(0)], inputs=[0, 0]), "twice the same one"),
        (network([inputs(3)], [node(0)], inputs=[1]), "inputs that are no nodes"),
        (network([inputs(3)], [node(0)], outputs=[[0, 1]]), "output 1 of node 0"),
        (network([inputs(3)], [node(0)], outputs="[0, 0]"), "'.*' is not a list of 1 to 64"),
        (network([inputs(3)], [node(0)], nodes="x"), "'x' is not a list"),
        (
            network([inputs(3), layer("Functional", kind="network")], [node(0), node(1, 0)]),
            "a network without its layers",
        ),
        (one(layer("keras.layers.Dense\n", {})), "a layer of class 'keras"),
        (one(layer("__import__('os')", {})), "a layer of class"),
    ],
)
def test_what_no_network_is_like_is_refused_in_words(
    model: Object, sentence: str, say: Say
) -> None:
    """The outcome is an error that says what was found; nothing is raised, and nothing built."""
    assert re.search(sentence, refused(say(model)))


@pytest.mark.parametrize(
    ("model", "limit"),
    [
        (dense(units=10**9), "params"),
        (one(*[layer("Dense", {"units": 9_000})] * 3), "params"),
        (one(layer("RepeatVector", {"n": 10**9})), "values"),
        (
            one(layer("Reshape", {"target_shape": [3, 1]}), layer("UpSampling1D", {"size": 10**9})),
            "values",
        ),
        (one(*[layer("Concatenate")] * 3, *[layer("RepeatVector", {"n": 10**9})]), "values"),
    ],
)
def test_sizes_are_capped_by_arithmetic(model: Object, limit: str, say: Say) -> None:
    """Nothing is allocated for a network of billions of numbers; the limit is named."""
    fault = say(model).fault

    assert fault is not None
    assert (Outcome.OUT_OF_MEMORY, Rule.MEMORY_LIMIT) == (fault.outcome, fault.rule)
    assert {limit, "limit"} == fault.details.keys()


def test_one_layer_on_two_shapes_is_refused(say: Say) -> None:
    """Weights can be shared only where their number is the same."""
    layers = [inputs(3), layer("Dense", {"units": 5}), layer("Dense", {"units": 5})]
    model = network(layers, [node(0), node(1, 0), node(2, 1), node(1, 2)])

    assert "one layer with two numbers of weights" in refused(say(model))


def test_names_are_cut_and_harmless(say: Say) -> None:
    """A layer may be called anything: what arrives is short and without terminal codes."""
    name = "<script>\x1b[2J\u202e" + "n" * 900
    description = say(one(layer("Dense", {"units": 3}, name=name)))

    assert description.architecture is not None
    assert "<script>?[2J?" + "n" * 87 == description.architecture.rows[0].name


def test_a_supposed_layer_with_settings_of_another_class_has_no_effect() -> None:
    """A comparison may try the kernel of a Conv2D on a Conv1D: there is no such layer."""
    one_axis: Object = {"filters": 4, "kernel_size": [3], "strides": [1], "dilation_rate": [1]}
    config = {**one_axis, "padding": "same", "groups": 1, "use_bias": True}
    right, wrong = Layer("Conv1D", config), Layer("Conv1D", {**config, "kernel_size": [3, 3]})

    effects = [layer_effect(layer, [(None, 7, 2)]) for layer in (right, wrong)]

    # 3 * 2 * 4 + 4
    assert [((None, 7, 4), 28), (None, None)] == effects
