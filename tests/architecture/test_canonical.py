"""Canonical form: one network in many spellings is one digest, and a changed one is another."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.architecture.canonical import read_architecture
from grader.architecture.refusals import ReplyError, TooLargeError
from grader.records import Architecture, Json, Totals

Entry = dict[str, Any]
INPUT = (12, 12, 3)


def layer(kind: str, trainable: bool = True, name: str = "", **config: Any) -> Entry:  # noqa: ANN401, FBT001, FBT002 - any JSON, as in Keras
    """A LAYER of a reply; `name` is made up where it does not matter."""
    return {
        "class": kind,
        "origin": "keras",
        "kind": "layer",
        "name": name or kind.lower(),
        "trainable": trainable,
        "config": config,
        "network": None,
    }


def operation(kind: str, **config: Any) -> Entry:  # noqa: ANN401 - any JSON
    """A LAYER for an operation of keras.ops."""
    return {**layer(kind, **config), "kind": "operation"}


def chain(entries: list[Entry], kind: str = "Sequential", batch: int | None = None) -> Entry:
    """A NETWORK of layers one after another on INPUT."""
    layers = [layer("InputLayer", batch_shape=[batch, *INPUT]), *entries]
    nodes = [
        {"layer": index, "inputs": [[index - 1, 0]] if index else [], "settings": {}}
        for index in range(len(layers))
    ]
    return {
        "kind": kind,
        "name": "n",
        "layers": layers,
        "nodes": nodes,
        "inputs": [0],
        "outputs": [[len(layers) - 1, 0]],
    }


def nested(entries: list[Entry], *, trainable: bool = True) -> Entry:
    """A LAYER that is a Sequential of these."""
    return {**layer("Sequential", trainable), "kind": "network", "network": chain(entries)}


def graph(layers: list[Entry], nodes: list[tuple[int, list[int]]], *outputs: int) -> Entry:
    """A functional NETWORK; layer and node 0 are the input, `nodes` are (layer, nodes it takes)."""
    return {
        "kind": "Functional",
        "name": "n",
        "layers": [layer("InputLayer", batch_shape=[None, *INPUT]), *layers],
        "nodes": [
            {"layer": index, "inputs": [[i, 0] for i in inputs], "settings": {}}
            for index, inputs in [(0, list[int]()), *nodes]
        ],
        "inputs": [0],
        "outputs": [[index, 0] for index in outputs],
    }


def conv(filters: int = 4, **config: Any) -> Entry:  # noqa: ANN401 - any JSON
    """A 3 x 3 convolution that keeps the size."""
    return layer("Conv2D", filters=filters, kernel_size=[3, 3], padding="same", **config)


def act(name: str) -> Entry:
    """An Activation layer."""
    return layer("Activation", activation=name)


SPELLINGS: Mapping[str, list[Entry]] = {
    "relu": [act("relu"), layer("ReLU"), layer("ReLU", max_value=None), operation("Relu")],
    "softmax": [
        act("softmax"),
        layer("Softmax"),
        layer("Softmax", axis=[-1]),
        operation("Softmax", axis=-1),
    ],
    "elu": [act("elu"), layer("ELU", alpha=1), operation("Elu", alpha=1.0)],
    "leaky_relu": [
        act("leaky_relu"),
        layer("LeakyReLU", negative_slope=0.2),
        layer("ReLU", negative_slope=0.2),
    ],
    "relu6": [act("relu6"), layer("ReLU", max_value=6), operation("Relu6")],
    "tanh": [act("tanh"), operation("Tanh")],
}
PLAIN: list[Entry] = [
    layer("BatchNormalization"),
    layer("Dropout", rate=0.3),
    # Strides of 1: of five of them something is left.
    layer("MaxPooling2D", pool_size=[2, 2], strides=[1, 1]),
    layer("ZeroPadding2D", padding=[[1, 1], [1, 1]]),
    layer("LayerNormalization"),
]


@st.composite
def two_spellings(draw: st.DrawFn) -> tuple[Entry, Entry]:
    """One random network, written twice: plainly, and in some other way."""
    plain: list[Entry] = []
    other: list[Entry] = []
    for index in range(draw(st.integers(1, 5))):
        name = f"x{index}"
        if draw(st.booleans()):
            entry = copy.deepcopy(draw(st.sampled_from(PLAIN)))
            plain.append(entry)
            seen = {**entry["config"], "seed": index, "dtype": "float32", "name": name}
            other.append({**entry, "name": name, "config": seen})
        else:
            function = draw(st.sampled_from(sorted(SPELLINGS)))
            trainable = draw(st.booleans())
            first = {**conv(index + 1), "trainable": trainable}
            plain += [first, act(function)]
            if draw(st.booleans()):
                fused = {**first["config"], "activation": function}
                other.append({**first, "config": fused, "name": name})
            else:
                spelled = draw(st.sampled_from(SPELLINGS[function]))
                other += [{**first, "name": name}, {**spelled, "trainable": draw(st.booleans())}]
        if draw(st.booleans()):
            other.append(act("linear"))
    cut = draw(st.integers(0, len(other)))
    inner = [nested(other[cut:])] if draw(st.booleans()) and other[cut:] else other[cut:]
    kind = draw(st.sampled_from(["Sequential", "Functional"]))
    return chain(plain), chain(other[:cut] + inner, kind, draw(st.sampled_from([None, 16])))


def as_network(architecture: Architecture) -> Entry:
    """The canonical form written down as a reply would."""
    first = len(architecture.input_shapes)
    entries = [
        {**layer(y.class_name, y.trainable), "config": _written(dict(y.config))}
        for y in architecture.layers[first:]
    ]
    nodes = [(i, list(y.inputs)) for i, y in enumerate(architecture.layers) if i >= first]
    return graph(entries, nodes, *architecture.outputs)


def _written(config: dict[str, Json]) -> Entry:
    found: Entry = {}
    for key, value in config.items():
        found[key] = {**value, "origin": "keras"} if isinstance(value, dict) else value
    if found.get("activation") == "relu":
        found = {
            "activation": {
                "class": "ReLU",
                "origin": "keras",
                "config": {key: found[key] for key in ("max_value", "negative_slope", "threshold")},
            }
        }
    return {"activation": found["activation"]} if "activation" in found else found


@settings(max_examples=150, deadline=None)
@given(two_spellings())
def test_spellings_of_one_network_have_one_digest(pair: tuple[Entry, Entry]) -> None:
    """Fused, as layer or operation, nested, functional, with fixed batch: all the same."""
    plain, other = (read_architecture(network) for network in pair)

    assert plain.digest == other.digest
    assert [(r.layer, r.shape, r.params) for r in plain.rows] == [
        (r.layer, r.shape, r.params) for r in other.rows
    ]
    assert plain.totals == other.totals


@settings(max_examples=100, deadline=None)
@given(two_spellings())
def test_canonical_form_of_canonical_form_is_itself(pair: tuple[Entry, Entry]) -> None:
    """Writing the canonical form down and reading it again changes nothing."""
    architecture = read_architecture(pair[1])

    again = read_architecture(as_network(architecture))

    assert architecture.digest == again.digest


CHANGES = [
    ("Conv2D", "filters", 5),
    ("Conv2D", "kernel_size", [1, 3]),
    ("Conv2D", "strides", [2, 2]),
    ("Conv2D", "dilation_rate", [2, 2]),
    ("Conv2D", "groups", 2),
    ("Conv2D", "use_bias", False),
    ("Conv2D", "padding", "valid"),
    ("Conv2D", "activation", "relu"),
    ("Conv2D", "kernel_initializer", {"class": "HeNormal", "origin": "keras", "config": {}}),
    ("Conv2D", "bias_regularizer", {"class": "L2", "origin": "keras", "config": {}}),
    ("Conv2D", "kernel_constraint", {"class": "NonNeg", "origin": "keras", "config": {}}),
    ("Conv2D", "activity_regularizer", {"class": "L1", "origin": "keras", "config": {}}),
    ("BatchNormalization", "momentum", 0.9),
    ("BatchNormalization", "epsilon", 0.1),
    ("BatchNormalization", "center", False),
    ("BatchNormalization", "axis", 1),
    ("Dropout", "rate", 0.5),
    ("MaxPooling2D", "pool_size", [3, 2]),
    ("Activation", "activation", "tanh"),
]


def changing() -> list[Entry]:
    """A network with one layer of each class in CHANGES."""
    pool = layer("MaxPooling2D", pool_size=[2, 2], strides=[2, 2])
    return [
        conv(4),
        conv(4),
        layer("BatchNormalization"),
        act("relu"),
        layer("Dropout", rate=0.3),
        pool,
    ]


@pytest.mark.parametrize(("kind", "key", "value"), CHANGES)
def test_each_kept_setting_changes_the_digest(kind: str, key: str, value: object) -> None:
    """Whatever shapes the network or its training has a part in the digest."""
    changed = changing()
    last = [entry for entry in changed if entry["class"] == kind][-1]
    last["config"][key] = value

    digests = {read_architecture(chain(entries)).digest for entries in (changing(), changed)}

    assert len(digests) == 2


def test_trainable_matters_for_weights_only() -> None:
    """Freezing a Dropout layer changes nothing; freezing a convolution moves its parameters."""
    base = read_architecture(chain(changing()))
    dropout, frozen = changing(), changing()
    dropout[4]["trainable"] = False
    frozen[0]["trainable"] = False

    first, second = (read_architecture(chain(entries)) for entries in (dropout, frozen))

    assert base.digest == first.digest
    assert base.digest != second.digest
    # 3*3*3*4+4 = 112, 3*3*4*4+4 = 148, 4*4 = 16 of which 8 move
    assert base.totals == Totals(276, 268, 8)
    assert second.totals == Totals(276, 156, 120)


def test_a_frozen_network_freezes_its_layers() -> None:
    """A nested Sequential that is not trainable counts as non-trainable layers."""
    inside = read_architecture(chain([nested([conv()], trainable=False)]))
    outside = read_architecture(chain([{**conv(), "trainable": False}]))

    assert inside.digest == outside.digest


def test_axis_counts_from_either_end() -> None:
    """BatchNormalization over axis 3 of four is over the last one."""
    first, second = (
        read_architecture(chain([layer("BatchNormalization", axis=axis)])) for axis in (3, -1)
    )

    assert first.digest == second.digest


def test_order_of_making_and_dead_branches_do_not_matter() -> None:
    """Layers made in another order, and layers that no output needs, leave the digest as it is."""
    add, small, large, dead = layer("Add"), conv(4), conv(4, strides=[1, 1]), conv(9)
    large["config"]["kernel_size"] = [5, 5]
    one = graph([small, large, add], [(1, [0]), (2, [0]), (3, [1, 2])], 3)
    other = graph([dead, large, small, add], [(1, [0]), (2, [0]), (3, [0]), (4, [3, 2])], 4)

    first, second = read_architecture(one), read_architecture(other)

    assert first.digest == second.digest
    assert [y.class_name for y in first.layers] == ["InputLayer", "Conv2D", "Conv2D", "Add"]
    assert [y.inputs for y in first.layers] == [(), (0,), (0,), (1, 2)]


def test_an_activation_used_twice_is_two_layers() -> None:
    """One Activation used at two places is the same as two Activations."""
    shared = graph([conv(), conv(), act("relu")], [(1, [0]), (3, [1]), (2, [2]), (3, [3])], 4)
    separate = chain([conv(), act("relu"), conv(), act("relu")])

    first, second = read_architecture(shared), read_architecture(separate)

    assert first.digest == second.digest
    assert "shared-activation:1" in first.notes


def test_layers_in_notes_are_counted_once_each() -> None:
    """However many layers are written alike, and however often one is used, there is one note."""
    fused = conv(activation="relu")
    linear = act("linear")
    entries = [fused, layer("ReLU"), linear, layer("ReLU"), layer("Softmax"), linear]
    twice = graph([conv(3, activation="relu")], [(1, [0]), (1, [1])], 2)

    notes = read_architecture(chain(entries)).notes

    assert notes == (
        "fused-activation:1",
        "activation-layer:ReLU:2",
        "linear-left-out:1",
        "activation-layer:Softmax:1",
        "linear-output",
    )
    assert read_architecture(twice).notes == ("functional", "fused-activation:1")


def test_a_linear_activation_at_the_end_is_told_from_one_between() -> None:
    """Each dropped one is noted; that of the output by a note of its own."""
    between, last = ([act("linear"), conv()], [conv(), act("linear")])

    assert read_architecture(chain(between)).notes == ("linear-left-out:1",)
    assert read_architecture(chain(last)).notes == ("linear-output",)
    assert read_architecture(chain([conv()])).notes == ()


def test_shared_weights_are_not_two_layers() -> None:
    """A convolution used twice shares its weights: counted once, and another digest."""
    body = layer("Conv2D", filters=3, kernel_size=[3, 3], padding="same")
    shared = read_architecture(graph([body], [(1, [0]), (1, [1])], 2))
    separate = read_architecture(chain([body, body]))

    assert shared.digest != separate.digest
    assert [y.shares for y in shared.layers] == [None, None, 1]
    assert (shared.totals.total, separate.totals.total) == (84, 168)


def test_regularizers_of_the_output_go_with_the_activation() -> None:
    """The activity regularizer of a fused layer is one of what the activation gives."""
    regularizer = {"class": "L2", "origin": "keras", "config": {"l2": 0.1}}
    fused = chain([conv(activation="relu", activity_regularizer=regularizer)])
    split = chain([conv(), layer("ReLU", activity_regularizer=regularizer)])

    assert read_architecture(fused).digest == read_architecture(split).digest


def test_long_chains_are_ordered_without_recursion() -> None:
    """A network of almost 2,000 layers is read; one of more is refused."""
    noise = layer("GaussianNoise", stddev=0.1)

    assert len(read_architecture(chain([noise] * 1990)).rows) == 1990
    with pytest.raises(ReplyError, match="2000"):
        read_architecture(chain([noise] * 2000))


def test_huge_outputs_are_too_large() -> None:
    """What the layers give is counted before it is ever computed."""
    with pytest.raises(TooLargeError, match="values, at most"):
        read_architecture(chain([layer("UpSampling2D", size=[10_000, 10_000])]))
