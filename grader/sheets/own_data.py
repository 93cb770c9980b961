"""Data sets that parts bring themselves: found beside sheet.toml, and checked against the part."""

from __future__ import annotations

import math
from pathlib import Path

from data import DataError, DataSet, Outline, read_outline, read_part_file
from data.dataset import SPLITS
from grader.errors import SheetError
from grader.records import DataFacts, OwnData, Part, Shape
from grader.sheets.entries import Entries

_LINE = 'data = "waves.npz", or nothing where the part is trained on the data set of the run'


def read_own_data(entries: Entries, part: Part) -> OwnData | None:
    """The data set that the entries name for a part, as far as its file declares it.

    None where they name none. Raises SheetError where there is no such file, or one that does not
    go with the part.
    """
    if "data" not in entries.values:
        return None
    name = entries.text("data", _LINE)
    file = part.stub.parent / name
    if Path(name).name != name or not file.is_file():
        folder = part.stub.parent
        raise entries.refused("data", f"names '{name}', which is no file in {folder}", _LINE)
    try:
        outline = read_outline(file)
    except DataError as error:
        raise SheetError(f"{entries.file}: data of {part.id} cannot be used. {error}") from error
    misfit = _misfit(outline, part)
    if misfit:
        raise SheetError(f"{entries.file}: data of {part.id} does not go with the part. {misfit}")
    return OwnData(file, DataFacts(name, outline.sha256, outline.names))


def load_own_data(part: Part) -> DataSet:
    """The part's own data set, read and checked to the last number; raises SheetError."""
    if part.data is None:
        raise ValueError(f"{part.id} has no data of its own")
    try:
        data = read_part_file(part.data.file)
    except DataError as error:
        raise SheetError(f"{_toml(part)}: data of {part.id} cannot be used. {error}") from error
    if not part.target.has_error:
        told = f"Number the classes from 0 on, or write classes = {int(data.y_train.max()) + 1}"
        _check_range(data, part, "y", part.num_classes, f"{told} for a network of as many.")
    if (num_ids := _num_ids(part)) is not None:
        told = 'Number the words from 0 on, and write scaling = "none" under [parts.protocol].'
        _check_range(data, part, "x", num_ids, told)
    return data


def _num_ids(part: Part) -> int | None:
    """How many ids the table's Embedding takes; None where the network begins otherwise."""
    row = next((row for row in part.reference.rows if row.layer != "InputLayer"), None)
    if row is None or row.layer != "Embedding":
        return None
    return row.params // row.shape[-1] if row.params and row.shape and row.shape[-1] else None


def _check_range(data: DataSet, part: Part, kind: str, count: int, advice: str) -> None:
    """Raise SheetError for labels (y) or ids (x) that are not from 0 to `count` - 1."""
    what = "labels" if kind == "y" else "ids"
    for split in SPLITS:
        values = getattr(data, f"{kind}_{split}")
        lowest, highest = values.min(), values.max()
        if lowest < 0 or highest >= count:
            raise SheetError(
                f"{_toml(part)}: data of {part.id} does not go with the part. {data.name}, array "
                f"{kind}_{split}: found {what} from {lowest:g} to {highest:g}, expected 0 to "
                f"{count - 1}. {advice}"
            )


def _toml(part: Part) -> Path:
    return part.stub.parent / "sheet.toml"


def _misfit(outline: Outline, part: Part) -> str:
    """What keeps such a data set from being the part's, with what to do; empty for nothing."""
    found, due = outline.example_shape, part.input_shape
    if not _can_be(found, due):
        return (
            f"An example has the shape {found}, the network takes {due}. Write input_shape = "
            f"{list(found)}, or bring the examples to that shape."
        )
    told = outline.target_shape
    if part.target.has_error:
        # One number for each example may come without an axis of its own.
        if part.is_output(told or (1,)):
            return ""
        output = part.output_shape or ()
        return (
            f"Of an example it tells numbers of the shape {told}, the network gives {output}. "
            f"Bring y_train, y_valid and y_test to the shape {_with_rows(output)}."
        )
    if not outline.has_labels or told:
        return (
            "Its labels are no whole numbers of the shape (n,), which the loss asks for. Bring "
            "y_train, y_valid and y_test to that, as int64, or write loss = "
            '"mean_squared_error" under [parts.protocol] for numbers.'
        )
    if outline.names and len(outline.names) != part.num_classes:
        return (
            f"It names {len(outline.names)} classes, the part has {part.num_classes}. Write "
            f"classes = {len(outline.names)}, or mend the array names."
        )
    return ""


def _can_be(shape: tuple[int, ...], due: tuple[int, ...]) -> bool:
    """Whether examples may be taken as such: laid out flat, or with axes of one more or less."""
    if math.prod(shape) != math.prod(due):
        return False
    is_flat = len(due) == 1
    return is_flat or [size for size in shape if size > 1] == [size for size in due if size > 1]


def _with_rows(shape: Shape) -> str:
    return f"(n, {', '.join(map(str, shape))})"
