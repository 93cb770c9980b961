"""Notebooks made to harm: read or refused, in time, with few notices."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.messages import notice_messages
from grader.records import Submission
from grader.submissions.kinds import MAX_SOURCE
from grader.submissions.notebooks import read_notebook

Write = Callable[..., Path]
FindOne = Callable[[str], Submission]

IDS = ("fc_a", "fc_b")
MOST_SECONDS = 5.0


def cells(*sources: object) -> bytes:
    """A notebook with these sources in its code cells."""
    return json.dumps({"cells": [{"cell_type": "code", "source": s} for s in sources]}).encode()


MILLION = 1_000_000


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("# part: fc_a\n" + " " * MILLION + "x", id="blanks"),
        pytest.param("# part: fc_a\n" + "a" * MILLION, id="word"),
        pytest.param("# part: fc_a\n" + "a, " * (MILLION // 3), id="names"),
        pytest.param("# part: fc_a\n" + "'" * MILLION, id="quotes"),
        pytest.param("# part: fc_a\n" + "'\\" * (MILLION // 2), id="escapes"),
        pytest.param("# part: fc_a\n'''" + "a" * MILLION, id="open string"),
        pytest.param("# part: fc_a\n" + "'''a\\" * (MILLION // 5), id="open strings"),
        pytest.param("# part: fc_a\n" + "(" * MILLION, id="brackets"),
        pytest.param("# part: fc_a\n" + "%a\\\n" * (MILLION // 4), id="continued magics"),
        pytest.param("# part: fc_a\n" + "!a\n" * (MILLION // 3), id="magics"),
        pytest.param("# part: fc_a\n" + "\r" * MILLION, id="line ends"),
        pytest.param("# part: fc_a\nfrom __future__ import " + "a," * (MILLION // 2), id="future"),
        pytest.param("# part:" + " " * MILLION + "x", id="marker"),
        pytest.param("#" * MILLION, id="comment"),
        pytest.param("\n" * MILLION, id="empty lines"),
        pytest.param(["# part: fc_a\n", *["a\n"] * 200_000], id="lines"),
        pytest.param(["# part: fc_a\n", 1, None, ["x"], {"a": 1}, True], id="no lines"),
    ],
)
def test_a_million_characters_are_read_in_time(source: object) -> None:
    """Whatever is repeated a million times is gone through once."""
    started = time.process_time()

    notebook = read_notebook(cells(source), "w.ipynb", IDS)

    assert time.process_time() - started < MOST_SECONDS
    assert all(len(marked.code) <= MAX_SOURCE + 1 for marked in notebook.parts)
    assert all(len(text) < 2_000 for text in notice_messages(notebook.notices))


@pytest.mark.parametrize("marker", ["zz", "fc_a", "all", "a" + " " * 5_000 + "b"])
def test_thousands_of_marked_cells_give_few_notices(marker: str) -> None:
    """A handful is named, the others are counted."""
    started = time.process_time()

    notebook = read_notebook(cells(*[f"# part: {marker}\n%magic"] * 4_000), "w.ipynb", IDS)

    assert time.process_time() - started < MOST_SECONDS
    sentences = notice_messages(notebook.notices)
    assert sum(map(len, sentences)) < 10 * MAX_SOURCE
    assert len(sentences) <= 6 or marker == "all"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8-sig", True),
        ("utf-16", True),
        ("utf-16-le", True),
        ("utf-32", True),
        ("cp500", False),
    ],
)
def test_encodings_of_json_are_known(encoding: str, found: bool) -> None:  # noqa: FBT001 - a column
    """With and without a byte order mark; of others a notice says that it is broken."""
    content = cells("# part: fc_a\nx = 1").decode().encode(encoding)

    notebook = read_notebook(content, "w.ipynb", IDS)

    assert found == bool(notebook.parts)
    assert found != bool(notebook.notices)


@pytest.mark.parametrize(
    "content",
    [
        b'{"cells": [{"cell_type": "code", "source": "# part: fc_b", "source": "# part: fc_a"}]}',
        b'{"cells": [], "cells": [{"cell_type": "code", "source": "# part: fc_a"}]}',
        b'{"nbformat": 3, "cells": [{"cell_type": "code", "input": ["# part: fc_a"]}]}',
        b'{"worksheets": [1, {"cells": [{"cell_type": "code", "input": "#part:fc_a"}]}]}',
    ],
    ids=["two sources", "two lists", "mixed formats", "odd worksheets"],
)
def test_of_keys_that_stand_twice_the_last_counts(content: bytes) -> None:
    """As with every other reader of notebooks; formats may be mixed."""
    notebook = read_notebook(content, "w.ipynb", IDS)

    assert ["fc_a"] == [marked.part for marked in notebook.parts]


@pytest.mark.parametrize(
    "content",
    [
        b"null",
        b"1",
        b'"x"',
        b"NaN",
        b'{"cells": null}',
        b'{"cells": {}}',
        b'{"worksheets": {}}',
        b"{]",
    ],
)
def test_other_json_is_no_notebook(content: bytes) -> None:
    """A notice says so; an empty list of cells is a notebook without parts."""
    notebook = read_notebook(content, "w.ipynb", IDS)

    assert () == notebook.parts


def test_many_notebooks_are_read_up_to_an_allowance(write: Write, find_one: FindOne) -> None:
    """A hundred are enough; what is left out is named."""
    for number in range(130):
        write(f"jane/{number:03}.ipynb", cells("x = 1"))
    write("jane/exercises/fc_a.py", "a = 1")

    submission = find_one("jane")

    assert {"fc_a"} == submission.sources.keys()
    expected = "Left out, because the files before are more than anyone needs: 100.ipynb, 101.ipynb"
    assert any(expected in text for text in notice_messages(submission.notices))
