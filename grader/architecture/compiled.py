"""Compiled: the optimizer and loss of a reply in canonical form, beside the protocol's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.architecture.notes import note
from grader.architecture.optimizers import LOSSES, OPTIMIZERS, loss_class, optimizer_class
from grader.architecture.refusals import OutsideTableError, ReplyError
from grader.architecture.reply import checked_fields
from grader.architecture.values import Check, Config, Settings, anything, read_settings, shown
from grader.errors import SheetError
from grader.records import CompileConfig, Json, Protocol

_FIELDS: Mapping[str, Check] = dict.fromkeys(("optimizer", "loss"), anything)
_OBJECT: Mapping[str, Check] = dict.fromkeys(("class", "origin", "config"), anything)


@dataclass(frozen=True)
class Compiled:
    """What training uses instead of the protocol, if anything; notes on what was replaced."""

    config: CompileConfig | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Chosen:
    name: str
    config: Config


def read_compile(found: Mapping[str, Json] | None, protocol: Protocol) -> Compiled:
    """The reply's compile settings; None where they equal the protocol's.

    An optimizer or loss that is the student's own, outside the table or not given leaves the
    protocol's. Raises ReplyError for what has another form.
    """
    standard = protocol_compile(protocol)
    if found is None:
        return Compiled(None)
    given = checked_fields(found, _FIELDS, "compile")
    notes: list[str] = []
    optimizer = _chosen("optimizer", given["optimizer"], OPTIMIZERS, notes)
    loss = _chosen("loss", given["loss"], LOSSES, notes)
    if loss is not None:
        loss = _one_hot(loss)
    config = CompileConfig(
        standard.optimizer if optimizer is None else optimizer.name,
        standard.optimizer_config if optimizer is None else optimizer.config,
        standard.loss if loss is None else loss.name,
        standard.loss_config if loss is None else loss.config,
    )
    if (config.optimizer, config.optimizer_config) != (
        standard.optimizer,
        standard.optimizer_config,
    ):
        notes.append(_other("optimizer", config.optimizer, config.optimizer_config, OPTIMIZERS))
    if (config.loss, config.loss_config) != (standard.loss, standard.loss_config):
        notes.append(_other("loss", config.loss, config.loss_config, LOSSES))
    return Compiled(None if config == standard else config, tuple(notes))


def protocol_compile(protocol: Protocol) -> CompileConfig:
    """The protocol's settings, all filled in. Raises SheetError for unknown names."""
    optimizer, loss = optimizer_class(protocol.optimizer), loss_class(protocol.loss)
    if optimizer is None:
        raise SheetError(
            f"The protocol's optimizer is {protocol.optimizer!r}, "
            f"expected one of {', '.join(OPTIMIZERS)}."
        )
    if loss is None:
        raise SheetError(
            f"The protocol's loss is {protocol.loss!r}, expected one of {', '.join(LOSSES)}."
        )
    filled = _one_hot(_Chosen(loss, read_settings(LOSSES[loss], {}, loss)))
    rate = protocol.learning_rate
    chosen = {} if rate is None else {"learning_rate": rate}
    config = read_settings(OPTIMIZERS[optimizer], chosen, optimizer)
    return CompileConfig(optimizer, config, filled.name, filled.config)


def _chosen(
    what: str, found: Json, table: Mapping[str, Settings], notes: list[str]
) -> _Chosen | None:
    if isinstance(found, dict):
        found = checked_fields(found, _OBJECT, f"compile: {what}")
    match found:
        case {"origin": "own", "config": {"name": str() as name}} | {
            "origin": "own",
            "class": str() as name,
        }:
            notes.append(note(f"own-{what}", name))
            return None
        case {"class": "function", "origin": "keras", "config": {"name": str() as name}} if (
            what == "loss"
        ):
            known, config = loss_class(name), Config()
        case {"class": str() as name, "origin": "keras", "config": dict() as config}:
            known = name if name in table else None
        case None:
            return None
        case _:
            raise ReplyError(f"compile: {what}: {shown(found)} is no object of Keras")
    try:
        if known is not None:
            return _Chosen(known, read_settings(table[known], config, known))
    except (ReplyError, OutsideTableError):
        pass
    notes.append(note(f"unknown-{what}", name))
    return None


def _other(what: str, name: str, config: Mapping[str, Json], table: Mapping[str, Settings]) -> str:
    """The note on an optimizer or loss that is not the protocol's, with what is set in it."""
    usual = read_settings(table[name], {}, name)
    chosen = {key: value for key, value in config.items() if value != usual[key]}
    given = ", ".join(
        f"{key}={'...' if isinstance(value, dict) else repr(value)}"
        for key, value in chosen.items()
    )
    return note("compiled", what, f"{name}({given})")


def _one_hot(loss: _Chosen) -> _Chosen:
    """Cross-entropy on one-hot labels for the one on integers, which gives the same numbers."""
    if loss.name != "SparseCategoricalCrossentropy" or loss.config["ignore_class"] is not None:
        return loss
    config = {key: value for key, value in loss.config.items() if key != "ignore_class"}
    filled = read_settings(LOSSES["CategoricalCrossentropy"], config, loss.name)
    return _Chosen("CategoricalCrossentropy", filled)
