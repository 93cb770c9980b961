"""Finding: which folders and files of a learning platform's download belong to which student.

What a platform writes into names is read at the top of a download only, where it alone writes:
below, in a student's folder or archive, the same names are the student's and mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from grader.records import Notice, System
from grader.submissions.kinds import MAX_METADATA, Kind
from grader.submissions.names import taken_apart
from grader.submissions.places import Place
from grader.submissions.platforms import Label, file_label, folder_label
from grader.submissions.senders import Entry, Sender, labelled, listed, main_label
from grader.submissions.trees import File
from grader.submissions.wanted import Wanted

_GRADESCOPE_FOLDER = re.compile(r"submission_[0-9]+")
# What Moodle calls everybody in blind marking, in English and in German (without the "/" that no
# name of a file has), as far as one hand-in alone has to tell.
_PARTICIPANTS = frozenset({"Participant", "Teilnehmer/in", "Teilnehmerin", "Teilnehmer"})
# Lists and pages that belong to the download and to no student.
_QUIET = (".csv", ".html", ".htm", ".xlsx", ".ods")


@dataclass(frozen=True)
class Bundle:
    """What a download holds of one student; `name` is what its id is made of."""

    name: str
    sender: Sender
    folders: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Download:
    """The bundles at a place, and what else lies there."""

    bundles: tuple[Bundle, ...]
    folders: tuple[str, ...]
    files: tuple[File, ...]
    others: tuple[str, ...]
    notices: tuple[Notice, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether everything in which a part may be has a platform's name."""
        return bool(self.bundles) and not self.folders and not self.files

    @property
    def only_sender(self) -> Sender | None:
        """The one student whose everything here is."""
        return self.bundles[0].sender if self.is_whole and self.num_people == 1 else None

    @property
    def num_people(self) -> int:
        """How many students or groups handed in."""
        return len({bundle.sender.person or bundle.name for bundle in self.bundles})

    @property
    def has_folders(self) -> bool:
        """Whether a platform named a folder here, which cannot happen by chance."""
        return any(bundle.folders for bundle in self.bundles)


@dataclass(frozen=True)
class _Item:
    """A folder or file with a label, before it is known what belongs together."""

    label: Label
    folder: str = ""
    file: File | None = None
    other: str = ""


def download_at(place: Place, wanted: Wanted) -> Download:
    """What of a place comes from a learning platform; nothing of it may."""
    metadata = next((file for file in place.files if file.kind is Kind.METADATA), None)
    if metadata is not None and (found := _gradescope(place, metadata)) is not None:
        return found
    items = _items(place)
    grouped: dict[tuple[str, str, str], list[_Item]] = {}
    for item in items:
        grouped.setdefault(_unit(item), []).append(item)
    bundles = tuple(_bundle(group, wanted) for group in grouped.values())
    return _download(place, _told_apart(bundles))


def _download(
    place: Place, bundles: tuple[Bundle, ...], notices: tuple[Notice, ...] = ()
) -> Download:
    folders = {folder for bundle in bundles for folder in bundle.folders}
    paths = {file.path for bundle in bundles for file in bundle.files}
    others = {other for bundle in bundles for other in bundle.others}
    quiet = _QUIET if bundles else ()
    return Download(
        bundles,
        folders=tuple(name for name in place.folders if name not in folders),
        files=tuple(f for f in place.files if f.kind.is_handed_in and f.path not in paths),
        others=tuple(
            other
            for other in place.others
            if other not in others and not other.casefold().endswith(quiet)
        ),
        notices=notices,
    )


def _items(place: Place) -> list[_Item]:
    folders = [
        _Item(label, folder=name)
        for name in place.folders
        if (label := folder_label(name)) is not None
    ]
    files = [
        _Item(label, file=file)
        for file in place.files
        if (label := file_label(file.name)) is not None
    ]
    others = [
        _Item(label, other=other)
        for other in place.others
        if (label := file_label(other)) is not None
    ]
    loose = [*files, *others]
    moodle = [item for item in loose if item.label.system is System.MOODLE]
    canvas = [item for item in loose if item.label.system is System.CANVAS]
    num_loose = len(place.folders) + sum(file.kind.is_handed_in for file in place.files)
    num_loose += sum(not other.casefold().endswith(_QUIET) for other in place.others)
    return [*folders, *moodle, *(canvas if _are_from_canvas(canvas, num_loose) else [])]


def _are_from_canvas(items: list[_Item], num_loose: int) -> bool:
    """Whether names like `week_1_2_a.py` are Canvas' and not a teacher's own.

    Canvas writes names of students in small letters, and no number of an attachment twice.
    """
    labels = [item.label for item in items]
    owners: dict[int, str] = {}
    for label in labels:
        if label.student != label.student.lower() and not label.student.startswith("anon_"):
            return False
        if label.upload and owners.setdefault(label.upload, label.owner) != label.owner:
            return False
    return 2 * len(items) > num_loose


def _unit(item: _Item) -> tuple[str, str, str]:
    """What is equal for all folders and files of one hand-in.

    The folder with a student's files and the one with the typed text belong together; an older
    Moodle's and a newer one's do not.
    """
    label = item.label
    kind = "folder" if item.folder else "file"
    return label.system, label.owner, f"{kind} {label.name.endswith('_')}"


def _bundle(items: list[_Item], wanted: Wanted) -> Bundle:
    labels = [item.label for item in items]
    label = main_label(labels)
    sender = labelled(labels, _num_attempts(items, wanted))
    return Bundle(
        name=label.name if label.system is System.MOODLE else label.owner,
        sender=sender,
        folders=tuple(item.folder for item in items if item.folder),
        files=tuple(item.file for item in items if item.file is not None),
        others=tuple(item.other for item in items if item.other),
    )


def _told_apart(bundles: tuple[Bundle, ...]) -> tuple[Bundle, ...]:
    """The same; in blind marking, where all have the same name, with their numbers behind it."""
    senders = [bundle.sender for bundle in bundles]
    names = {sender.student.name for sender in senders}
    several = len({sender.person for sender in senders}) > 1
    if len(names) != 1 or not (several or names <= _PARTICIPANTS):
        return bundles
    numbered = [
        replace(
            s, student=replace(s.student, name=f"{s.student.name} {s.student.id or ''}".strip())
        )
        for s in senders
    ]
    return tuple(replace(b, sender=s) for b, s in zip(bundles, numbered, strict=True))


def _num_attempts(items: Iterable[_Item], wanted: Wanted) -> int:
    """Which attempt it is by the numbers that Canvas puts behind names it has seen before."""
    numbers = [0]
    for item in items:
        if item.file is not None and item.label.system is System.CANVAS:
            name = taken_apart(item.file.name, wanted.part_ids)
            number = re.search(r"-([0-9]{1,3})$", PurePosixPath(item.label.file).stem)
            if number and name.stem in wanted.part_ids:
                numbers.append(int(number[1]))
    return 1 + max(numbers)


def _gradescope(place: Place, metadata: File) -> Download | None:
    """The folders of an export; None where none has a name that Gradescope gives."""
    # PyYAML takes a tenth of all that starting up takes, and is rarely wanted.
    from grader.submissions.gradescope import MetadataError, read_metadata

    folders = [name for name in place.folders if _GRADESCOPE_FOLDER.fullmatch(name)]
    if not folders:
        return None
    notices: tuple[Notice, ...] = ()
    entries: Mapping[str, Entry] = {}
    try:
        entries = read_metadata(metadata.read(MAX_METADATA + 1))
    except (MetadataError, OSError) as error:
        notices = (Notice("metadata", {"path": metadata.path, "error": str(error)}),)
    bundles = tuple(Bundle(name, listed(name, entries.get(name)), (name,)) for name in folders)
    return _download(place, bundles, notices)
