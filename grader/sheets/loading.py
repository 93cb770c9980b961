"""Loads one sheet: reads its sheet.toml and the tables, and checks that what they name is there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.errors import SummaryError
from grader.records import CheckName, Part, Protocol, Sheet, Summary
from grader.sheets.calibrations import read_calibrations
from grader.sheets.entries import Entries
from grader.sheets.reading import read_text, read_toml
from grader.summary import read_summary

OPTIMIZERS = ("adam",)
LOSSES = ("categorical_crossentropy",)
SCALINGS = ("standardize-per-pixel",)

_POINTS = {
    CheckName.LOADS: 0.5,
    CheckName.ARCHITECTURE: 1.5,
    CheckName.OUTPUT: 0.5,
    CheckName.TRAINING: 0.5,
    CheckName.ACCURACY: 1.0,
}
_POINTS_LINE = (
    f"points = {{ {', '.join(f'{name} = {points}' for name, points in _POINTS.items())} }}"
)
# Of a part without them only the network is looked at.
_TRAINED = (CheckName.TRAINING, CheckName.ACCURACY)
_BUILT = (CheckName.LOADS, CheckName.ARCHITECTURE)
# Stands where a sheet has no [protocol], since none of its parts is trained.
_NO_TRAINING = Protocol(30, 128, OPTIMIZERS[0], LOSSES[0], SCALINGS[0], seed=1)
_PART_KEYS = (
    "id",
    "input_shape",
    "classes",
    "title",
    "table",
    "question",
    "answer_points",
    "insight",
    "points",
    "time_limit_seconds",
    "calibrations",
)


@dataclass(frozen=True)
class _Frame:
    """What the parts of a sheet have in common."""

    folder: Path
    input_shape: tuple[int, ...]
    num_classes: int
    protocol: Protocol | None


def load_sheet(folder: Path) -> Sheet:
    """The sheet in `folder`, its parts in the order of sheet.toml; the folder's name is its id.

    Raises SheetError that names the file, the key and the line to write.
    """
    top = read_toml(folder / "sheet.toml", "A sheet is a folder with a file sheet.toml.")
    top.only(("title", "input_shape", "classes", "protocol", "parts"))
    title = top.text("title", 'title = "8 faces, fully connected"')
    frame = _Frame(
        folder=folder,
        input_shape=top.wholes("input_shape", "input_shape = [48, 48, 3]"),
        num_classes=_read_classes(top, 0),
        protocol=_read_protocol(top) if "protocol" in top.values else None,
    )
    entries = top.tables("parts", '[[parts]] with id = "fc_a" and so on', where="[[parts]]")
    parts = tuple(_read_part(part, frame) for part in entries)
    return Sheet(folder.resolve().name, title, folder, parts)


def _read_classes(entries: Entries, usual: int) -> int:
    """How many classes the network tells apart; without the key `usual`, 0 for none."""
    return entries.whole("classes", 2, "classes = 8") if "classes" in entries.values else usual


def _read_protocol(top: Entries) -> Protocol:
    line = "[protocol] with epochs = 30 and so on"
    entries = top.table("protocol", line, where="[protocol]")
    entries.only(("epochs", "batch_size", "optimizer", "loss", "scaling", "seed"))
    return Protocol(
        epochs=entries.whole("epochs", 1, "epochs = 30"),
        batch_size=entries.whole("batch_size", 1, "batch_size = 128"),
        optimizer=entries.choice("optimizer", OPTIMIZERS, 'optimizer = "adam"'),
        loss=entries.choice("loss", LOSSES, 'loss = "categorical_crossentropy"'),
        scaling=entries.choice("scaling", SCALINGS, 'scaling = "standardize-per-pixel"'),
        seed=entries.whole("seed", 0, "seed = 1"),
    )


def _read_part(entries: Entries, frame: _Frame) -> Part:
    entries.only(_PART_KEYS)
    part_id = entries.text("id", 'id = "fc_a"')
    if re.fullmatch(r"[a-z][a-z0-9_]*", part_id) is None:
        reason = f"is {part_id!r}, expected lower-case letters, digits and '_', a letter first"
        raise entries.refused("id", reason, 'id = "fc_a"')
    limit_line = "time_limit_seconds = 300"
    limit = entries.number("time_limit_seconds", limit_line)
    if limit == 0:
        raise entries.refused("time_limit_seconds", "is 0, expected more", limit_line)
    num_classes = _read_classes(entries, frame.num_classes)
    points = _read_points(entries)
    _check_points(entries, points, num_classes, frame)
    shape_line = "input_shape = [48, 48, 3], or nothing where it is the sheet's"
    own_shape = "input_shape" in entries.values
    return Part(
        id=part_id,
        sheet=frame.folder.resolve().name,
        title=entries.text("title", 'title = "One layer"'),
        question=entries.text("question", 'question = "How good is the network?"'),
        reference=_read_reference(entries, part_id, frame.folder),
        input_shape=entries.wholes("input_shape", shape_line) if own_shape else frame.input_shape,
        num_classes=num_classes,
        protocol=frame.protocol or _NO_TRAINING,
        points=points,
        time_limit_seconds=limit,
        calibrations=read_calibrations(entries),
        stub=_find_stub(entries, part_id, frame.folder),
        answer_points=_read_answer_points(entries),
        insight=_read_insight(entries),
    )


def _read_insight(entries: Entries) -> str:
    """The sentence for those who have passed; a part may do without."""
    if "insight" not in entries.values:
        return ""
    return entries.text("insight", 'insight = "What there is to take away.", or nothing')


def _read_reference(entries: Entries, part_id: str, folder: Path) -> Summary:
    line = f'table = "{part_id}.txt"'
    name = entries.text("table", line)
    file = folder / name
    if Path(name).name != name or not file.is_file():
        raise entries.refused("table", f"names '{name}', which is no file in {folder}", line)
    text = read_text(file, "Make it readable.")
    try:
        return read_summary(text)
    except SummaryError as error:
        advice = "Mend this line, or print the table anew."
        raise SummaryError(f"{file}, {error} {advice}") from error


def _find_stub(entries: Entries, part_id: str, folder: Path) -> Path:
    stub = folder / f"{part_id}.py"
    if not stub.is_file():
        reason = f"needs the stub {stub}, which is not there"
        raise entries.refused("id", reason, "that file, or the id of a stub that is there")
    return stub


def _read_answer_points(entries: Entries) -> float | None:
    """What an answer is worth; None, without the key, where it gets no points."""
    if "answer_points" not in entries.values:
        return None
    line = "answer_points = 1.0, or nothing where answers get no points"
    points = entries.number("answer_points", line)
    if points == 0:
        raise entries.refused("answer_points", "is 0, expected more", line)
    return points


def _read_points(entries: Entries) -> Mapping[CheckName, float]:
    where = f"points of {entries.where}"
    points = entries.table("points", _POINTS_LINE, where=where)
    points.only([name.value for name in CheckName])
    made = [name for name in CheckName if name in _BUILT or name.value in points.values]
    return {name: points.number(name.value, _POINTS_LINE) for name in made}


def _check_points(
    entries: Entries, points: Mapping[CheckName, float], num_classes: int, frame: _Frame
) -> None:
    """Raise SheetError for checks that cannot be made of such a part."""
    if len(set(_TRAINED) & set(points)) == 1:
        reason = "has only one of training and accuracy, expected both or neither"
        raise entries.refused("points", reason, _POINTS_LINE)
    needing = [name for name in (CheckName.OUTPUT, *_TRAINED) if name in points]
    if needing and not num_classes:
        reason = f"has {needing[0]}, for which a number of classes is missing"
        raise entries.refused("points", reason, "classes = 8, or leave it out of points")
    if CheckName.TRAINING in points and frame.protocol is None:
        reason = "has training, for which the sheet has no [protocol]"
        raise entries.refused("points", reason, "[protocol] with epochs = 30 and so on")
