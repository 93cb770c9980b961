"""Packages, the project: which of its files go with a package, read from a clone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from data.builtin import SHIPPED
from grader.errors import UsageError
from grader.packaging.lock import shortened_lock
from grader.records import Sheet
from grader.sheets import exercises_folder

_CODE_FOLDERS = ("grader", "data")
_CODE_SUFFIXES = frozenset({".py", ".typed", ".html", ".css", ".js", ".sh", ".yml", ".md"})
_TOP = ("LICENSE", "pyproject.toml")
_LOCK = "requirements.lock"


def require_clone() -> Path:
    """The folder of the clone that this grader runs from; raises UsageError where it is none."""
    root = exercises_folder().parent
    if any(not (root / name).is_file() for name in (*_TOP, _LOCK)):
        raise UsageError(
            f"{root} is no clone of the project: {', '.join((*_TOP, _LOCK))} are expected there. "
            "Packages hold the project's source; make them with the grader of a clone."
        )
    return root


def code(root: Path, *, with_faces: bool) -> dict[str, bytes]:
    """The grader's own files by their paths in the clone, `with_faces` the built-in data set too.

    Never a solution, a test, or anything that the project has no use for.
    """
    paths = [path for folder in _CODE_FOLDERS for path in _files(root / folder)]
    chosen = [path for path in paths if path.suffix in _CODE_SUFFIXES]
    chosen += [root / name for name in _TOP]
    chosen += [SHIPPED] if with_faces else []
    return read(root, chosen)


def exercises(root: Path, sheets: Iterable[Sheet]) -> dict[str, bytes]:
    """What students get of these sheets: stubs, tables, tips, data, the README and notebooks.

    Never what calibrations measured, beside the thresholds that grades are told by.
    """
    paths: list[Path] = []
    for sheet in sheets:
        ids = [part.id for part in sheet.parts]
        wanted = ["sheet.toml", "README.md"]
        wanted += [f"{id_}{ending}" for id_ in ids for ending in (".py", ".txt", ".tips.toml")]
        wanted += sorted({part.data.file.name for part in sheet.parts if part.data})
        paths += [sheet.folder / name for name in wanted if (sheet.folder / name).is_file()]
        paths += sheet.folder.glob("*.ipynb")
    paths += exercises_folder().glob("*.ipynb")
    return read(root, [path.resolve() for path in paths])


def lock(root: Path, extra: Sequence[str] = ()) -> bytes:
    """The locked versions, with hashes, of what grading needs and of `extra`."""
    pyproject = (root / "pyproject.toml").read_text("utf-8")
    return shortened_lock(pyproject, (root / _LOCK).read_text("utf-8"), extra).encode()


def read(root: Path, paths: Iterable[Path]) -> dict[str, bytes]:
    """The files' contents by their paths below `root`."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and _is_ours(path))


def _is_ours(path: Path) -> bool:
    return not path.name.startswith(".") and "__pycache__" not in path.parts
