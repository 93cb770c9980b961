"""Finding: the hand-ins at a path, each with its student, before they are read.

A path is one submission (a `.py` file, a notebook, an archive, a folder), a folder of
submissions, or an archive of submissions; `grader.submissions.places` states by which rule these
are told apart. Before it comes what a learning platform wrote: its download is one submission per
student, whatever else lies there. Hidden and generated files are passed over, as are files beside
the submissions that can hold no part, which are named.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from grader.errors import UsageError
from grader.records import Notice
from grader.submissions.archives import unpack
from grader.submissions.downloads import Bundle, Download, download_at
from grader.submissions.kinds import ACCEPTED, Kind, bare_name
from grader.submissions.parts import parts_held
from grader.submissions.places import (
    Place,
    holds_several,
    is_one_submission,
    place_of_folder,
    place_of_tree,
    unwrapped,
)
from grader.submissions.senders import Sender, repository_owner, sender_of
from grader.submissions.trees import File, Tree, file_at, folder_tree, joined_trees
from grader.submissions.wanted import Wanted
from grader.submissions.workspace import Workspace, workspace
from grader.text import printable_name

# An archive, and one inside it.
_NESTING = 2
EXPECTED = f"Expected: a .py file, a notebook, an archive ({ACCEPTED}), or a folder of these."


@dataclass(frozen=True)
class Unread:
    """One submission before it is read: its true name, where it lies, and what lists its files."""

    name: str
    place: str
    tree: Callable[[Workspace], Tree]
    sender: Sender | None = None


@dataclass(frozen=True)
class Batch:
    """The submissions at one path."""

    unread: tuple[Unread, ...]
    single: bool = False
    notices: tuple[Notice, ...] = ()


def batch_at(path: Path, wanted: Wanted, spaces: ExitStack) -> Batch:
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
    if not file.kind.is_handed_in and file.kind is not Kind.ONLINE_TEXT:
        return Batch((), notices=(Notice("no-submission", {"path": path.name}),))
    unread = _from_file(file, str(path))
    return Batch((replace(unread, sender=sender_of(path.name, is_folder=False)),), single=True)


def whole_folder(path: Path, name: str) -> Unread:
    """The folder as one submission of that name, whatever lies in it and how."""
    return Unread(name, str(path), partial(_listed_folder, partial(folder_tree, path)))


def _at_folder(path: Path, wanted: Wanted) -> Batch:
    place = place_of_folder(path)
    sender = sender_of(path.name, is_folder=True)
    download = download_at(place, wanted)
    if sender is None and _is_download(download, place, wanted):
        return _downloaded(download, place, str(path), wanted)
    if sender is not None or is_one_submission(place, wanted):
        listing = partial(_listed_folder, partial(folder_tree, path))
        return _single(path, path.name, sender or download.only_sender, listing)
    return _children(place, str(path), path.name)


def _at_archive(file: File, path: Path, wanted: Wanted, space: Workspace) -> Batch:
    tree, name = unwrapped(unpack(file, space), wanted, bare_name(path.name))
    place = place_of_tree(tree)
    sender = sender_of(path.name, is_folder=False)
    download = download_at(place, wanted)
    if sender is None and _is_download(download, place, wanted):
        return _downloaded(download, place, str(path), wanted)
    is_one = is_one_submission(place, wanted) or not holds_several(place, wanted)
    if sender is not None or is_one:
        listing = partial(_opened, tree, nesting=_NESTING - 1)
        return _single(path, bare_name(path.name), sender or download.only_sender, listing)
    return _children(place, str(path), name)


def _single(
    path: Path, name: str, sender: Sender | None, listing: Callable[[Workspace], Tree]
) -> Batch:
    return Batch((Unread(name, str(path), listing, sender),), single=True)


def _is_download(download: Download, place: Place, wanted: Wanted) -> bool:
    """Whether a place is a platform's download, and no student's folder with a few such names."""
    is_certain = download.has_folders or download.is_whole
    if download.num_people > 1 and is_certain:
        return True
    return bool(download.bundles) and not is_one_submission(place, wanted)


def _downloaded(download: Download, place: Place, where: str, wanted: Wanted) -> Batch:
    """Each student of a download as a submission, and what else may be one."""
    unread = [_from_bundle(bundle, place, where) for bundle in download.bundles]
    passed_over = list(download.others)
    for name in download.folders:
        tree = place.folders[name]
        if any(file.kind.is_handed_in for file in tree().files):
            unread.append(Unread(name, f"{where}/{name}", partial(_listed_folder, tree)))
        else:
            passed_over.append(name)
    for file in download.files:
        if _is_somebodys(file, wanted):
            unread.append(_from_file(file, f"{where}/{file.name}"))
        else:
            passed_over.append(file.path)
    notices = (*place.notices, *download.notices)
    if passed_over:
        notices += (Notice("passed-over", {"names": tuple(passed_over)}),)
    return Batch(tuple(unread), notices=notices)


def _is_somebodys(file: File, wanted: Wanted) -> bool:
    """Whether a file beside a download's own is a hand-in, and not the download, or a teacher's."""
    if not file.kind.is_archive:
        return file.kind is Kind.NOTEBOOK and bool(parts_held([file], wanted))
    with workspace() as space:
        tree, _ = unwrapped(unpack(file, space), wanted, "")
        return not download_at(place_of_tree(tree), wanted).bundles


def _from_bundle(bundle: Bundle, place: Place, where: str) -> Unread:
    trees = [place.folders[name] for name in bundle.folders]
    loose = Tree(bundle.files, bundle.others)

    def listed(space: Workspace) -> Tree:
        return _opened(joined_trees([*(tree() for tree in trees), loose]), space, nesting=_NESTING)

    return Unread(bundle.name, f"{where}/{bundle.name}", listed, bundle.sender)


def _children(place: Place, where: str, name_of_all: str) -> Batch:
    """Each child of a place as a submission; other files are named in a notice."""
    folders = (
        Unread(
            name,
            f"{where}/{name}",
            partial(_listed_folder, tree),
            repository_owner(name, name_of_all),
        )
        for name, tree in place.folders.items()
    )
    files = (
        _from_file(file, f"{where}/{file.name}") for file in place.files if file.kind.is_handed_in
    )
    notices = place.notices
    if place.others:
        notices += (Notice("passed-over", {"names": place.others}),)
    return Batch((*folders, *files), notices=notices)


def _from_file(file: File, where: str) -> Unread:
    name = bare_name(file.name)
    if file.kind.is_archive:
        return Unread(name, where, partial(_listed_archive, file))
    return Unread(name, where, lambda _: Tree((file,)))


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
            # The times inside are the student's.
            prefixed = [
                replace(f, path=f"{file.path}/{f.path}", modified=file.modified)
                for f in inner.files
            ]
            below = _opened(Tree(tuple(prefixed)), space, nesting=nesting - 1)
            files += below.files
            others += [f"{file.path}/{path}" for path in inner.others]
            notices += [*inner.notices, *below.notices]
    return Tree(tuple(files), tuple(others), tree.folders, tuple(notices))
