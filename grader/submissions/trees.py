"""Finding: the one view of a submission's files that folders and archives share."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from grader.records import Notice
from grader.submissions.kinds import HEAD_BYTES, Kind, is_junk, is_passed_over, kind_of

MAX_FILES = 10_000
MAX_DEPTH = 32


@dataclass(frozen=True)
class File:
    """A Python file, notebook or archive; `path` is relative, with `/` between names."""

    path: str
    kind: Kind
    open: Callable[[], BinaryIO]

    @property
    def name(self) -> str:
        """The last name of the path."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The path of the folder that it lies in; empty at the top."""
        return self.path.rpartition("/")[0]

    def read(self, limit: int) -> bytes:
        """At most `limit` bytes from its beginning; raises OSError where the system does."""
        with self.open() as stream:
            return stream.read(limit)


@dataclass(frozen=True)
class Tree:
    """What lies below one place, sorted by path.

    `others` are paths of files that can hold no part; `folders` the paths of all folders, empty
    ones too.
    """

    files: tuple[File, ...] = ()
    others: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()

    def below(self, folder: str) -> Tree:
        """The tree of one of its folders, without notices."""
        prefix = folder + "/"
        files = [f for f in self.files if f.path.startswith(prefix)]
        return Tree(
            files=tuple(replace(f, path=f.path.removeprefix(prefix)) for f in files),
            others=_without(prefix, self.others),
            folders=_without(prefix, self.folders),
        )


def file_at(path: Path, shown: str) -> File:
    """The file at a place on disk under the name to show; raises OSError."""
    return File(shown, kind_of(path.name, _head(path)), opener(path))


def opener(path: Path) -> Callable[[], BinaryIO]:
    """What opens the file at this path."""
    return lambda: path.open("rb")


def folder_tree(folder: Path) -> Tree:
    """What is below a folder, but no links, hidden or generated folders, or environments."""
    walk = _Walk(folder)
    pending: list[tuple[Path, int]] = [(folder, 0)]
    while pending:
        current, depth = pending.pop()
        pending += [(child, depth + 1) for child in walk.visit(current, depth)]
    return Tree(
        files=tuple(sorted(walk.files, key=lambda f: f.path)),
        others=tuple(sorted(walk.others)),
        folders=tuple(sorted(walk.folders)),
        notices=walk.notices(),
    )


class _Walk:
    """One walk through a folder: what it met, and what it left out."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._count = 0
        self._links: list[str] = []
        self._odd: list[str] = []
        self._deep: list[str] = []
        self._unreadable: list[str] = []
        self._left_out = 0
        self.files: list[File] = []
        self.others: list[str] = []
        self.folders: list[str] = []

    def visit(self, folder: Path, depth: int) -> list[Path]:
        """The folders inside that are to be visited too; files are noted down."""
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            self._unreadable.append(self._shown(folder))
            return []
        # At the top it only says that the student made the environment right there, around the
        # work.
        if depth > 0 and any(entry.name == "pyvenv.cfg" for entry in entries):
            return []
        inner = [child for entry in entries if (child := self._enter(entry, depth)) is not None]
        self.folders += map(self._shown, inner)
        return inner

    def notices(self) -> tuple[Notice, ...]:
        """What was left out, a notice per reason."""
        reasons = {
            "link": self._links,
            "odd": self._odd,
            "deep": self._deep,
            "unreadable": self._unreadable,
        }
        notices = [
            Notice("left-out", {"reason": reason, "names": tuple(paths)})
            for reason, paths in reasons.items()
            if paths
        ]
        if self._left_out:
            notices.append(Notice("many-files", {"most": MAX_FILES, "left_out": self._left_out}))
        return tuple(notices)

    def _enter(self, entry: os.DirEntry[str], depth: int) -> Path | None:
        path = Path(entry.path)
        if entry.is_symlink():
            self._links.append(self._shown(path))
        elif entry.is_dir(follow_symlinks=False):
            if is_passed_over(entry.name):
                return None
            if depth < MAX_DEPTH:
                return path
            self._deep.append(self._shown(path))
        elif not entry.is_file(follow_symlinks=False):
            self._odd.append(self._shown(path))
        elif not is_junk(entry.name):
            self._note(path)
        return None

    def _note(self, path: Path) -> None:
        self._count += 1
        if self._count > MAX_FILES:
            self._left_out += 1
            return
        try:
            file = file_at(path, self._shown(path))
        except OSError:
            self._unreadable.append(self._shown(path))
            return
        if file.kind is Kind.OTHER:
            self.others.append(file.path)
        else:
            self.files.append(file)

    def _shown(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(HEAD_BYTES)


def _without(prefix: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(path.removeprefix(prefix) for path in paths if path.startswith(prefix))
