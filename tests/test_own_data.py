"""Parts with data and a protocol of their own: what sheet.toml may say, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader.errors import SheetError
from grader.packaging.project import exercises
from grader.records import Part, Protocol, Row, Target
from grader.sheets import exercises_folder, load_own_data, load_sheet

CLASSES = """\
title = "Two parts"
input_shape = [4, 2]
classes = 3

[protocol]
epochs = 3
batch_size = 8
optimizer = "adam"
loss = "categorical_crossentropy"
scaling = "none"
seed = 1

[[parts]]
id = "shapes"
title = "Which shape"
table = "shapes.txt"
question = "Why?"
data = "set.npz"
points = { loads = 1, architecture = 1, output = 1, training = 1, accuracy = 1 }
time_limit_seconds = 20
"""
PROTOCOL = """
[parts.protocol]
loss = "mean_squared_error"
optimizer = "sgd"
learning_rate = 0.05
"""
NUMBERS = CLASSES.replace("classes = 3\n", "") + PROTOCOL
NO_CHANGE: Mapping[str, np.ndarray] = {}
# Eight inputs, flattened, and three outputs: 8 x 3 + 3 = 27 parameters.
TABLE = """\
Layer (type)                 Output Shape              Param #
=================================================================
flatten (Flatten)            (None, 8)                 0
dense (Dense)                (None, 3)                 27
=================================================================
Total params: 27
Trainable params: 27
Non-trainable params: 0
"""


def arrays() -> dict[str, np.ndarray]:
    """Examples of the input's shape with labels of three classes."""
    found: dict[str, np.ndarray] = {}
    for split in ("train", "valid", "test"):
        found[f"x_{split}"] = np.ones((6, 4, 2), np.float32)
        found[f"y_{split}"] = np.arange(6) % 3
    return found


def targets(values: np.ndarray) -> dict[str, np.ndarray]:
    """The same targets in all splits."""
    return {f"y_{split}": values for split in ("train", "valid", "test")}


def make_part(
    folder: Path, sheet: str = CLASSES, changed: Mapping[str, np.ndarray] = NO_CHANGE
) -> Part:
    """The one part of a sheet, with this data beside it."""
    folder.mkdir(exist_ok=True)
    (folder / "sheet.toml").write_text(sheet, encoding="utf-8")
    (folder / "shapes.txt").write_text(TABLE, encoding="utf-8")
    (folder / "shapes.py").write_text("", encoding="utf-8")
    np.savez(folder / "set.npz", allow_pickle=False, **{**arrays(), **changed})
    return load_sheet(folder).parts[0]


def test_a_part_brings_its_data(tmp_path: Path) -> None:
    """It is trained on the file beside sheet.toml, whatever data set the run has."""
    part = make_part(tmp_path / "sheet", changed={"names": np.array(["up", "down", "flat"])})
    facts = part.data.facts if part.data else None

    assert facts is not None
    assert ("set.npz", ("up", "down", "flat")) == (facts.name, facts.names)
    assert facts.sha256 == part.trained_on("of the run")
    assert (Target.CLASSES, (3,)) == (part.target, part.output_shape)
    assert (6, 4, 2) == load_own_data(part).x_test.shape


def test_the_sheets_data_is_that_of_its_trained_parts(tmp_path: Path) -> None:
    """At the top `data` holds for all of them; a part that is only built needs none."""
    top = 'data = "set.npz"\n' + CLASSES.replace('data = "set.npz"\n', "")
    built = top[: top.index("points =")] + "points = { loads = 1, architecture = 1 }\n"
    built += "time_limit_seconds = 20\n"

    assert make_part(tmp_path / "trained", top).data is not None
    assert make_part(tmp_path / "built", built).data is None


def test_a_part_changes_the_sheets_protocol(tmp_path: Path) -> None:
    """Keys that it gives take the place of the sheet's, which keeps the others."""
    part = make_part(tmp_path / "sheet", NUMBERS, targets(np.ones((6, 3))))

    assert Protocol(3, 8, "sgd", "mean_squared_error", "none", 1, 0.05) == part.protocol
    assert (Target.NUMBERS, (3,), 0) == (part.target, part.output_shape, part.num_classes)


def test_what_a_protocol_leaves_to_keras_is_in_no_key() -> None:
    """Keys of trainings and descriptions are those of before a learning rate could be given."""
    old = Protocol(30, 128, "adam", "categorical_crossentropy", "standardize-per-pixel", 1)

    assert ["epochs", "batch_size", "optimizer", "loss", "scaling", "seed"] == list(old.facts())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'data = "set.npz"',
            'data = "other.npz"',
            "data in [[parts]] number 1 names 'other.npz', w",
        ),
        ('data = "set.npz"', 'data = "../set.npz"', "which is no file in"),
        (
            'data = "set.npz"',
            "data = 3",
            'is 3, expected a text that is not blank. Write: data = "w',
        ),
        (
            "[4, 2]",
            "[2, 4]",
            "An example has the shape (4, 2), the network takes (2, 4). Write inpu",
        ),
        ('"sgd"', '"adamm"', "optimizer in [parts.protocol] of [[parts]] number 1 is 'adamm', exp"),
        ("= 0.05", "= 0", "learning_rate in [parts.protocol] of [[parts]] number 1 is 0, expected"),
        (
            "learning_rate",
            "rate",
            "rate in [parts.protocol] of [[parts]] number 1 is an unknown key",
        ),
        ('"mean_squared_error"', '"hinge"', 'expected "categorical_crossentropy" or "sparse_cat'),
        ('scaling = "none"', 'scaling = "unit"', '"standardize-per-channel" or "none". Write: sc'),
        (
            'data = "set.npz"\n',
            "",
            "data in [[parts]] number 1 is missing, and the data set of a run",
        ),
        (
            'data = "set.npz"\n',
            'data = "set.npz"\nclasses = 3\n',
            "stands beside a loss of numbers",
        ),
        (
            '"mean_squared_error"',
            '"binary_crossentropy"',
            "classes in [[parts]] number 1 is missing, but binary_crossentropy tells two apart",
        ),
        (", training = 1, accuracy = 1", "", "is given, but by its points shapes is not trained"),
    ],
)
def test_a_wrong_key_names_file_key_and_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    """What was found, and what to write in its place."""
    assert old in NUMBERS

    with pytest.raises(SheetError) as caught:
        make_part(tmp_path / "sheet", NUMBERS.replace(old, new), targets(np.ones((6, 3))))
    assert str(caught.value).startswith(f"{tmp_path / 'sheet' / 'sheet.toml'}: ")
    assert told in str(caught.value)


def test_a_protocol_of_a_parts_own_is_whole_where_the_sheet_has_none(tmp_path: Path) -> None:
    """A key that neither has is missing in the part's."""
    start, end = NUMBERS.index("[protocol]"), NUMBERS.index("[[parts]]")

    with pytest.raises(SheetError, match=r"epochs is missing in \[parts.protocol\] of \[\[parts\]"):
        make_part(tmp_path / "sheet", NUMBERS[:start] + NUMBERS[end:])


@pytest.mark.parametrize(
    ("sheet", "changed", "told"),
    [
        (CLASSES, targets(np.ones(6)), "Its labels are no whole numbers of the shape (n,)"),
        (CLASSES, targets(np.ones((6, 3), int)), "Its labels are no whole numbers of the shape"),
        (CLASSES, {"names": np.array(["up", "down"])}, "It names 2 classes, the part has 3"),
        (
            NUMBERS,
            targets(np.ones(6)),
            "the network gives (3,). Bring y_train, y_valid and y_test to the shape (n, 3).",
        ),
        (CLASSES, {"x_test": np.ones((6, 4, 3))}, "array x_test: found shape (6, 4, 3) and type"),
    ],
    ids=["numbers for classes", "one-hot", "names", "one number of three", "splits"],
)
def test_data_that_does_not_go_with_the_part_is_refused(
    tmp_path: Path, sheet: str, changed: dict[str, np.ndarray], told: str
) -> None:
    """When the sheet is loaded, and with what to do."""
    with pytest.raises(SheetError) as caught:
        make_part(tmp_path / "sheet", sheet, changed)
    assert f"{tmp_path / 'sheet' / 'sheet.toml'}: data of shapes " in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (targets(np.arange(6)), "array y_train: found labels from 0 to 5, expected 0 to 2"),
        ({"y_test": np.arange(6) - 1}, "array y_test: found labels from -1 to 4, expected 0 to 2"),
        ({"x_valid": np.full((6, 4, 2), np.nan)}, "48 values that are no finite numbers"),
    ],
    ids=["too large", "negative", "nan"],
)
def test_numbers_are_checked_when_they_are_read(
    tmp_path: Path, changed: dict[str, np.ndarray], told: str
) -> None:
    """Before anything is trained, as the author's fault."""
    part = make_part(tmp_path / "sheet", changed=changed)

    with pytest.raises(SheetError) as caught:
        load_own_data(part)
    assert "sheet.toml: data of shapes " in str(caught.value)
    assert told in str(caught.value)


def test_ids_of_words_are_those_that_the_table_knows(tmp_path: Path) -> None:
    """A network for 5 words cannot be given the word 5: no student's fault, and told before."""
    ids = {f"x_{split}": np.full((6, 4, 2), 5) for split in ("train", "valid", "test")}
    part = make_part(tmp_path / "sheet", changed=ids)
    known = [Row("Embedding", (None, 8, 3), number * 3) for number in (6, 5)]
    six, five = (replace(part, reference=replace(part.reference, rows=(row,))) for row in known)

    assert 5 == load_own_data(six).x_train.max()
    with pytest.raises(SheetError, match=r"array x_train: found ids from 5 to 5, expected 0 to 4"):
        load_own_data(five)


def test_a_table_may_leave_an_axis_open(tmp_path: Path) -> None:
    """An output with an axis of any size takes numbers of any size there, and no other shape."""
    part = make_part(tmp_path / "sheet", NUMBERS, targets(np.ones((6, 3))))
    rows = (Row("Dense", (None, None, 3), 9),)
    part = replace(part, reference=replace(part.reference, rows=rows))

    assert (None, 3) == part.output_shape
    assert part.is_output((4, 3))
    assert not part.is_output((4, 2))
    assert not part.is_output((3,))


def test_images_may_be_laid_out_flat(tmp_path: Path) -> None:
    """An input of one axis takes examples of as many numbers, and axes of one do not count."""
    flat = CLASSES.replace("[4, 2]", "[8]")
    single = CLASSES.replace("[4, 2]", "[4, 2, 1]")

    assert make_part(tmp_path / "flat", flat).data is not None
    assert make_part(tmp_path / "single", single).data is not None


def test_data_goes_with_the_sheet_into_packages() -> None:
    """Wherever a package grades, the file lies beside sheet.toml again."""
    root = exercises_folder().parent
    packed = exercises(root, [load_sheet(root / "samples" / "sheets" / "sequences")])

    names = {Path(path).name for path in packed}
    assert {"sheet.toml", "waves.npz", "forecast.npz"} <= names
    assert "calibration.jsonl" not in names
