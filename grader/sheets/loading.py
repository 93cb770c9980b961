"""Loads one sheet: reads its sheet.toml and the tables, and checks that what they name is there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader.errors import SummaryError
from grader.records import CheckName, Part, Protocol, Sheet, Summary, Target
from grader.records.sheets import LOSSES
from grader.sheets.calibrations import read_calibrations
from grader.sheets.entries import Entries
from grader.sheets.own_data import read_own_data
from grader.sheets.reading import read_text, read_toml
from grader.summary import read_summary

# As Keras calls them; of those that the grader's table has the usual ones.
OPTIMIZERS = ("adam", "adamw", "adamax", "nadam", "sgd", "rmsprop", "adagrad", "adadelta")
SCALINGS = ("standardize-per-pixel", "standardize-per-channel", "none")

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
_NO_TRAINING = Protocol(30, 128, "adam", "categorical_crossentropy", SCALINGS[0], seed=1)
_PROTOCOL_KEYS = (
    "epochs",
    "batch_size",
    "optimizer",
    "learning_rate",
    "loss",
    "scaling",
    "seed",
)
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
    "data",
    "protocol",
    "calibrations",
)


@dataclass(frozen=True)
class _Frame:
    """What the parts of a sheet have in common; `top` holds `data` and the protocol, if any."""

    folder: Path
    input_shape: tuple[int, ...]
    num_classes: int
    top: Entries


def load_sheet(folder: Path) -> Sheet:
    """The sheet in `folder`, its parts in the order of sheet.toml; the folder's name is its id.

    Raises SheetError that names the file, the key and the line to write.
    """
    top = read_toml(folder / "sheet.toml", "A sheet is a folder with a file sheet.toml.")
    top.only(("title", "input_shape", "classes", "data", "protocol", "parts"))
    title = top.text("title", 'title = "8 faces, fully connected"')
    frame = _Frame(
        folder=folder,
        input_shape=top.wholes("input_shape", "input_shape = [48, 48, 3]"),
        num_classes=_read_classes(top, 0),
        top=top,
    )
    entries = top.tables("parts", '[[parts]] with id = "fc_a" and so on', where="[[parts]]")
    parts = tuple(_read_part(part, frame) for part in entries)
    return Sheet(folder.resolve().name, title, folder, parts)


def _read_classes(entries: Entries, usual: int) -> int:
    """How many classes the network tells apart; without the key `usual`, 0 for none."""
    return entries.whole("classes", 2, "classes = 8") if "classes" in entries.values else usual


def _protocol(part: Entries, frame: _Frame) -> Protocol | None:
    """The sheet's protocol with what the part has in its own; None where there is neither."""
    line = "[protocol] with epochs = 30 and so on"
    found: Protocol | None = None
    values: dict[str, Any] = {}
    for entries, where in ((frame.top, "[protocol]"), (part, f"[parts.protocol] of {part.where}")):
        if "protocol" in entries.values:
            own = entries.table("protocol", line, where=where)
            own.only(_PROTOCOL_KEYS)
            values |= own.values
            found = _read_protocol(replace(own, values=values))
    return found


def _read_protocol(entries: Entries) -> Protocol:
    rate = None
    if "learning_rate" in entries.values:
        line = "learning_rate = 0.001, or nothing for Keras' usual one"
        rate = entries.number("learning_rate", line)
        if rate == 0:
            raise entries.refused("learning_rate", "is 0, expected more", line)
    return Protocol(
        epochs=entries.whole("epochs", 1, "epochs = 30"),
        batch_size=entries.whole("batch_size", 1, "batch_size = 128"),
        optimizer=entries.choice("optimizer", OPTIMIZERS, 'optimizer = "adam"'),
        loss=entries.choice("loss", LOSSES, 'loss = "categorical_crossentropy"'),
        scaling=entries.choice("scaling", SCALINGS, 'scaling = "standardize-per-pixel"'),
        seed=entries.whole("seed", 0, "seed = 1"),
        learning_rate=rate,
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
    protocol = _protocol(entries, frame)
    target = (protocol or _NO_TRAINING).target
    num_classes = _num_classes(entries, frame, target)
    points = _read_points(entries)
    _check_points(entries, points, num_classes, protocol)
    shape_line = "input_shape = [48, 48, 3], or nothing where it is the sheet's"
    own_shape = "input_shape" in entries.values
    part = Part(
        id=part_id,
        sheet=frame.folder.resolve().name,
        title=entries.text("title", 'title = "One layer"'),
        question=entries.text("question", 'question = "How good is the network?"'),
        reference=_read_reference(entries, part_id, frame.folder),
        input_shape=entries.wholes("input_shape", shape_line) if own_shape else frame.input_shape,
        num_classes=num_classes,
        protocol=protocol or _NO_TRAINING,
        points=points,
        time_limit_seconds=limit,
        calibrations=read_calibrations(entries, target),
        stub=_find_stub(entries, part_id, frame.folder),
        answer_points=_read_answer_points(entries),
        insight=_read_insight(entries),
    )
    return _with_data(entries, frame, part)


def _num_classes(entries: Entries, frame: _Frame, target: Target) -> int:
    """How many classes the part has; 0 for numbers. Raises SheetError where the loss has others."""
    if target.has_error:
        if "classes" in entries.values:
            reason = "stands beside a loss of numbers, which have no classes"
            raise entries.refused("classes", reason, "nothing, or another loss")
        return 0
    num_classes = _read_classes(entries, frame.num_classes)
    if target is Target.YES_OR_NO and num_classes != 2:  # noqa: PLR2004 - yes and no
        reason = f"is {num_classes or 'missing'}, but binary_crossentropy tells two apart"
        raise entries.refused("classes", reason, "classes = 2, or another loss")
    return num_classes


def _with_data(entries: Entries, frame: _Frame, part: Part) -> Part:
    """The part with the data set that it brings itself, or its sheet for all of its parts."""
    is_own = "data" in entries.values
    if is_own and not part.is_trained:
        reason = f"is given, but by its points {part.id} is not trained"
        raise entries.refused("data", reason, f"nothing, or {_POINTS_LINE}")
    data = read_own_data(entries if is_own else frame.top, part) if part.is_trained else None
    if part.is_trained and data is None and part.target.has_error:
        reason = f"is missing, and the data set of a run has no numbers for {part.id} to tell"
        raise entries.refused("data", reason, 'data = "waves.npz"')
    return replace(part, data=data)


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
    entries: Entries,
    points: Mapping[CheckName, float],
    num_classes: int,
    protocol: Protocol | None,
) -> None:
    """Raise SheetError for checks that cannot be made of such a part."""
    if len(set(_TRAINED) & set(points)) == 1:
        reason = "has only one of training and accuracy, expected both or neither"
        raise entries.refused("points", reason, _POINTS_LINE)
    needing = [name for name in (CheckName.OUTPUT, *_TRAINED) if name in points]
    has_error = protocol is not None and protocol.target.has_error
    if needing and not num_classes and not has_error:
        reason = f"has {needing[0]}, for which a number of classes is missing"
        raise entries.refused("points", reason, "classes = 8, or leave it out of points")
    if CheckName.TRAINING in points and protocol is None:
        reason = "has training, for which the sheet has no [protocol]"
        raise entries.refused("points", reason, "[protocol] with epochs = 30 and so on")
