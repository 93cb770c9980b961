"""Sheets: what is loaded of a sheet's folder, and which line is asked for where it is broken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.errors import SheetError, UsageError
from grader.records import Calibration, CheckName, Protocol
from grader.sheets import exercises_folder, find_part, load_sheet, load_sheets

SHEET = """\
title = "1. Tiny"
input_shape = [4]
classes = 2

[protocol]
epochs = 3
batch_size = 8
optimizer = "adam"
loss = "categorical_crossentropy"
scaling = "standardize-per-pixel"
seed = 1

[[parts]]
id = "tiny"
title = "One layer"
table = "tiny.txt"
question = "How good is it?"
points = { loads = 1, architecture = 1.5, output = 0.5, training = 0.5, accuracy = 0.5 }
time_limit_seconds = 20
"""
PROTOCOL = SHEET[SHEET.index("[protocol]") : SHEET.index("[[parts]]")]
# Two outputs of four inputs, each with a bias: 4 x 2 + 2 = 10 parameters.
TABLE = """\
____
Layer (type) Output Shape Param # Connected to
====
dense_1 (Dense) (None, 2) 10 dense_input_1[0][0]
====
Total params: 10
Trainable params: 10
Non-trainable params: 0
____
"""
CALIBRATION = f"""
[[parts.calibrations]]
threshold = 0.5
data_sha256 = "{"ab" * 32}"
num_seeds = 10
mean = 0.55
sd = 0.02
data = "small"
versions = {{ python = "3.12.1", keras = "3.15.1", tensorflow = "2.21.0" }}
"""


def write_sheet(folder: Path, sheet: str = SHEET, table: str = TABLE) -> Path:
    """A folder with sheet.toml, table and stub of the part "tiny"."""
    folder.mkdir()
    (folder / "sheet.toml").write_text(sheet, encoding="utf-8")
    (folder / "tiny.txt").write_text(table, encoding="utf-8")
    (folder / "tiny.py").write_text("", encoding="utf-8")
    return folder


def test_a_sheet_is_loaded_with_its_parts(tmp_path: Path) -> None:
    """Parts carry what the sheet says for all of them, their table, their points and their stub."""
    folder = write_sheet(tmp_path / "tiny_sheet")

    sheet = load_sheet(folder)
    part = sheet.parts[0]

    assert (sheet.id, sheet.title, sheet.folder) == ("tiny_sheet", "1. Tiny", folder)
    assert (part.id, part.sheet, part.stub) == ("tiny", "tiny_sheet", folder / "tiny.py")
    assert (part.input_shape, part.num_classes, part.time_limit_seconds) == ((4,), 2, 20.0)
    assert part.reference.totals.total == 10
    assert list(part.points.items()) == list(zip(CheckName, (1, 1.5, 0.5, 0.5, 0.5), strict=True))
    assert part.calibrations == ()
    expected = Protocol(3, 8, "adam", "categorical_crossentropy", "standardize-per-pixel", 1)
    assert expected == part.protocol


def test_answers_may_get_points(tmp_path: Path) -> None:
    """What an answer is worth stands with its question; without the key answers get no points."""
    line = 'question = "How good is it?"\n'
    worth = SHEET.replace(line, f"{line}answer_points = 2\n")

    assert 2.0 == load_sheet(write_sheet(tmp_path / "worth", worth)).parts[0].answer_points
    assert load_sheet(write_sheet(tmp_path / "none")).parts[0].answer_points is None
    with pytest.raises(SheetError, match=r"is 0, expected more\. Write: answer_points = 1\.0"):
        load_sheet(write_sheet(tmp_path / "zero", worth.replace("points = 2", "points = 0")))


def test_a_part_may_be_built_only(tmp_path: Path) -> None:
    """Checks that points leave out are not made; input and classes may be the part's own."""
    points = "points = { loads = 1, architecture = 3 }\ninput_shape = [9]"
    built = re.sub("points = .*", points, SHEET).replace("classes = 2\n", "")
    without_protocol = re.sub(r"\[protocol\].*?\n\n", "", built, flags=re.DOTALL)

    part = load_sheet(write_sheet(tmp_path / "built", without_protocol)).parts[0]

    assert [CheckName.LOADS, CheckName.ARCHITECTURE] == list(part.points)
    assert ((9,), 0, False) == (part.input_shape, part.num_classes, part.is_trained)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (", accuracy = 0.5", "", "only one of training and accuracy, expected both or neither"),
        ("classes = 2\n", "", "has output, for which a number of classes is missing"),
        (PROTOCOL, "", r"has training, for which the sheet has no \[protocol\]"),
    ],
    ids=["accuracy", "classes", "protocol"],
)
def test_checks_that_cannot_be_made_are_refused(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    """What a check needs and the sheet does not have is named, with the line to write."""
    with pytest.raises(SheetError, match=rf"points .* {told}\. Write: "):
        load_sheet(write_sheet(tmp_path / "sheet", SHEET.replace(old, new)))


def test_an_insight_may_be_left_out(tmp_path: Path) -> None:
    """A part has a sentence for those who have passed, or none."""
    told = SHEET.replace("points =", 'insight = "It is the bias."\npoints =')

    parts = [
        load_sheet(write_sheet(tmp_path / name, sheet)).parts[0]
        for name, sheet in (("with", told), ("without", SHEET))
    ]

    assert ["It is the bias.", ""] == [part.insight for part in parts]


def test_calibrations_are_found_by_the_digest_of_the_data(tmp_path: Path) -> None:
    """A threshold counts for the data set that it was measured on and for no other."""
    part = load_sheet(write_sheet(tmp_path / "sheet", SHEET + CALIBRATION)).parts[0]
    versions = {"python": "3.12.1", "keras": "3.15.1", "tensorflow": "2.21.0"}
    expected = Calibration(0.5, 0.55, 0.02, 10, "small", "ab" * 32, versions)

    assert expected == part.calibration_for("ab" * 32)
    assert part.calibration_for("cd" * 32) is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("epochs = 3\n", "", "epochs is missing in [protocol]. Write: epochs = 30"),
        ("epochs = 3\n", "epoch = 3\n", "epoch in [protocol] is an unknown key, expected epochs,"),
        ("epochs = 3\n", "epoch = 3\n", "Write: epochs = 3"),
        ("seed = 1\n", "seed = 1\ncolour = 1\n", "Delete the lines of colour"),
        ("epochs = 3", "epochs = 3.5", "epochs in [protocol] is 3.5, expected a whole number from"),
        ("epochs = 3", "epochs = true", "epochs in [protocol] is True, expected a whole number"),
        ("batch_size = 8", "batch_size = 0", "from 1 up. Write: batch_size = 128"),
        ('"adam"', '"adan"', 'is \'adan\', expected "adam" or "adamw" or'),
        ('"categorical_crossentropy"', '"mse"', 'Write: loss = "categorical_crossentropy"'),
        ('"standardize-per-pixel"', "1", 'Write: scaling = "standardize-per-pixel"'),
        ("classes = 2", "classes = 1", "classes at the top is 1, expected a whole number from 2"),
        ("[4]", "[4, 0]", "expected a list of whole numbers from 1 up. Write: input_shape = ["),
        ("[4]", "[]", "input_shape at the top is [], expected a list"),
        (
            'title = "1. Tiny"',
            'title = " "',
            "title at the top is ' ', expected a text that is not",
        ),
        ("points =", 'insight = ""\npoints =', 'Write: insight = "What there is to take away.",'),
        ("[protocol]", "[other]", "other at the top is an unknown key"),
        ("[[parts]]", "[parts]", "expected one or more tables [[parts]]"),
        (
            "loads = 1, ",
            "",
            "loads is missing in points of [[parts]] number 1. Write: points = { lo",
        ),
        (
            "loads = 1,",
            "loads = -1,",
            "loads in points of [[parts]] number 1 is -1, expected a num",
        ),
        ("loads = 1,", "loads = nan,", "is nan, expected a number from 0 up."),
        ("loads = 1,", "loads = inf,", "is inf, expected a number from 0 up."),
        ("loads = 1,", "loads = 1, style = 1,", "style in points of [[parts]] number 1 is an unkn"),
        ("seconds = 20", "seconds = 0", "is 0, expected more. Write: time_limit_seconds = 300"),
        ('id = "tiny"', 'id = "Tiny"', "id in [[parts]] number 1 is 'Tiny', expected lower-case"),
        ('id = "tiny"', 'id = "small"', "small.py, which is not there"),
        ("tiny.txt", "huge.txt", "names 'huge.txt', which is no file in"),
        ("tiny.txt", "../sheet/tiny.txt", "names '../sheet/tiny.txt', which is no file in"),
        (
            "classes = 2",
            "classes = ",
            "sheet.toml: not in the TOML format: Invalid value (at line 3",
        ),
        ("classes = 2", f"classes = {'9' * 5000}", "sheet.toml: not in the TOML format: "),
        (
            "threshold = 0.5",
            "threshold = 50",
            "is 50, expected a number from 0 to 1. Write: thresh",
        ),
        ("abab", "abax", "expected 64 digits of 0-9 and a-f. Write: data_sha256 = "),
        ('keras = "3.15.1", ', "", "keras is missing in versions of calibrations of [[parts]] num"),
        (
            "sd = 0.02",
            "",
            "sd is missing in calibrations of [[parts]] number 1, number 1. Write: s",
        ),
    ],
)
def test_a_broken_sheet_names_file_key_and_line(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    """The error names the file and the key, what was found and the line to write."""
    text = SHEET + CALIBRATION
    assert old in text
    folder = write_sheet(tmp_path / "sheet", text.replace(old, new, 1))

    with pytest.raises(SheetError) as caught:
        load_sheet(folder)

    assert str(caught.value).startswith(f"{folder / 'sheet.toml'}: ")
    assert message in str(caught.value)


def test_a_broken_table_names_its_file_and_line(tmp_path: Path) -> None:
    """An error of the table's reader is preceded by the file of the table."""
    folder = write_sheet(tmp_path / "sheet", table=TABLE.replace("2) 10", "2) 11"))
    expected = f"{folder / 'tiny.txt'}, line 6, column 15: found '10', expected the sum"

    with pytest.raises(SheetError) as caught:
        load_sheet(folder)

    assert expected in str(caught.value)


@pytest.mark.parametrize("name", ["sheet.toml", "tiny.txt"])
def test_a_file_that_is_not_utf8_is_named(tmp_path: Path, name: str) -> None:
    """Bytes of another encoding are an error of the sheet, with the place of the first one."""
    folder = write_sheet(tmp_path / "sheet")
    with (folder / name).open("ab") as file:
        file.write(b"\xff")

    with pytest.raises(SheetError, match=f"{name}: byte [0-9]+ is not UTF-8"):
        load_sheet(folder)


def test_sheets_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """The number that begins a title decides, and not the name of the folder."""
    (tmp_path / "empty").mkdir()
    other = write_sheet(
        tmp_path / "a", SHEET.replace("1. Tiny", "10. Late").replace("tiny", "late")
    )
    (other / "late.txt").write_text(TABLE, encoding="utf-8")
    (other / "late.py").write_text("", encoding="utf-8")
    write_sheet(tmp_path / "b", SHEET.replace("1. Tiny", "9. Early"))
    expected = ["b", "a"]

    assert expected == [sheet.id for sheet in load_sheets(tmp_path)]


def test_a_part_id_is_taken_once(tmp_path: Path) -> None:
    """Two parts of one id, in whatever sheets, are refused, and both files are named."""
    first = write_sheet(tmp_path / "a")
    second = write_sheet(tmp_path / "b")

    with pytest.raises(SheetError) as caught:
        load_sheets(tmp_path)

    assert str(second / "sheet.toml") in str(caught.value)
    assert f"is taken by {first / 'sheet.toml'}. Write another id" in str(caught.value)


def test_a_folder_without_sheets_is_refused(tmp_path: Path) -> None:
    """No sheet at all is an error, and not an empty list."""
    with pytest.raises(SheetError, match="found no sheet"):
        load_sheets(tmp_path)


def test_a_misspelt_part_gets_the_nearest_names() -> None:
    """Asking for a part that does not exist offers those with a similar name."""
    sheets = load_sheets()

    with pytest.raises(UsageError, match=r"no part 'cnna'\. Did you mean cnn_a or "):
        find_part(sheets, "cnna")

    assert find_part(sheets, "cnn_a").stub == exercises_folder() / "faces_cnn" / "cnn_a.py"
