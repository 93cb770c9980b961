"""Compile settings: the protocol's drop out, Keras' own are kept, the student's replaced."""

from __future__ import annotations

from typing import Any

import pytest

from grader.architecture.compiled import read_compile
from grader.architecture.optimizers import float32
from grader.architecture.refusals import ReplyError
from grader.errors import SheetError
from grader.records import CompileConfig, Part, Protocol


def given(kind: str, origin: str = "keras", **config: object) -> dict[str, Any]:
    """An OBJECT of a reply."""
    return {"class": kind, "origin": origin, "config": config}


def function(name: str, origin: str = "keras") -> dict[str, Any]:
    """The OBJECT of a loss function."""
    return given("function", origin, name=name)


ADAM = given("Adam", learning_rate=0.0010000000474974513, name="adam")


@pytest.mark.parametrize(
    "compiled",
    [
        None,
        {"optimizer": None, "loss": None},
        {"optimizer": ADAM, "loss": function("categorical_crossentropy")},
        {"optimizer": ADAM, "loss": function("sparse_categorical_crossentropy")},
        {"optimizer": given("Adam"), "loss": given("SparseCategoricalCrossentropy", name="x")},
        {"optimizer": given("Adam", learning_rate=1e-3, beta_1=0.9), "loss": None},
    ],
)
def test_settings_of_the_protocol_drop_out(part: Part, compiled: dict[str, Any] | None) -> None:
    """Adam with Keras' defaults and either cross-entropy are what the protocol says."""
    found = read_compile(compiled, part.protocol)

    assert found.config is None
    assert found.notes == ()


def test_what_is_not_the_protocols_is_noted_as_it_is_typed(part: Part) -> None:
    """The report says by which optimizer and loss of the student's a network was trained."""
    schedule = given("ExponentialDecay", initial_learning_rate=0.1, decay_steps=10, decay_rate=0.5)
    loss = given("SparseCategoricalCrossentropy", from_logits=True)

    plain = read_compile(
        {"optimizer": given("SGD", learning_rate=0.25), "loss": None}, part.protocol
    )
    both = read_compile(
        {"optimizer": given("Adam", learning_rate=schedule), "loss": loss}, part.protocol
    )

    assert plain.notes == ("compiled:optimizer:SGD(learning_rate=0.25)",)
    assert both.notes == (
        "compiled:optimizer:Adam(learning_rate=...)",
        "compiled:loss:CategoricalCrossentropy(from_logits=True)",
    )


def test_settings_are_filled_in(part: Part) -> None:
    """An optimizer of Keras' own comes with every setting; labels count as one-hot."""
    loss = given("SparseCategoricalCrossentropy", from_logits=True)
    schedule = given("ExponentialDecay", initial_learning_rate=0.1, decay_steps=10, decay_rate=0.5)

    config = read_compile(
        {"optimizer": given("SGD", learning_rate=schedule), "loss": loss}, part.protocol
    ).config

    assert isinstance(config, CompileConfig)
    assert (config.optimizer, config.loss) == ("SGD", "CategoricalCrossentropy")
    assert config.optimizer_config["nesterov"] is False
    assert config.optimizer_config["learning_rate"] == {
        "class": "ExponentialDecay",
        "config": {
            "initial_learning_rate": 0.1,
            "decay_steps": 10.0,
            "decay_rate": 0.5,
            "staircase": False,
        },
    }
    assert config.loss_config == {
        "from_logits": True,
        "label_smoothing": 0.0,
        "axis": -1,
        "reduction": "sum_over_batch_size",
    }


@pytest.mark.parametrize(
    ("compiled", "note"),
    [
        ({"optimizer": given("Mine", "own"), "loss": None}, "own-optimizer:Mine"),
        ({"optimizer": None, "loss": function("my_loss", "own")}, "own-loss:my_loss"),
        ({"optimizer": given("Muon"), "loss": None}, "unknown-optimizer:Muon"),
        ({"optimizer": given("Adam", beta_1="x"), "loss": None}, "unknown-optimizer:Adam"),
        ({"optimizer": None, "loss": function("ctc")}, "unknown-loss:ctc"),
    ],
)
def test_what_cannot_be_used_gives_way_to_the_protocol(
    part: Part, compiled: dict[str, Any], note: str
) -> None:
    """The student's own, and what the table does not hold, is replaced, and a note says so."""
    found = read_compile(compiled, part.protocol)

    assert found.config is None
    assert found.notes == (note,)


@pytest.mark.parametrize(
    ("compiled", "sentence"),
    [
        ({"optimizer": None}, "missing or unknown keys: loss"),
        ({"optimizer": None, "loss": None, "metrics": []}, "missing or unknown keys: metrics"),
        ({"optimizer": "adam", "loss": None}, "optimizer: 'adam' is no object of Keras"),
        ({"optimizer": None, "loss": 0}, "loss: 0 is no object of Keras"),
        ({"optimizer": {**ADAM, "module": "keras"}, "loss": None}, "unknown keys: module"),
    ],
)
def test_another_form_is_refused(part: Part, compiled: dict[str, Any], sentence: str) -> None:
    """What the sandbox never says of a compiled model is no reply."""
    with pytest.raises(ReplyError, match=sentence):
        read_compile(compiled, part.protocol)


def test_a_protocol_out_of_the_table_is_the_authors_fault() -> None:
    """An unknown optimizer in a sheet is a SheetError that names it and what is known."""
    with pytest.raises(SheetError, match=r"'adamm', expected one of Adam, "):
        read_compile({}, Protocol(1, 1, "adamm", "categorical_crossentropy", "none", 1))


@pytest.mark.parametrize("rate", [0.001, 0.01, 3e-4, 0.1, 1e-7, 0.123456, 5.0])
def test_rates_are_read_back_as_written(rate: float) -> None:
    """A learning rate that went through a float32 is the one that was written."""
    import struct

    (stored,) = struct.unpack("f", struct.pack("f", rate))

    assert float32(stored) == rate
