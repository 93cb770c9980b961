"""Finding: what a learning platform wrote into the names of the folders and files it gives out.

A name is read from its beginning: what stands behind the platform's own piece was chosen by the
student, and may imitate it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from grader.records import System

# Moodle 4 (mod/assign/classes/downloader.php): <full name>_<id>_assignsubmission_<plugin>, as a
# folder, in older versions with an underscore behind, or with _<file> behind it. Underscores in
# names become blanks there. Without a number for those of the default group.
_MOODLE = re.compile(
    r"(?P<name>.*?)(?:_(?P<id>[0-9]+))?_assignsubmission_(?P<plugin>[a-z0-9]+)(?P<end>_|\Z)",
    re.DOTALL,
)
# Canvas (lib/content_zipper.rb): <name>[_LATE]_<user>_<attachment>_<file>; in anonymous marking
# [LATE_]anon_<id>, in other versions anon_<id>[_LATE]. A text or an address that was handed in has
# no number of an attachment.
_CANVAS = re.compile(
    r"(?P<label>(?P<early>LATE_)?(?P<anon>anon_[A-Za-z0-9]+)(?P<after>_LATE)?"
    r"|(?P<name>[^\s.]*?)(?P<late>_LATE)?_(?P<user>[0-9]{1,20}))"
    r"_(?:(?P<upload>[0-9]{1,20})_(?=.)|(?=(?:text|link)\.html?\Z))",
    re.DOTALL,
)
_TEXT_PLUGIN = "onlinetext"


@dataclass(frozen=True)
class Label:
    """What a name says: whose the folder or file is, and as what it was handed in.

    `name` is the platform's piece of the name, letter by letter; `student` the person or group in
    it; `file` is what is left, empty for a folder. `upload` is Canvas' number of the attachment,
    which grows with time, else 0; `plugin` Moodle's word for the way of handing in.
    """

    system: System
    name: str
    student: str
    id: str | None
    file: str
    late: bool = False
    upload: int = 0
    plugin: str = ""

    @property
    def owner(self) -> str:
        """Whose it is, in a form that does not change from one hand-in to the next."""
        return f"{self.student}_{self.id or ''}"

    @property
    def is_text(self) -> bool:
        """Whether it was typed into a text box of the platform."""
        if self.system is System.MOODLE:
            return self.plugin == _TEXT_PLUGIN
        return not self.upload and self.file.startswith("text")


def file_label(name: str) -> Label | None:
    """What the name of a file says; None where no platform wrote anything into it."""
    if (found := _MOODLE.match(name)) and found["end"] and found.end() < len(name):
        return _moodle(found, name[: found.end()], name[found.end() :])
    if found := _CANVAS.match(name):
        return Label(
            System.CANVAS,
            name=found["label"],
            student=found["anon"] or found["name"],
            id=found["anon"] or found["user"],
            file=name[found.end() :],
            late=bool(found["early"] or found["after"] or found["late"]),
            upload=int(found["upload"] or 0),
        )
    return None


def folder_label(name: str) -> Label | None:
    """What the name of a folder says; only Moodle's names are written into folders."""
    found = _MOODLE.match(name)
    return _moodle(found, name, "") if found and found.end() == len(name) else None


def _moodle(found: re.Match[str], name: str, file: str) -> Label:
    return Label(
        System.MOODLE,
        name=name,
        student=found["name"],
        id=found["id"],
        file=file,
        plugin=found["plugin"],
    )


def is_online_text(folder: str, name: str) -> bool:
    """Whether the file with this name, in a folder with that name, is a page with a typed text."""
    if not name.casefold().endswith((".html", ".htm")):
        return False
    label = folder_label(folder) or file_label(name)
    return label is not None and label.is_text
