"""Steps: calls in canonical settings, fused activations split off, linear ones left out.

The steps still stand in the order of the reply and bear its indices; `canonical` orders them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from grader.architecture import functions
from grader.architecture.functions import ACTIVATION_CLASSES, Spelling
from grader.architecture.layers import LAYERS
from grader.architecture.network import Call, Calls
from grader.architecture.notes import Noted, note
from grader.architecture.objects import REGULARIZER
from grader.architecture.prepared import TENSORS, prepared, refuse_own
from grader.architecture.refusals import OutsideTableError, ReplyError
from grader.architecture.table import LayerType
from grader.architecture.values import (
    Config,
    Setting,
    Settings,
    anything,
    listed,
    optional,
    read_settings,
    whole,
)
from grader.records import Json, Layer

# What every layer of Keras' takes, and the canonical form does not keep.
_DROPPED: Settings = {
    key: Setting(anything, kept=False) for key in ("name", "trainable", "dtype", "seed")
}
_MERGES = frozenset({"Add", "Subtract", "Multiply", "Maximum", "Minimum", "Concatenate"})
_INPUT_SHAPE = listed(optional(whole(1, 10**7)), 8, 1)
_OWN_OBJECTS = ("_initializer", "_regularizer", "_constraint")


@dataclass(frozen=True)
class Step:
    """A layer whose `inputs` are indices of steps; uses of one layer have one `identity`."""

    layer: Layer
    identity: tuple[int, ...]


@dataclass(frozen=True)
class Steps:
    """A network in steps, in topological order."""

    steps: tuple[Step, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    notes: tuple[Noted, ...]


@dataclass
class _Written:
    steps: list[Step] = field(default_factory=list)
    notes: list[Noted] = field(default_factory=list)

    def note(self, call: Call, code: str, *values: str) -> None:
        self.notes.append(Noted(note(code, *values), call.identity))

    def add(self, layer: Layer, identity: tuple[int, ...]) -> int:
        self.steps.append(Step(layer, identity))
        return len(self.steps) - 1


def read_steps(calls: Calls) -> Steps:
    """The calls as steps.

    Raises ReplyError where a setting breaks a rule, OwnCodeError for a function of the student's
    own.
    """
    written = _Written()
    where: list[int] = []
    for call in calls.calls:
        inputs = tuple(where[index] for index in call.inputs)
        where.append(_write(replace(call, inputs=inputs), written))
    _note_shared(calls, written)
    _note_linear_outputs(calls, written)
    return Steps(
        steps=tuple(written.steps),
        inputs=tuple(where[index] for index in calls.inputs),
        outputs=tuple(where[index] for index in calls.outputs),
        notes=(*calls.notes, *written.notes),
    )


def _write(call: Call, written: _Written) -> int:
    """The index of the step that gives what the call gives."""
    if call.class_name == "InputLayer":
        return written.add(_input(call, written), call.identity)
    _note_circumstances(call, written)
    try:
        if call.operation:
            return _operation(call, written)
        if call.class_name in ACTIVATION_CLASSES:
            return _activation(call, written)
        kind, read = prepared(call)
        return _unknown(call, written) if kind is None else _known(kind, read, written)
    except OutsideTableError as error:
        written.note(call, "unknown-setting", call.class_name, str(error))
        return _unknown(call, written)


def _input(call: Call, written: _Written) -> Layer:
    found = _INPUT_SHAPE(call.config.get("batch_shape"))
    shape = found if isinstance(found, list) else []
    if shape[0] is not None:
        written.notes.append(Noted(note("batch-size", str(shape[0]))))
    if call.config.get("sparse") is True or call.config.get("ragged") is True:
        raise ReplyError("a sparse or ragged input", "sparse-input")
    return Layer("InputLayer", {"shape": shape[1:]}, name=call.name)


def _known(kind: LayerType, call: Call, written: _Written) -> int:
    own = dict(call.config)
    function = functions.from_value(refuse_own(_fused(kind, own), call), call.name)
    regularizer = None if kind.regularizes_itself else _regularizer(own, call, written)
    own.pop("activity_regularizer", None)
    defaults = _own_replaced(own, call, written)
    config = read_settings({**kind.settings, **_DROPPED}, defaults, call.name)
    if kind.merges and not kind.inputs[0] <= len(call.inputs) <= kind.inputs[1]:
        raise ReplyError(f"{call.name}: {len(call.inputs)} inputs")
    if not kind.merges and len(call.inputs) != 1:
        raise OutsideTableError("several inputs")
    linear = function["activation"] == "linear"
    # A regularizer of the output looks at what the activation gives, so it goes along with it.
    kept = {**config, "activity_regularizer": regularizer if linear else None}
    index = written.add(_layer(call, kept), call.identity)
    if linear:
        return index
    written.note(call, "fused-activation")
    fused = Layer(
        "Activation",
        {**function, "activity_regularizer": regularizer},
        (index,),
        name=call.name,
        fused=True,
    )
    return written.add(fused, (*call.identity, -1))


def _fused(kind: LayerType, config: Config) -> Json:
    return config.pop("activation", None) if kind.activated else None


def _activation(call: Call, written: _Written) -> int:
    if call.class_name in functions.LAYERS:
        index = _spelled(functions.LAYERS[call.class_name], call, written)
        written.note(call, "activation-layer", call.class_name)
        return index
    config = dict(call.config)
    value = refuse_own(config.pop("activation", None), call)
    regularizer = _regularizer(config, call, written)
    config.pop("activity_regularizer", None)
    read_settings(_DROPPED, config, call.name)
    return _applied(functions.from_value(value, call.name), regularizer, call, written)


def _spelled(spelling: Spelling, call: Call, written: _Written) -> int:
    config = dict(call.config)
    regularizer = _regularizer(config, call, written)
    config.pop("activity_regularizer", None)
    return _applied(
        functions.from_spelling(spelling, config, call.name), regularizer, call, written
    )


def _applied(function: Config, regularizer: Json, call: Call, written: _Written) -> int:
    if len(call.inputs) != 1:
        raise ReplyError(f"{call.name}: {len(call.inputs)} inputs")
    if function["activation"] == "linear" and regularizer is None:
        written.note(call, "linear-left-out")
        return call.inputs[0]
    config = {**function, "activity_regularizer": regularizer}
    layer = Layer("Activation", config, call.inputs, name=call.name)
    return written.add(layer, call.identity)


def _operation(call: Call, written: _Written) -> int:
    """An operation that is a layer under another name; any other gets a row and no more."""
    try:
        if call.settings:
            return _unknown(call, written)
        if call.class_name in functions.OPERATIONS:
            index = _spelled(functions.OPERATIONS[call.class_name], call, written)
            written.note(call, "activation-operation", call.class_name)
            return index
        if call.class_name in _MERGES and len(call.inputs) > 1:
            return _known(LAYERS[call.class_name], call, written)
    except ReplyError as error:
        raise OutsideTableError(str(error)) from None
    return _unknown(call, written)


def _unknown(call: Call, written: _Written) -> int:
    layer = Layer(call.class_name, {}, call.inputs, call.trainable, known=False, name=call.name)
    return written.add(layer, call.identity)


def _layer(call: Call, config: Mapping[str, Json]) -> Layer:
    return Layer(call.class_name, config, call.inputs, call.trainable, name=call.name)


def _regularizer(config: Config, call: Call, written: _Written) -> Json:
    value = config.get("activity_regularizer")
    own: Config = {"activity_regularizer": value} if value is not None else {}
    return REGULARIZER.check(_own_replaced(own, call, written).get("activity_regularizer"))


def _own_replaced(config: Config, call: Call, written: _Written) -> Config:
    """The config without initializers, regularizers and constraints of the student's own."""
    kept: Config = {}
    for key, value in config.items():
        match value:
            case {"origin": "own", "class": "function", "config": {"name": str() as name}} | {
                "origin": "own",
                "class": str() as name,
            } if key.endswith(_OWN_OBJECTS):
                written.note(call, "own-object", key, name)
            case _:
                kept[key] = value
    return kept


def _note_circumstances(call: Call, written: _Written) -> None:
    for key, value in call.settings.items():
        if key == TENSORS:
            continue
        # Keras itself writes training=False to every Dropout.
        usual = value is None or (value is False and call.class_name != "BatchNormalization")
        if not usual and not call.operation:
            written.note(call, "call-setting", key)
    match call.config.get("dtype"):
        case {"config": {"name": str() as name}} | str(name) if name != "float32":
            written.note(call, "dtype", name)


def _note_shared(calls: Calls, written: _Written) -> None:
    uses: dict[tuple[int, ...], int] = {}
    for call in calls.calls:
        uses[call.identity] = uses.get(call.identity, 0) + 1
    for call in calls.calls:
        if uses[call.identity] > 1 and call.class_name in ACTIVATION_CLASSES:
            written.note(call, "shared-activation")


def _note_linear_outputs(calls: Calls, written: _Written) -> None:
    """Tells a linear activation at the end, where the table may have another, from the rest."""
    last = {Noted("linear-left-out", calls.calls[index].identity) for index in calls.outputs}
    written.notes[:] = [Noted("linear-output") if n in last else n for n in written.notes]
