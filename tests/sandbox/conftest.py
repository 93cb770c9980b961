"""One warm sandbox for all the tests of the describe step, and a short way to describe a source."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.sandbox.jobs import Ending, Job, Limits
from grader.sandbox.launcher import Sandbox
from grader.sandbox.rungs import Means

HEAD = """\
import keras
import tensorflow as tf
from keras import layers

def build_model():
"""

STRICT = Limits(cpu_seconds=1, wall_seconds=8.0, reply_bytes=100_000, output_bytes=1000)

Describe = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox with the usual limits."""
    with Sandbox() as warm:
        yield warm


@pytest.fixture(scope="session")
def strict() -> Iterator[Sandbox]:
    """A sandbox with small limits, for code that runs into them."""
    with Sandbox(STRICT) as warm:
        yield warm


@pytest.fixture(scope="session")
def unconfined() -> Iterator[Sandbox]:
    """A sandbox with small limits and nothing else, as where the system has nothing to confine."""
    with Sandbox(STRICT, found=Means("none", 0, "none")) as fresh:
        yield fresh


@pytest.fixture
def describe(sandbox: Sandbox) -> Describe:
    """The document for the text of a file (6 x 6 x 3 input); raises where there is none."""

    def _describe(code: str | bytes, **helpers: bytes) -> dict[str, Any]:
        source = code.encode() if isinstance(code, str) else code
        reply = sandbox.describe(Job("cnn_a", "cnn_a.py", source, (6, 6, 3), helpers))
        assert reply.ending == Ending.ANSWERED
        assert reply.raw is not None
        document: dict[str, Any] = json.loads(reply.raw)
        return document

    return _describe


@pytest.fixture
def describe_body(describe: Describe) -> Describe:
    """Likewise for the body of `build_model`, with the usual imports before it."""

    def _describe(body: str) -> dict[str, Any]:
        return describe(HEAD + "".join(f"    {line}\n" for line in body.splitlines()))

    return _describe
