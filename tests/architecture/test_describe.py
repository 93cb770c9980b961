"""From a reply to a description: networks, faults, and that nothing else ever comes out."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.architecture import read_description
from grader.records import Description, Outcome, Part, Rule, Totals

Read = Callable[[dict[str, Any]], Description]


def layers_of(reply: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The outermost layers of a reply by their class."""
    return {layer["class"]: layer for layer in reply["model"]["layers"]}


def test_a_real_reply_gives_a_network(read: Read, reply: dict[str, Any]) -> None:
    """A reply of the sandbox's gives rows, totals, notes and compile settings."""
    found = read(reply)

    assert found.fault is None
    assert found.output == "printed"
    assert found.architecture is not None
    # 3*3*3*4+4, 4*4, 3*3*4*4+4, 100*5+5, 5*3+3
    assert found.architecture.totals == Totals(799, 791, 8)
    assert [row.params for row in found.architecture.rows if row.params] == [112, 16, 148, 505, 18]
    assert found.architecture.notes == (
        "functional",
        "nested:1",
        "batch-size:4",
        "activation-layer:ReLU:1",
        "fused-activation:2",
        "activation-operation:Softmax:1",
        "shared-activation:1",
    )
    assert found.compile is not None
    assert (found.compile.optimizer, found.compile.loss) == ("SGD", "CategoricalCrossentropy")


@pytest.mark.parametrize(
    ("rule", "outcome"),
    [
        ("syntax-error", Outcome.ERROR),
        ("returned-none", Outcome.ERROR),
        ("input-shape", Outcome.ERROR),
        ("memory-limit", Outcome.OUT_OF_MEMORY),
    ],
)
def test_errors_become_faults(
    read: Read, reply: dict[str, Any], rule: str, outcome: Outcome
) -> None:
    """What the student's code raised is a fault with Python's sentence, line and traceback."""
    error = {
        "rule": rule,
        "sentence": "E: x",
        "line": 3,
        "traceback": "t",
        "details": {"near": "y"},
    }

    fault = read({**reply, "status": "error", "model": None, "error": error}).fault

    assert fault is not None
    assert (fault.outcome, fault.rule) == (outcome, Rule(rule))
    assert fault.details == {"sentence": "E: x", "line": 3, "traceback": "t", "near": "y"}


def test_untouched_stub_is_not_attempted(read: Read, reply: dict[str, Any]) -> None:
    """The status not_attempted is an outcome of its own, without a rule."""
    fault = read({**reply, "status": "not_attempted", "model": None}).fault

    assert fault is not None
    assert (fault.outcome, fault.rule) == (Outcome.NOT_ATTEMPTED, None)


@pytest.mark.parametrize("rule", ["below-threshold", "passed", 3, None])
def test_rules_that_the_inside_cannot_know_are_refused(
    read: Read, reply: dict[str, Any], rule: object
) -> None:
    """A reply cannot claim a rule that only the grader can find."""
    error = {"rule": rule, "sentence": "", "line": None, "traceback": "", "details": {}}

    fault = read({**reply, "status": "error", "error": error}).fault

    assert fault is not None
    assert fault.rule is Rule.NOT_A_MODEL
    assert str(fault.details["found"]).startswith("error: ")


def test_own_layers_and_functions_are_named(read: Read, reply: dict[str, Any]) -> None:
    """A layer or an activation of the student's own is a custom-layer fault with its name."""
    own_layer, own_function = copy.deepcopy(reply), copy.deepcopy(reply)
    layers_of(own_layer)["Add"].update({"class": "MyAdd", "origin": "own"})
    function = {"class": "function", "origin": "own", "config": {"name": "my_act"}}
    layers_of(own_function)["Dense"]["config"]["activation"] = function

    faults = [read(document).fault for document in (own_layer, own_function)]

    assert [fault and fault.rule for fault in faults] == [Rule.CUSTOM_LAYER] * 2
    assert [fault and fault.details for fault in faults] == [
        {"class": "MyAdd", "layer": layers_of(reply)["Add"]["name"]},
        {
            "class": "my_act",
            "layer": layers_of(reply)["Dense"]["name"],
            "what": "function",
        },
    ]


def test_lambda_is_a_custom_layer(read: Read, reply: dict[str, Any]) -> None:
    """Keras' own Lambda holds the student's code, whatever the reply says of its origin."""
    layers_of(reply)["Add"]["class"] = "Lambda"

    fault = read(reply).fault

    assert fault is not None
    assert fault.rule is Rule.CUSTOM_LAYER


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("units", True, "units: True is not a whole number"),
        ("units", 0, "units: 0 is not between 1 and"),
        ("units", 10**13, "is not between 1 and"),
        ("units", 3.0, "units: 3.0 is not a whole number"),
        ("use_bias", 1, "use_bias: 1 is neither true nor false"),
        ("module", "os", "unknown setting module"),
        ("kernel_regularizer", "l2", "'l2' is no object of Keras"),
        ("activation", 3, "3 is no activation"),
    ],
)
def test_settings_out_of_their_range_are_refused(
    read: Read, reply: dict[str, Any], key: str, value: object, sentence: str
) -> None:
    """A setting of the wrong type or range, or one that is not in the table, refuses the reply."""
    layers_of(reply)["Dense"]["config"][key] = value

    fault = read(reply).fault

    assert fault is not None
    assert (fault.outcome, fault.rule) == (Outcome.ERROR, Rule.NOT_A_MODEL)
    assert "form" == fault.details["refused"]
    assert sentence in str(fault.details["found"])


def test_too_many_parameters_are_out_of_memory(read: Read, reply: dict[str, Any]) -> None:
    """Parameters are counted and capped before anything is built."""
    layers_of(reply)["Dense"]["config"]["units"] = 10**8

    fault = read(reply).fault

    assert fault is not None
    assert (fault.outcome, fault.rule) == (Outcome.OUT_OF_MEMORY, Rule.MEMORY_LIMIT)
    assert fault.details["limit"] == 100_000_000


def test_layers_outside_the_table_get_a_row(read: Read, reply: dict[str, Any]) -> None:
    """A Keras layer that the table does not know has its class, no shape and no count."""
    layers_of(reply)["Add"].update({"class": "LSTM", "config": {"units": 3}})

    found = read(reply)

    assert found.architecture is not None
    row = next(row for row in found.architecture.rows if row.layer == "LSTM")
    assert (row.shape, row.params) == (None, None)
    assert found.architecture.totals == Totals(None, None, None)
    assert found.architecture.rows[-1].shape is None


@pytest.mark.parametrize(
    "own",
    [
        {"class": "Mine", "origin": "own", "config": {}},
        {"class": "function", "origin": "own", "config": {"name": "Mine"}},
    ],
)
def test_own_initializers_give_way_with_a_note(
    read: Read, reply: dict[str, Any], own: dict[str, Any]
) -> None:
    """An initializer of the student's own is replaced by Keras' default."""
    layers_of(reply)["Conv2D"]["config"]["kernel_initializer"] = own

    found = read(reply)

    assert found.architecture is not None
    assert "own-object:kernel_initializer:Mine:1" in found.architecture.notes
    kept = found.architecture.layers[1].config["kernel_initializer"]
    assert kept == {"class": "GlorotUniform", "config": {}}


def test_connections_must_lead_backwards(read: Read, reply: dict[str, Any]) -> None:
    """A loop, or a connection to nowhere, refuses the reply."""
    for target in (3, 99):
        broken = copy.deepcopy(reply)
        broken["model"]["nodes"][3]["inputs"] = [[target, 0]]

        fault = read(broken).fault

        assert fault is not None
        assert f"output 0 of node {target}, which is not there yet" in str(fault.details)


@pytest.mark.parametrize("empty", [False, True])
def test_networks_called_again_and_again_are_bounded(
    read: Read,
    reply: dict[str, Any],
    empty: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Networks in networks that each call the next ten times do not run away."""
    inner = reply["model"]
    sequential = next(y["network"] for y in inner["layers"] if y["kind"] == "network")
    first, *_ = sequential["layers"]
    bare = {"layers": [first], "nodes": sequential["nodes"][:1], "outputs": [[0, 0]]}
    network = sequential | bare if empty else sequential
    for _ in range(8):
        wrapped = {
            **inner["layers"][1],
            "class": "Sequential",
            "kind": "network",
            "network": network,
        }
        nodes = [{"layer": 0, "inputs": [], "settings": {}}]
        nodes += [{"layer": 1, "inputs": [[index, 0]], "settings": {}} for index in range(10)]
        network = {
            "kind": "Functional",
            "name": "n",
            "layers": [first, wrapped],
            "nodes": nodes,
            "inputs": [0],
            "outputs": [[10, 0]],
        }

    fault = read({**reply, "model": network}).fault

    assert fault is not None
    assert "layers" in str(fault.details["found"])


ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "keras", "own", "relu", "Lambda", "Dense", "Add", "channels_first", "\x1b[2J"]
    ),
    st.lists(st.integers(-9, 9), max_size=4),
    st.dictionaries(st.sampled_from(["class", "origin", "config", "name"]), st.text(max_size=5)),
    st.just({"class": "L2", "origin": "keras", "config": {}}),
    st.just({"class": "Sequential", "origin": "keras", "config": {"layers": []}}),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 - any JSON
    """The paths of all values inside a JSON value."""
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(found for key, item in items for found in places(item, (*path, key)))]


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_mutated_replies_always_give_a_description(
    data: st.DataObject, real_reply: bytes, part: Part
) -> None:
    """Whatever values are changed, moved or left out, reading a reply ends in a description."""
    document = json.loads(real_reply)
    for _ in range(data.draw(st.integers(1, 4))):
        paths = [path for path in places(document) if path]
        *steps, last = data.draw(st.sampled_from(paths))
        inside = document
        for step in steps:
            inside = inside[step]
        change = data.draw(st.sampled_from(["replace", "leave out", "copy"]))
        if change == "leave out":
            del inside[last]
        elif change == "copy":
            other = document
            for step in data.draw(st.sampled_from(paths)):
                other = other[step] if not isinstance(other, dict) or step in other else None
                if other is None:
                    break
            inside[last] = copy.deepcopy(other)
        else:
            inside[last] = copy.deepcopy(data.draw(ODD))

    found = read_description(json.dumps(document).encode(), part, "")

    assert (found.architecture is None) != (found.fault is None)


@settings(max_examples=200, deadline=None)
@given(noise=st.binary(max_size=40), at=st.integers(0, 12_000), length=st.integers(0, 40))
def test_mutated_bytes_always_give_a_description(
    real_reply: bytes, part: Part, noise: bytes, at: int, length: int
) -> None:
    """Bytes put in, taken out or changed end in a description too."""
    found = read_description(real_reply[:at] + noise + real_reply[at + length :], part, "")

    assert (found.architecture is None) != (found.fault is None)
