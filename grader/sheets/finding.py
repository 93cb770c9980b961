"""Finds sheets in a folder of sheets, and a part among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from grader.errors import SheetError, UsageError
from grader.records import Part, Sheet
from grader.sheets.loading import load_sheet


def exercises_folder() -> Path:
    """The folder exercises/ of this repository, beside the package."""
    return Path(__file__).resolve().parents[2] / "exercises"


def load_sheets(root: Path | None = None) -> tuple[Sheet, ...]:
    """The sheets in `root`, by default the repository's, by the number that begins their title.

    Raises SheetError for a broken sheet, for none at all, and for a part id that two parts have.
    """
    folder = exercises_folder() if root is None else root
    files = sorted(folder.glob("*/sheet.toml"))
    if not files:
        raise SheetError(f"{folder}: found no sheet, expected folders with a file sheet.toml.")
    sheets = tuple(sorted((load_sheet(file.parent) for file in files), key=_order))
    _check_ids(sheets)
    return sheets


def solution_file(part: Part) -> Path:
    """Where the part's solution is to be: solutions/ mirrors exercises/ path for path."""
    return part.stub.resolve().parents[2] / "solutions" / part.sheet / part.stub.name


def find_sheet(sheets: Sequence[Sheet], sheet_id: str) -> Sheet:
    """The sheet with this id; UsageError names all there are where there is none."""
    known = {sheet.id: sheet for sheet in sheets}
    if sheet_id not in known:
        raise UsageError(f"There is no sheet '{sheet_id}'. The sheets are {', '.join(known)}.")
    return known[sheet_id]


def find_part(sheets: Sequence[Sheet], part_id: str) -> Part:
    """The part with this id; UsageError names those that are near to it where there is none."""
    parts = {part.id: part for sheet in sheets for part in sheet.parts}
    if part_id in parts:
        return parts[part_id]
    near = get_close_matches(part_id, parts, n=3) or sorted(parts)
    raise UsageError(f"There is no part '{part_id}'. Did you mean {' or '.join(near)}?")


def stubs_of(parts: Sequence[Part]) -> dict[str, bytes]:
    """The stubs as students were given them, by part."""
    return {part.id: part.stub.read_bytes() for part in parts}


def _order(sheet: Sheet) -> tuple[int, str]:
    number = re.match(r"[0-9]{1,9}", sheet.title)
    return (int(number[0]) if number else 0, sheet.id)


def _check_ids(sheets: Sequence[Sheet]) -> None:
    owners: dict[str, Sheet] = {}
    for sheet in sheets:
        for part in sheet.parts:
            if part.id in owners:
                first = owners[part.id].folder / "sheet.toml"
                raise SheetError(
                    f'{sheet.folder / "sheet.toml"}: id = "{part.id}" in [[parts]] is taken by '
                    f'{first}. Write another id, such as: id = "{part.id}_2"'
                )
            owners[part.id] = sheet
