"""Finding: from the paths that a person gave to one `Submission` per student.

A path is one submission (a `.py` file, a notebook, an archive, a folder), a folder of
submissions, or an archive of submissions; `grader.submissions.places` states by which rule these
are told apart. Hidden and generated files are passed over, as are files beside the submissions
that can hold no part, which are named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from grader.errors import UsageError
from grader.records import Notice, Student, Submission
from grader.submissions.archives import unpack
from grader.submissions.kinds import ACCEPTED, Kind, bare_name
from grader.submissions.names import student_name, submission_ids
from grader.submissions.parts import find_parts
from grader.submissions.places import (
    Place,
    holds_several,
    is_one_submission,
    place_of_folder,
    place_of_tree,
    unwrapped,
)
from grader.submissions.trees import File, Tree, file_at, folder_tree
from grader.submissions.wanted import Wanted
from grader.submissions.workspace import Workspace, workspace
from grader.text import printable_name

# An archive, and one inside it.
_NESTING = 2
_NO_STUBS: Mapping[str, bytes] = MappingProxyType({})
_NO_IDS: Mapping[str, str] = MappingProxyType({})
EXPECTED = f"Expected: a .py file, a notebook, an archive ({ACCEPTED}), or a folder of these."


@dataclass(frozen=True)
class Found:
    """The submissions in the order of their ids.

    `single` says that one path was given and that it was one submission. `notices` are those that
    belong to no submission. There may be no submissions. `origins` are the paths that were given,
    made absolute.
    """

    submissions: tuple[Submission, ...]
    single: bool
    notices: tuple[Notice, ...] = ()
    origins: tuple[str, ...] = ()


def find_submissions(
    paths: Sequence[Path],
    part_ids: Collection[str],
    *,
    sheet_ids: Collection[str] = (),
    stubs: Mapping[str, bytes] = _NO_STUBS,
    known_ids: Mapping[str, str] = _NO_IDS,
) -> Found:
    """What the students handed in at these paths.

    `sheet_ids` are names of folders in which parts lie; `stubs` the untouched stubs by part,
    which give way to any other candidate; `known_ids` the ids that earlier runs gave, by place.
    Raises UsageError when a path cannot be read.
    """
    origins = list(dict.fromkeys(path.resolve() for path in paths))
    wanted = Wanted(tuple(part_ids), tuple(sheet_ids), stubs)
    with ExitStack() as spaces:
        batches = [_at(path, wanted, spaces) for path in origins]
        hand_ins = [hand_in for batch in batches for hand_in in batch.hand_ins]
        notices = tuple(notice for batch in batches for notice in batch.notices)
        names = [(hand_in.name, hand_in.place) for hand_in in hand_ins]
        ids = submission_ids(names, known_ids)
        pairs = sorted(zip(ids, hand_ins, strict=True), key=lambda pair: pair[0])
        submissions = tuple(_read(id_, hand_in, wanted) for id_, hand_in in pairs)
    single = len(batches) == 1 and batches[0].single
    return Found(submissions, single, notices, tuple(map(str, origins)))


@dataclass(frozen=True)
class _HandIn:
    """One submission before it is read: its true name, where it lies, and what lists its files."""

    name: str
    place: str
    tree: Callable[[Workspace], Tree]


@dataclass(frozen=True)
class _Batch:
    """The submissions at one path."""

    hand_ins: tuple[_HandIn, ...]
    single: bool = False
    notices: tuple[Notice, ...] = ()


def _read(id_: str, hand_in: _HandIn, wanted: Wanted) -> Submission:
    student = Student(student_name(hand_in.name))
    try:
        with workspace() as space:
            found = find_parts(hand_in.tree(space), wanted)
    except Exception as error:  # noqa: BLE001 - one that cannot be read stops no other
        return Submission(id_, student, {}, place=hand_in.place, trouble=_trouble(error))
    return Submission(id_, student, found.sources, found.notices, place=hand_in.place)


def _trouble(error: Exception) -> str:
    return (
        f"The grader could not read this submission: {type(error).__name__}: "
        f"{printable_name(str(error))}. This is not the student's fault; grade it again, and if "
        "that comes back, please report it."
    )


def _at(path: Path, wanted: Wanted, spaces: ExitStack) -> _Batch:
    """The submissions at a path; raises UsageError when it cannot be read."""
    try:
        if path.is_dir():
            return _at_folder(path, wanted)
        if path.exists() and not path.is_file():
            raise UsageError(f"{printable_name(str(path))} is no file and no folder. {EXPECTED}")
        file = file_at(path, path.name)
        if file.kind.is_archive:
            space = spaces.enter_context(workspace(path.stat().st_size))
            return _at_archive(file, path, wanted, space)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(
            f"{printable_name(str(path))} could not be read: {reason}. {EXPECTED}"
        ) from error
    if file.kind is Kind.OTHER:
        return _Batch((), notices=(Notice("no-submission", {"path": path.name}),))
    return _Batch((_from_file(file, str(path)),), single=True)


def _at_folder(path: Path, wanted: Wanted) -> _Batch:
    place = place_of_folder(path)
    if is_one_submission(place, wanted):
        listing = partial(_listed_folder, partial(folder_tree, path))
        return _Batch((_HandIn(path.name, str(path), listing),), single=True)
    return _children(place, str(path))


def _at_archive(file: File, path: Path, wanted: Wanted, space: Workspace) -> _Batch:
    tree = unwrapped(unpack(file, space), wanted)
    place = place_of_tree(tree)
    if is_one_submission(place, wanted) or not holds_several(place, wanted):
        listing = partial(_opened, tree, nesting=_NESTING - 1)
        return _Batch((_HandIn(bare_name(path.name), str(path), listing),), single=True)
    return _children(place, str(path))


def _children(place: Place, where: str) -> _Batch:
    """Each child of a place as a submission; other files are named in a notice."""
    folders = (
        _HandIn(name, f"{where}/{name}", partial(_listed_folder, tree))
        for name, tree in place.folders.items()
    )
    files = (_from_file(file, f"{where}/{file.name}") for file in place.files)
    notices = place.notices
    if place.others:
        notices += (Notice("passed-over", {"names": place.others}),)
    return _Batch((*folders, *files), notices=notices)


def _from_file(file: File, where: str) -> _HandIn:
    name = bare_name(file.name)
    if file.kind.is_archive:
        return _HandIn(name, where, partial(_listed_archive, file))
    return _HandIn(name, where, lambda _: Tree((file,)))


def _listed_folder(tree: Callable[[], Tree], space: Workspace) -> Tree:
    return _opened(tree(), space, nesting=_NESTING)


def _listed_archive(file: File, space: Workspace) -> Tree:
    return _opened(unpack(file, space), space, nesting=_NESTING - 1)


def _opened(tree: Tree, space: Workspace, *, nesting: int) -> Tree:
    """The tree with the content of its archives in their places, this many levels deep."""
    files: list[File] = []
    others = list(tree.others)
    notices = list(tree.notices)
    for file in tree.files:
        if not file.kind.is_archive:
            files.append(file)
        elif nesting == 0:
            notices.append(Notice("archive-too-deep", {"path": file.path}))
        else:
            inner = unpack(file, space)
            prefixed = [replace(f, path=f"{file.path}/{f.path}") for f in inner.files]
            below = _opened(Tree(tuple(prefixed)), space, nesting=nesting - 1)
            files += below.files
            others += [f"{file.path}/{path}" for path in inner.others]
            notices += [*inner.notices, *below.notices]
    return Tree(tuple(files), tuple(others), tree.folders, tuple(notices))
