"""Finding: whether a folder or archive is one submission or several.

- It is **one submission** when a file that is named like a part (`fc_a.py`) lies in it directly, or
  when parts lie in folders of its own that are named like a sheet, like a part, or `exercises`.
  Notebooks, and files with the LMS prefix of one student, make it one as long as no other child
  holds a part that they hold.
- Else a folder is a **folder of submissions**: each child folder, archive, notebook and Python file
  is one, also when it holds no part.
- Else an archive is an archive of submissions only when two of its children hold the same part:
  students like to sort their parts into folders of their own making.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from grader.records import Notice
from grader.submissions.archives import unpack
from grader.submissions.kinds import Kind, is_junk, is_passed_over
from grader.submissions.names import FileName, taken_apart
from grader.submissions.parts import parts_held
from grader.submissions.platforms import folder_label
from grader.submissions.trees import File, Tree, file_at, folder_tree
from grader.submissions.wanted import Wanted
from grader.submissions.workspace import workspace

_STRUCTURE = frozenset({"exercises"})


@dataclass(frozen=True)
class Place:
    """What lies directly in a folder or archive; its folders are listed when asked for."""

    files: tuple[File, ...]
    folders: Mapping[str, Callable[[], Tree]]
    others: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()


def place_of_folder(folder: Path) -> Place:
    """The place on disk; raises OSError when the folder cannot be read."""
    files: list[File] = []
    folders: dict[str, Callable[[], Tree]] = {}
    others: list[str] = []
    left_out: list[str] = []
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            if not is_passed_over(entry.name):
                folders[entry.name] = partial(folder_tree, path)
        elif is_junk(entry.name):
            continue
        elif entry.is_file(follow_symlinks=False) and (file := _readable(path)) is not None:
            (others.append(file.path) if file.kind is Kind.OTHER else files.append(file))
        else:
            left_out.append(entry.name)
    notices = (Notice("left-out", {"reason": "any", "names": tuple(left_out)}),) if left_out else ()
    return Place(tuple(files), folders, tuple(others), notices)


def place_of_tree(tree: Tree) -> Place:
    """The place that an opened archive is."""
    return Place(
        files=tuple(file for file in tree.files if "/" not in file.path),
        folders={name: partial(_itself, inner) for name, inner in tree.below().items()},
        others=tuple(path for path in tree.others if "/" not in path),
        notices=tree.notices,
    )


def unwrapped(tree: Tree, wanted: Wanted, name: str) -> tuple[Tree, str]:
    """The tree without outer folders that hold everything, as archivers like to add them.

    With it the name of the last of them, else the name that is given.
    """
    while True:
        place = place_of_tree(tree)
        wraps = len(place.folders) == 1 and not place.files
        outer = next(iter(place.folders), "")
        if not wraps or _is_structure(outer, wanted) or folder_label(outer) is not None:
            return tree, name
        inner, name = place.folders[outer](), outer
        tree = Tree(inner.files, (*inner.others, *place.others), inner.folders, tree.notices)


def is_one_submission(place: Place, wanted: Wanted) -> bool:
    """Whether the parts lie as in the work of one student; False for many, and for none."""
    python = [
        file for file in place.files if file.kind is Kind.PYTHON and parts_held([file], wanted)
    ]
    owners = {_name(file, wanted).owner for file in python}
    if len(owners - {""}) > 1:
        return False
    structure = [tree for name, tree in place.folders.items() if _is_structure(name, wanted)]
    if "" in owners or any(_held(tree(), wanted) for tree in structure):
        return True
    return len(owners) <= 1 and bool(_loose(place, wanted)) and not holds_several(place, wanted)


def holds_several(place: Place, wanted: Wanted) -> bool:
    """Whether two children hold the same part; copies of one file count as one child."""
    seen: set[str] = set()
    for held in chain(_loose(place, wanted), _enclosed(place, wanted)):
        if held & seen:
            return True
        seen |= held
    return False


def _loose(place: Place, wanted: Wanted) -> list[frozenset[str]]:
    """The parts held by each file that lies there directly, if any."""
    held: dict[tuple[str, str, Kind], frozenset[str]] = {}
    for file in place.files:
        name = _name(file, wanted)
        key = (name.owner, name.stem.casefold(), file.kind)
        held[key] = held.get(key, frozenset()) | parts_held([file], wanted)
    return [parts for parts in held.values() if parts]


def _enclosed(place: Place, wanted: Wanted) -> Iterator[frozenset[str]]:
    """The parts held by each folder and archive, opened one after the other as asked for."""
    for tree in place.folders.values():
        yield _held(tree(), wanted)
    for file in place.files:
        if file.kind.is_archive:
            with workspace() as space:
                yield _held(unpack(file, space), wanted)


def _held(tree: Tree, wanted: Wanted) -> frozenset[str]:
    return parts_held(tree.files, wanted)


def _itself(tree: Tree) -> Tree:
    return tree


def _name(file: File, wanted: Wanted) -> FileName:
    return taken_apart(file.name, wanted.part_ids)


def _is_structure(folder: str, wanted: Wanted) -> bool:
    names = {*_STRUCTURE, *wanted.sheet_ids, *wanted.part_ids}
    return folder.casefold() in map(str.casefold, names)


def _readable(path: Path) -> File | None:
    try:
        return file_at(path, path.name)
    except OSError:
        return None
