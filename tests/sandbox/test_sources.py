"""What is described of sources that Python cannot read, and of those that it can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from grader.sandbox.jobs import Job
from grader.sandbox.launcher import Sandbox

Describe = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("code", "line", "source"),
    [
        ("import keras\nx = 1\nreturn x\n", 3, "return x"),
        ("import keras\nfrom __future__ import division\n", 2, "from __future__"),
        ("def build_model():\n    f = 1\n    f(a=1, a=2)\n", 3, "f(a=1, a=2)"),
        ("# coding: latin-1\nx = 'é'\nreturn x\n".encode("latin-1"), 3, "return x"),
    ],
)
def test_what_only_compiling_finds_has_line_and_source(
    describe: Describe, code: str | bytes, line: int, source: str
) -> None:
    """A file that has a syntax tree and still is no Python is told like any syntax error."""
    error = describe(code)["error"]

    assert (error["rule"], error["line"]) == ("syntax-error", line)
    assert source in error["traceback"]


def test_there_is_no_line_0(describe: Describe) -> None:
    """Where Python knows no line, none is shown."""
    error = describe("# coding: nonsense\nx = 1\n")["error"]

    assert (error["line"], error["traceback"]) == (None, "")


def test_too_deep_an_expression_is_said_to_be_that(describe: Describe) -> None:
    """Python runs out of stack or memory there, which would tell nobody what to change."""
    error = describe("x = " + "-" * 100_000 + "1\n")["error"]

    assert error["rule"] == "syntax-error"
    assert "nested too deeply" in error["sentence"]


def test_a_warning_of_the_compiler_comes_once(sandbox: Sandbox) -> None:
    """Looking at a file before it runs says nothing yet."""
    reply = sandbox.describe(Job("fc_a", "fc_a.py", b"x = 1 is 1\n", (3,)))

    assert reply.output.count("SyntaxWarning") == 1


@pytest.mark.parametrize(
    "code",
    [
        '\ufeffANSWER = "größer"'.encode(),
        '# -*- coding: latin-1 -*-\nANSWER = "größer"'.encode("latin-1"),
        '# coding: cp1252\nANSWER = "größer"'.encode("cp1252"),
        'ANSWER = "größer"\r\nx = 1\r\n'.encode(),
    ],
)
def test_a_source_may_declare_its_encoding(describe: Describe, code: bytes) -> None:
    """UTF-8 with BOM and declared encodings are read as Python reads them."""
    document = describe(code)

    assert document["answer"] == "größer"


def test_a_source_of_more_than_1_mb_is_refused(describe: Describe) -> None:
    """The error says how many bytes are read."""
    error = describe("#" * 1_048_577)["error"]

    assert error["sentence"] == "the file is larger than 1 MB (1,048,576 bytes)"
    assert error["details"] == {"largest_bytes": 1_048_576}
