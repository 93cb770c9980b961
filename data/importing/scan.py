"""Importing, step 1: which files of a folder are whose pictures.

Every folder in the one that is named is a person, with all files below it. Where it holds a single
folder, that one is meant; where it holds `train`, `test` and such, the persons are one level below.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data.dataset import DataError, shown
from data.importing.found import Skipped, clean, natural

MAX_FILES = 500_000
MAX_DEPTH = 16
SYSTEM_FILES = {"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r", "__macosx", "@eadir"}
SPLIT_NAMES = {"train", "training", "valid", "validation", "val", "test", "testing"}


@dataclass(frozen=True)
class Person:
    """A person's name and files, in natural order of their paths."""

    name: str
    files: tuple[Path, ...]


@dataclass(frozen=True)
class Scan:
    """What was found in `folder`: persons in natural order, and what is no picture of theirs."""

    folder: Path
    persons: tuple[Person, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True)
class _Entry:
    path: Path
    depth: int


def scan_folder(folder: Path) -> Scan:
    """Return whose pictures lie in `folder`; no link is followed and no file is opened.

    Raises `DataError` where the folder cannot be read or holds no folder of a person.
    """
    skipped: list[Skipped] = []
    root = _descend(folder)
    homes = _children(root, folder, skipped)
    if len(homes) > 1 and all(home.name.casefold() in SPLIT_NAMES for home in homes):
        homes = [child for home in homes for child in _children(home, folder, skipped)]
    files: dict[str, list[Path]] = {}
    for home in homes:
        files.setdefault(clean(home.name), []).extend(_files(home, folder, skipped))
    if not files:
        raise DataError(
            f"{folder}: found no folder in it. Expected one folder for each person, with the "
            "pictures of that person. Sort the pictures into such folders."
        )
    skipped += [
        Skipped(name, "left out: this person's folder holds no file")
        for name, found in files.items()
        if not found
    ]
    persons = [
        Person(name, tuple(sorted(found, key=lambda path: natural(str(path)))))
        for name, found in files.items()
        if found
    ]
    persons.sort(key=lambda person: natural(person.name))
    return Scan(folder, tuple(persons), tuple(skipped))


def relative(path: Path, folder: Path) -> str:
    """Return the path below `folder` as it can be shown."""
    return shown(path.relative_to(folder).as_posix())


def _descend(folder: Path) -> Path:
    """Return the folder that holds the persons: `folder`, or the only folder that is in it."""
    root = folder
    for _ in range(MAX_DEPTH):
        inner = [path for path in _list(root) if path.is_dir() and not _why_skipped(path)]
        if len(inner) != 1 or not any(path.is_dir() for path in _list(inner[0])):
            break
        root = inner[0]
    return root


def _children(home: Path, folder: Path, skipped: list[Skipped]) -> list[Path]:
    """Return the folders in `home`; all else that lies there is skipped."""
    found = []
    for path in _list(home):
        reason = _why_skipped(path)
        if reason is None and not path.is_dir():
            reason = "lies in no person's folder"
        if reason is None:
            found.append(path)
        else:
            skipped.append(Skipped(relative(path, folder), reason))
    return found


def _files(home: Path, folder: Path, skipped: list[Skipped]) -> Iterator[Path]:
    """Yield all files below `home` that may be pictures."""
    waiting = [_Entry(home, 0)]
    count = 0
    while waiting:
        entry = waiting.pop()
        try:
            inside = _list(entry.path)
        except DataError:
            skipped.append(Skipped(relative(entry.path, folder), "is not readable"))
            continue
        for path in inside:
            count += 1
            if count > MAX_FILES:
                raise DataError(
                    f"{folder}: found more than {MAX_FILES:,} files. Expected the pictures of "
                    "some persons. Name a smaller folder."
                )
            reason = _why_skipped(path)
            if reason is None and path.is_dir():
                if entry.depth < MAX_DEPTH:
                    waiting.append(_Entry(path, entry.depth + 1))
                    continue
                reason = f"lies more than {MAX_DEPTH} folders deep"
            if reason is None:
                yield path
            else:
                skipped.append(Skipped(relative(path, folder), reason))


def _why_skipped(path: Path) -> str | None:
    if path.name.casefold() in SYSTEM_FILES:
        return "is a file of the system"
    if path.name.startswith("."):
        return "is hidden"
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if stat.S_ISLNK(mode):
        return "is a link, which is not followed"
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        return "is no ordinary file"
    return None


def _list(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries)
    except OSError as error:
        raise DataError(
            f"{folder}: the folder cannot be read ({error.strerror}). Check the path and its "
            "permissions."
        ) from error
    return [folder / name for name in names]
