"""Words, at rest: records as JSON text and back, as they were; what does not fit raises."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, TypeVar, get_args, get_origin

import cattrs
from cattrs.errors import ForbiddenExtraKeysError

Record = TypeVar("Record")

# What cattrs and json raise for a value of another shape, besides ValueError itself.
_MISFITS = (AttributeError, LookupError, RecursionError, TypeError)


def encode(record: object) -> str:
    """The record as one line of JSON, its fields in their order.

    A lone surrogate (an undecodable file name) has no place in UTF-8 and becomes a question mark.
    """
    plain = _converter().unstructure(record)
    return storable(json.dumps(plain, ensure_ascii=False, separators=(",", ":")))


def decode(text: str, kind: type[Record]) -> Record:
    """The record that `encode` made this text of; ValueError where it is no such record."""
    with _as_misfit(kind):
        return _converter().structure(json.loads(text), kind)


def structured(plain: object, kind: type[Record]) -> Record:
    """The same of JSON that was read already."""
    with _as_misfit(kind):
        return _converter().structure(plain, kind)


def storable(text: str) -> str:
    """The text with a question mark for each lone surrogate, so that it can be stored as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


@contextmanager
def _as_misfit(kind: type) -> Iterator[None]:
    try:
        yield
    except (*_MISFITS, ForbiddenExtraKeysError) as error:
        raise ValueError(f"no {kind.__name__}: {error!r}") from error


@functools.cache
def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True, detailed_validation=False)
    for kind in (bool, int, str):
        converter.register_structure_hook(kind, _exactly)
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook_func(_is_mapping, _mapping)
    converter.register_unstructure_hook_func(_is_mapping, dict)
    return converter


def _exactly(value: Any, kind: type) -> Any:  # noqa: ANN401 - any JSON value
    """The value itself: cattrs would make 1 of "1", and "None" of None."""
    if issubclass(kind, StrEnum):  # cattrs asks for them here, too
        return kind(value)
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _number(value: Any, _: type) -> float:  # noqa: ANN401 - any JSON value
    if type(value) not in {int, float}:
        raise TypeError(f"{value!r} is no number")
    return float(value)


def _is_mapping(kind: Any) -> bool:  # noqa: ANN401 - any annotation
    return get_origin(kind) is Mapping


def _mapping(value: Any, kind: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as cattrs passes them
    """Settings and details: JSON values as they are, lists as tuples where the record has them."""
    if type(value) is not dict:
        raise TypeError(f"{value!r} is no mapping")
    if any(get_origin(inner) is tuple for inner in get_args(get_args(kind)[1])):
        return {k: tuple(v) if isinstance(v, list) else v for k, v in value.items()}
    return value
