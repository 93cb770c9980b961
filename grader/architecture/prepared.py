"""Prepared: a call as its row of the table reads it: wrappers opened, inputs in their order."""

from __future__ import annotations

from dataclasses import replace

from grader.architecture.layers import WRAPPED, layer_type
from grader.architecture.network import Call
from grader.architecture.refusals import OutsideTableError, OwnCodeError, ReplyError
from grader.architecture.table import LayerType
from grader.architecture.values import Config, read_settings
from grader.records import Json

# Under this name a reply lists the arguments, by name and in their order, that hold tensors.
TENSORS = "tensors"
# Any other argument (a mask, an initial state) changes what the layer does.
_DATA = frozenset({"inputs", "x", "sequences", "query", "value", "key"})
_FUNCTIONS = ("activation", "recurrent_activation")
_IGNORED = frozenset({"name", "dtype", "trainable", "seed", "go_backwards"})


def prepared(call: Call) -> tuple[LayerType | None, Call]:
    """The row of the table for a call, and the call with the config and inputs that it reads.

    The row is None outside the table. Raises OutsideTableError where Keras does with the call what
    the table cannot say, OwnCodeError for a function of the student's own inside.
    """
    inner, call = _opened(call)
    kind = layer_type(call.class_name, inner)
    if kind is None:
        return None, call
    named = _named(call)
    if set(named) - _DATA:
        raise OutsideTableError("tensors beside its inputs")
    if call.settings.get("return_attention_scores") is True:
        raise OutsideTableError("several outputs")
    if not kind.activated:
        _refuse_own_functions(call)
    return kind, _in_order(kind, call, named) if kind.arguments else call


def _named(call: Call) -> list[str]:
    found = call.settings.get(TENSORS)
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


def _in_order(kind: LayerType, call: Call, named: list[str]) -> Call:
    """The call with its inputs in the order of the arguments."""
    by_place = len(call.inputs) - len(named)
    names = [*kind.arguments[: max(by_place, 0)], *named]
    if len(set(names)) != len(call.inputs) or not set(names) <= set(kind.arguments):
        raise OutsideTableError("inputs that are not its arguments")
    places = dict(zip(names, call.inputs, strict=True))
    inputs = tuple(places[name] for name in kind.arguments if name in places)
    return replace(call, inputs=inputs)


def _opened(call: Call) -> tuple[str | None, Call]:
    """The class of the layer inside, if any, and the call with its config in place of its own."""
    match call.config.get("layer"):
        case {"class": str() as inner, "origin": str() as origin, "config": dict() as config}:
            if origin != "keras":
                raise OwnCodeError(inner[:100], call.name)
            own = {k: v for k, v in call.config.items() if k not in ("layer", "backward_layer")}
            _same_backward(call, inner, config)
            opened: Config = {**config, **own, WRAPPED: inner}
            return inner, replace(call, config=opened)
        case _:
            return None, call


def _same_backward(call: Call, inner: str, forward: Config) -> None:
    """Raises OutsideTableError where the way back has settings of its own."""
    match call.config.get("backward_layer"):
        case None:
            return
        case {"class": str() as name, "config": dict() as backward} if name == inner:
            kind = layer_type(inner)
            if kind is not None and _read(kind, forward) == _read(kind, backward):
                return
    raise OutsideTableError("a layer of its own for the way back")


def _read(kind: LayerType, config: Config) -> Config:
    kept = {key: value for key, value in config.items() if key in kind.settings}
    try:
        read = read_settings(kind.settings, kept, "")
    except ReplyError as error:
        raise OutsideTableError(str(error)) from None
    return {key: value for key, value in read.items() if key not in _IGNORED}


def _refuse_own_functions(call: Call) -> None:
    for key in _FUNCTIONS:
        refuse_own(call.config.get(key), call)


def refuse_own(value: Json, call: Call) -> Json:
    """The value; raises OwnCodeError for a function or an object of the student's own."""
    match value:
        case {"origin": "own", "config": {"name": str() as name}}:
            raise OwnCodeError(name[:100], call.name, "function")
        case {"origin": "own", "class": str() as name}:
            raise OwnCodeError(name[:100], call.name)
        case _:
            return value
