"""Finding: the one view of a submission's files that folders and archives share."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from grader.records import Notice
from grader.submissions.kinds import HEAD_BYTES, Kind, is_junk, is_passed_over, is_source, kind_of

MAX_FILES = 10_000
MAX_DEPTH = 32
# Not every system has each of them.
_FLAGS = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))


@dataclass(frozen=True)
class File:
    """A file that can hold a part or tells of those that do, in seconds since 1970 `modified`.

    `path` is relative, with `/` between names.
    """

    path: str
    kind: Kind
    open: Callable[[], BinaryIO]
    modified: float = 0.0

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

    def below(self) -> dict[str, Tree]:
        """The trees of the folders at its top, by name, without notices."""
        files: dict[str, list[File]] = {}
        others: dict[str, list[str]] = {}
        folders: dict[str, list[str]] = {name: [] for name in self.folders if "/" not in name}
        for file in self.files:
            top, slash, rest = file.path.partition("/")
            if slash:
                files.setdefault(top, []).append(replace(file, path=rest))
        for paths, inner in ((self.others, others), (self.folders, folders)):
            for path in paths:
                top, slash, rest = path.partition("/")
                if slash:
                    inner.setdefault(top, []).append(rest)
        return {
            name: Tree(tuple(files.get(name, ())), tuple(others.get(name, ())), tuple(inner))
            for name, inner in folders.items()
        }


def joined_trees(trees: Sequence[Tree]) -> Tree:
    """Several trees as one, of which each is laid over the others."""
    return Tree(
        files=tuple(sorted((f for tree in trees for f in tree.files), key=lambda f: f.path)),
        others=tuple(sorted(path for tree in trees for path in tree.others)),
        folders=tuple(sorted({path for tree in trees for path in tree.folders})),
        notices=tuple(notice for tree in trees for notice in tree.notices),
    )


def file_at(path: Path, shown: str) -> File:
    """The file at a place on disk under the name to show; raises OSError."""
    with _opened(path) as stream:
        head, modified = stream.read(HEAD_BYTES), os.fstat(stream.fileno()).st_mtime
    kind = kind_of(f"{path.parent.name}/{path.name}", head)
    return File(shown, kind, opener(path), modified)


def opener(path: Path) -> Callable[[], BinaryIO]:
    """What opens the file at this path.

    It raises OSError, also where something else has taken the file's place meanwhile: a link is
    not followed then, and a pipe does not keep anyone waiting.
    """
    return lambda: _opened(path)


def _opened(path: Path) -> BinaryIO:
    descriptor = os.open(path, os.O_RDONLY | _FLAGS)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "no longer a file", str(path))
    return os.fdopen(descriptor, "rb")


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
        self._num_sources = 0
        self._num_others = 0
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
        try:
            return self._entered(entry, path, depth)
        except OSError:
            self._unreadable.append(self._shown(path))
        return None

    def _entered(self, entry: os.DirEntry[str], path: Path, depth: int) -> Path | None:
        """The path of a folder to be visited; raises OSError."""
        if entry.is_symlink():
            self._links.append(self._shown(path))
        elif entry.is_dir(follow_symlinks=False):
            if is_passed_over(entry.name):
                return None
            if depth >= MAX_DEPTH:
                self._deep.append(self._shown(path))
            elif self._takes(entry.name):
                return path
        elif not entry.is_file(follow_symlinks=False):
            self._odd.append(self._shown(path))
        elif not is_junk(entry.name) and self._takes(entry.name):
            self._note(path)
        return None

    def _takes(self, name: str) -> bool:
        """Counts a file or folder; sources for themselves, so that others do not crowd them out."""
        if is_source(name):
            self._num_sources += 1
            taken = self._num_sources <= MAX_FILES
        else:
            self._num_others += 1
            taken = self._num_others <= MAX_FILES
        self._left_out += not taken
        return taken

    def _note(self, path: Path) -> None:
        file = file_at(path, self._shown(path))
        if file.kind is Kind.OTHER:
            self.others.append(file.path)
        else:
            self.files.append(file)

    def _shown(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()
