"""Packages: the template repository for GitHub Classroom."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.export.packing import zipped
from grader.packaging import project
from grader.records import Sheet

_FILES = Path(__file__).with_name("files")
_OWN = {
    ".github/workflows/classroom.yml": "classroom.yml",
    "README.md": "classroom.md",
}
_FROM_CLONE = (".gitattributes", ".gitignore", "conftest.py")
_PROGRAMS = ("scripts/setup", "scripts/system-packages")
# What scripts/setup installs the others and the project with.
_INSTALLERS = ("hatchling", "uv")


def template_zip(root: Path, sheets: Sequence[Sheet]) -> bytes:
    """The archive, of the clone at `root`: the same bytes whenever it is made of the same things.

    In it are these sheets as students get them, and what checks and grades them; no solution.
    """
    files = project.code(root, with_faces=True) | project.exercises(root, sheets)
    files |= project.read(root, [root / name for name in (*_FROM_CLONE, *_PROGRAMS)])
    files |= {path: (_FILES / name).read_bytes() for path, name in _OWN.items()}
    files["requirements.lock"] = project.lock(root, _INSTALLERS)
    return zipped(files, _PROGRAMS)
