"""Finding: which members of an archive are taken, and what is said of the others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO

from grader.records import Notice
from grader.submissions.kinds import HEAD_BYTES, Kind, is_junk, is_passed_over, is_source, kind_of
from grader.submissions.trees import MAX_DEPTH, File, Tree, opener
from grader.submissions.workspace import Workspace

_MAX_PATH = 1_000
# In bytes; no usual file system takes more.
_MAX_NAME = 255
_DRIVE = re.compile(r"[A-Za-z]:")


class Refusal(StrEnum):
    """Why a member is left out."""

    OUTSIDE = "outside"
    LINK = "link"
    SPECIAL = "special"
    ENCRYPTED = "encrypted"
    DEEP = "deep"
    BOMB = "bomb"
    LARGE = "large"
    BROKEN = "broken"
    MANY = "many"
    TWICE = "twice"


@dataclass
class Unpacking:
    """What one archive gave so far. `shown` is its path in the submission.

    `stopped` says why its reading ended early (a code), `error` what Python said of it.
    """

    shown: str
    space: Workspace
    files: dict[str, File] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    environments: set[str] = field(default_factory=set)
    refused: dict[Refusal, list[str]] = field(default_factory=dict)
    stopped: str = ""
    error: str = ""

    def refuse(self, name: str, refusal: Refusal) -> None:
        """Notes down a member that is left out."""
        self.refused.setdefault(refusal, []).append(name)

    def path_of(self, name: str, *, is_folder: bool) -> str | None:
        """The member's path when it is to be looked into; why not is noted down, but for junk."""
        path = _normal(name)
        names = path.split("/") if path else []
        folders = names if is_folder else names[:-1]
        if any(map(is_passed_over, folders)) or (names and not is_folder and is_junk(names[-1])):
            return None
        if not self.space.takes_member(is_source=is_source(name)):
            self.refuse(name, Refusal.MANY)
            return None
        if path is None:
            self.refuse(name, Refusal.OUTSIDE)
            return None
        longest = max(len(name.encode("utf-8", "surrogatepass")) for name in names)
        if len(path) > _MAX_PATH or longest > _MAX_NAME or len(names) > MAX_DEPTH:
            self.refuse(name, Refusal.DEEP)
            return None
        self.folders.update("/".join(folders[:depth]) for depth in range(1, len(folders) + 1))
        if names[-1] == "pyvenv.cfg":
            self.environments.add("/".join(names[:-1]))
        return None if is_folder else path

    def add(self, path: str, stream: BinaryIO, limits: Mapping[Kind, int], modified: float) -> None:
        """Keeps a member if it can hold a part; raises what the stream and the workspace raise."""
        head = stream.read(HEAD_BYTES)
        kind = kind_of(path, head)
        if path in self.files or path in self.others:
            self.refuse(path, Refusal.TWICE)
            self.files.pop(path, None)
            self.others.discard(path)
        if kind is Kind.OTHER:
            self.others.add(path)
            return
        self.space.take(len(head))
        limit = limits.get(kind, self.space.bytes_left // 2)
        place = self.space.keep(head, stream, limit)
        if kind.is_archive and place.stat().st_size >= limit:
            self.refuse(path, Refusal.LARGE)
            return
        self.files[path] = File(path, kind, opener(place), modified)

    def tree(self) -> Tree:
        """The members that were taken, without virtual environments, and the notices."""
        files = [f for path, f in self.files.items() if not self._in_environment(path)]
        return Tree(
            files=tuple(sorted(files, key=lambda f: f.path)),
            others=tuple(sorted(p for p in self.others if not self._in_environment(p))),
            folders=tuple(sorted(f for f in self.folders if not self._in_environment(f))),
            notices=self._notices(),
        )

    def _in_environment(self, path: str) -> bool:
        # At the top it only says that the student made the environment right there, around the
        # work.
        names = path.split("/")
        return any("/".join(names[:depth]) in self.environments for depth in range(1, len(names)))

    def _notices(self) -> tuple[Notice, ...]:
        notices = [
            Notice(
                "members-left-out",
                {"path": self.shown, "reason": str(refusal), "names": tuple(names)},
            )
            for refusal, names in self.refused.items()
        ]
        if self.stopped:
            values = {"path": self.shown, "reason": self.stopped, "error": self.error}
            notices.append(Notice("archive-stopped", values))
        return tuple(notices)


def _normal(name: str) -> str | None:
    """The path with `/` between plain names; None when it is absolute or leads outside."""
    path = name.replace("\\", "/")
    if path.startswith("/") or _DRIVE.match(path):
        return None
    names = [part for part in path.split("/") if part not in {"", "."}]
    return None if not names or ".." in names else "/".join(names)
