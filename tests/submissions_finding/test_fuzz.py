"""Random and mutated files never raise anything: they end in notices."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.messages import notice_messages
from grader.records import Submission
from grader.submissions import find_submissions
from grader.submissions.magics import without_magics
from grader.submissions.notebooks import read_notebook


def one_submission(name: str, content: bytes) -> Submission:
    """What is found in a folder with this one file beside a part."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "fc_a.py").write_bytes(b"a = 1")
        (Path(folder) / name).write_bytes(content)
        found = find_submissions([Path(folder)], ["fc_a", "fc_b"])
    return found.submissions[0]


def zip_bytes() -> bytes:
    """A small sound zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/fc_b.py", "b = 1\n" * 20)
        archive.writestr("x/work.ipynb", json.dumps({"cells": []}))
    return buffer.getvalue()


def tar_bytes(compression: str) -> bytes:
    """A small sound tar archive with extended headers."""
    buffer = io.BytesIO()
    with tarfile.open(
        fileobj=buffer, mode=f"w:{compression}", format=tarfile.PAX_FORMAT
    ) as archive:  # type: ignore[call-overload] # the mode is put together
        for name in ("x/fc_b.py", "y" * 150 + "/ä.py"):
            info = tarfile.TarInfo(name)
            info.size = 6
            archive.addfile(info, io.BytesIO(b"b = 1\n"))
    return buffer.getvalue()


HEADS = [
    b"",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b\x08",
    b"BZh9",
    b"\xfd7zXZ\x00",
    b"7z\xbc\xaf",
]


@given(st.sampled_from(HEADS), st.binary(max_size=2000), st.sampled_from(["w.zip", "w.tar", "w"]))
def test_random_archives_raise_nothing(head: bytes, rest: bytes, name: str) -> None:
    """Whatever follows the mark of an archive, the part beside it is found."""
    submission = one_submission(name, head + rest)

    assert {"fc_a"} == submission.sources.keys()


@pytest.mark.parametrize("sound", [zip_bytes(), *map(tar_bytes, ("", "gz", "bz2", "xz"))])
@settings(max_examples=60)
@given(data=st.data())
def test_mutated_archives_raise_nothing(sound: bytes, data: st.DataObject) -> None:
    """Bytes changed anywhere in a sound archive, and its end cut off, do no harm."""
    content = bytearray(sound)
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.none(), st.integers(0, len(content))))

    submission = one_submission("w.zip", bytes(content[:cut]))

    assert "fc_a" in submission.sources
    assert all(notice.isprintable() for notice in notice_messages(submission.notices))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.just("code"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["cells", "worksheets", "cell_type", "source", "input"]), inner
        )
    ),
)


@given(st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
def test_random_notebooks_raise_nothing(content: bytes) -> None:
    """Any bytes and any JSON give a notebook, perhaps an empty one, or a notice."""
    notebook = read_notebook(content, "w.ipynb", ["fc_a"])

    assert all(notice.isprintable() for notice in notice_messages(notebook.notices))


@given(st.text(alphabet="%!?=ab \n\\'\"#()[]{}", max_size=60))
def test_taking_out_magics_keeps_the_number_of_lines(source: str) -> None:
    """Whatever the cell holds, line numbers stay true."""
    kept, _ = without_magics(source)

    assert source.count("\n") == kept.count("\n")
