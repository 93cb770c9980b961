"""Files of submissions, made in a temporary folder, and the search through them."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from grader.records import Submission
from grader.submissions import Found, find_submissions

PART_IDS = ("fc_a", "fc_b", "cnn_a")
SHEET_IDS = ("faces_fc", "faces_cnn")
STUBS = {"fc_a": b'"""Stub."""\n'}

Write = Callable[..., Path]
Find = Callable[..., Found]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file below a fresh folder and returns its path."""

    def write_file(path: str, content: bytes | str = "x = 1\n") -> Path:
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
        return place

    return write_file


@pytest.fixture
def find(tmp_path: Path) -> Find:
    """The search in paths below the fresh folder."""

    def find_in(*paths: str) -> Found:
        places = [tmp_path / path for path in paths]
        return find_submissions(places, PART_IDS, sheet_ids=SHEET_IDS, stubs=STUBS)

    return find_in


@pytest.fixture
def find_one(find: Find) -> Callable[[str], Submission]:
    """The one submission at a path."""

    def find_only(path: str) -> Submission:
        found = find(path)
        assert found.single
        return found.submissions[0]

    return find_only


@pytest.fixture
def zipped() -> Callable[[Mapping[str, bytes | str]], bytes]:
    """A zip archive of these members."""

    def make(members: Mapping[str, bytes | str]) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return buffer.getvalue()

    return make


@pytest.fixture
def tarred() -> Callable[..., bytes]:
    """A tar archive of these members, compressed as asked for."""

    def make(members: Mapping[str, bytes], compression: str = "") -> bytes:
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode=f"w:{compression}") as archive:  # type: ignore[call-overload] # the mode is put together
            for name, content in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
        return buffer.getvalue()

    return make


@pytest.fixture
def notebook() -> Callable[..., str]:
    """A notebook of nbformat 4 with these code cells."""

    def make(*sources: str) -> str:
        cells = [
            {
                "cell_type": "code",
                "metadata": {},
                "outputs": [],
                "source": source.splitlines(keepends=True),
            }
            for source in sources
        ]
        return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})

    return make
