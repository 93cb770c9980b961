"""A reply as it left the sandbox, and a part to read it for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.architecture import read_description
from grader.records import Description, Part, Protocol, Summary, Totals

Read = Callable[[dict[str, Any]], Description]


@pytest.fixture(scope="session")
def real_reply() -> bytes:
    """What the sandbox said of a functional network with a nested one and a shared activation."""
    return (Path(__file__).parent / "reply.json").read_bytes()


@pytest.fixture
def reply(real_reply: bytes) -> dict[str, Any]:
    """The same, parsed, to be changed."""
    document: dict[str, Any] = json.loads(real_reply)
    return document


@pytest.fixture(scope="session")
def part() -> Part:
    """A part with the course's protocol."""
    return Part(
        id="cnn_a",
        sheet="faces_cnn",
        title="",
        question="",
        reference=Summary((), Totals(0, 0, 0)),
        input_shape=(12, 12, 3),
        num_classes=3,
        protocol=Protocol(30, 128, "adam", "categorical_crossentropy", "none", 1),
        points={},
        time_limit_seconds=60,
        calibrations=(),
        stub=Path("cnn_a.py"),
    )


@pytest.fixture
def read(part: Part) -> Read:
    """The description that a reply's document gives."""

    def _read(document: dict[str, Any]) -> Description:
        return read_description(json.dumps(document).encode(), part, "printed")

    return _read
