"""VGG lists: the text files of Oxford's VGG Face data set, one for each person.

`files/First_Last.txt` holds a line for each picture, without a header, of nine fields that are
parted by spaces: id, address, left, top, right, bottom, pose, detection score, curation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.dataset import DataError, shown
from data.importing.found import Skipped, clean, natural
from data.importing.pictures import Box

NUM_FIELDS = 9
NUM_NUMBERS = 7
MAX_LIST_BYTES = 16 * 2**20
MAX_LISTS = 10_000


@dataclass(frozen=True)
class Row:
    """One picture of a list: its address, the box of the face, and where the line stands."""

    source: str
    url: str
    box: Box


@dataclass(frozen=True)
class PersonList:
    """A person's name and the list with that person's pictures."""

    name: str
    path: Path


def find_lists(paths: Sequence[Path]) -> list[PersonList]:
    """Return the lists among `paths`: files, folders with such files, or with `files/` in them.

    Raises `DataError` where there is none, and for two lists of one name.
    """
    files = [file for path in paths for file in _files(path)]
    lists = [PersonList(clean(path.stem), path) for path in files]
    by_name: dict[str, Path] = {}
    for entry in lists:
        other = by_name.setdefault(entry.name, entry.path)
        if other != entry.path:
            raise DataError(
                f"{entry.path}: found two lists of {entry.name}, the other being {other}. "
                "Expected one list for each person. Name one of them."
            )
    return sorted({entry.name: entry for entry in lists}.values(), key=lambda e: natural(e.name))


def read_list(entry: PersonList) -> tuple[list[Row], list[Skipped]]:
    """Return the rows of a list in its order, and the lines that are none; raises `DataError`."""
    rows: list[Row] = []
    skipped: list[Skipped] = []
    for number, line in enumerate(_text(entry.path).splitlines(), start=1):
        if not line.strip():
            continue
        where = f"{shown(entry.path.name)}:{number}"
        row = _read_row(line, where)
        if isinstance(row, Row):
            rows.append(row)
        else:
            skipped.append(Skipped(where, row))
    return rows, skipped


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise DataError(f"{path}: there is no such file or folder. Check the path.")
    folder = path / "files" if (path / "files").is_dir() else path
    found = sorted(file for file in folder.glob("*.txt") if not file.name.startswith("."))
    if not found:
        raise DataError(
            f"{path}: found no list in it. Expected files such as files/First_Last.txt, one for "
            "each person. Unpack the archive of the lists and name its folder."
        )
    if len(found) > MAX_LISTS:
        raise DataError(f"{path}: found {len(found):,} lists. Expected at most {MAX_LISTS:,}.")
    return found


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_LIST_BYTES + 1)
    except OSError as error:
        raise DataError(f"{path}: the list cannot be read ({error.strerror}).") from error
    if len(content) > MAX_LIST_BYTES:
        raise DataError(f"{path}: the list is larger than {MAX_LIST_BYTES / 2**20:.0f} MiB.")
    return content.decode("utf-8-sig", errors="replace")


def _read_row(line: str, where: str) -> Row | str:
    """Return the row, or why the line is none."""
    fields = line.split()
    if len(fields) < NUM_FIELDS:
        return f"has {len(fields)} fields instead of {NUM_FIELDS}"
    try:
        numbers = [float(field) for field in fields[-NUM_NUMBERS:]]
    except ValueError:
        return "has other than numbers after the address"
    if not all(map(math.isfinite, numbers)):
        return "has other than numbers after the address"
    left, top, right, bottom, *_ = numbers
    if right <= left or bottom <= top:
        return "has a box without any area"
    # An address with a space in it has become several fields.
    url = "%20".join(fields[1:-NUM_NUMBERS])
    return Row(f"{where} {shown(url)}", url, Box(left, top, right, bottom))
