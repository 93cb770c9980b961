"""Keeping: thresholds go into sheet.toml or beside the data, and come back from there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import SheetError
from grader.records import Calibration, Part
from grader.sheets import calibrated_parts, calibration_file, load_sheet
from grader.sheets.writing import write_calibration

HEAD = """\
# A sheet with comments.
title = "1. Tiny" # and one here
input_shape = [4]
classes = 2

[protocol]
epochs = 3
batch_size = 8
optimizer = "adam"
loss = "categorical_crossentropy"
scaling = "standardize-per-pixel"
seed = 1
"""
PART = """
[[parts]]
id = "{0}"
title = "One layer"
table = "tiny.txt"
question = "How good?" # a question
points = {{ loads = 1, architecture = 1.5, output = 0.5, training = 0.5, accuracy = 0.5 }}
time_limit_seconds = 20
"""
SHEET = HEAD + PART.format("one") + PART.format("two")
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
VERSIONS = {"python": "3.12.1", "keras": "3.15.1", "tensorflow": "2.21.0"}
FIRST = Calibration(0.4925, 0.55, 0.02, 10, "invented faces", "ab" * 32, VERSIONS)
NEWER = replace(FIRST, threshold=0.5, num_seeds=20, versions={**VERSIONS, "keras": "3.16.0"})
OTHER_DATA = replace(FIRST, threshold=0.25, data="own", data_sha256="cd" * 32)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sheet with two parts; no data set is chosen by the environment."""
    monkeypatch.delenv("GRADER_DATA", raising=False)
    folder = tmp_path / "tiny_sheet"
    folder.mkdir()
    (folder / "sheet.toml").write_text(SHEET, "utf-8")
    (folder / "tiny.txt").write_text(TABLE, "utf-8")
    for name in ("one", "two"):
        (folder / f"{name}.py").write_text("", "utf-8")
    return folder


@pytest.fixture
def data_file(tmp_path: Path) -> Path:
    """A data set that is not the built-in one; its content does not matter here."""
    path = tmp_path / "photos.npz"
    path.write_bytes(b"")
    return path


def parts_of(folder: Path) -> tuple[Part, ...]:
    """The sheet's parts, read anew."""
    return load_sheet(folder).parts


@pytest.mark.parametrize("name", ["one", "two"])
def test_threshold_for_the_built_in_data_stands_in_the_sheet(folder: Path, name: str) -> None:
    """It is added to its own part, and every other line stays as it was, comments too."""
    parts = {part.id: part for part in parts_of(folder)}
    written = write_calibration(parts[name], FIRST, None)
    text = written.read_text("utf-8")

    assert folder / "sheet.toml" == written
    found = {part.id: part.calibrations for part in parts_of(folder)}
    assert {"one": (), "two": (), name: (FIRST,)} == found
    lines = iter(text.splitlines())
    assert all(line in lines for line in SHEET.splitlines())
    assert "\n\n[[parts.calibrations]]\nthreshold = 0.4925\nmean = 0.55\n" in text
    assert 'versions = {python = "3.12.1", keras = "3.15.1", tensorflow = "2.21.0"}\n' in text
    assert "\n\n\n" not in text
    assert "\n\n[[parts]]" in text.partition('id = "one"')[2]


def test_newer_threshold_takes_the_place_of_the_older(folder: Path) -> None:
    """One for the same data is replaced; those for other data are kept."""
    for calibration in (FIRST, OTHER_DATA, NEWER):
        write_calibration(parts_of(folder)[0], calibration, None)

    assert (NEWER, OTHER_DATA) == parts_of(folder)[0].calibrations
    assert () == parts_of(folder)[1].calibrations


def test_writing_the_same_again_changes_nothing(folder: Path) -> None:
    """The same result gives the same file, byte by byte."""
    first = write_calibration(parts_of(folder)[0], FIRST, None).read_bytes()
    again = write_calibration(parts_of(folder)[0], FIRST, None).read_bytes()

    assert first == again


def test_line_ends_of_an_author_stay(folder: Path) -> None:
    """A sheet written on Windows keeps its line ends where nothing is added."""
    file = folder / "sheet.toml"
    file.write_bytes(SHEET.replace("\n", "\r\n").encode())
    write_calibration(parts_of(folder)[0], FIRST, None)

    assert b"epochs = 3\r\nbatch_size = 8\r\n" in file.read_bytes()
    assert (FIRST,) == parts_of(folder)[0].calibrations


def test_thresholds_written_as_a_list_are_kept(folder: Path) -> None:
    """An author may have written them in one line."""
    inline = (
        "calibrations = [{ threshold = 0.25, mean = 0.55, sd = 0.02, num_seeds = 10, "
        f'data = "own", data_sha256 = "{"cd" * 32}", '
        'versions = { python = "3.12.1", keras = "3.15.1", tensorflow = "2.21.0" } }]\n'
    )
    (folder / "sheet.toml").write_text(HEAD + PART.format("one") + inline, "utf-8")
    write_calibration(parts_of(folder)[0], FIRST, None)

    assert (OTHER_DATA, FIRST) == parts_of(folder)[0].calibrations


def test_threshold_for_another_data_set_lies_beside_it(folder: Path, data_file: Path) -> None:
    """The sheet stays as it is; with that data set the parts have the threshold."""
    for part in parts_of(folder):
        write_calibration(part, OTHER_DATA, data_file)
    written = write_calibration(parts_of(folder)[0], replace(OTHER_DATA, sd=0.01), data_file)
    one, two = calibrated_parts([load_sheet(folder)], data_file)

    assert data_file.with_name("photos.npz.calibration.toml") == written
    assert SHEET == (folder / "sheet.toml").read_text("utf-8")
    assert (replace(OTHER_DATA, sd=0.01),) == one.calibrations
    assert (OTHER_DATA,) == two.calibrations
    assert one.calibration_for("ab" * 32) is None


def test_environment_chooses_the_file_as_it_chooses_the_data(
    folder: Path, data_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GRADER_DATA takes the place of --data."""
    monkeypatch.setenv("GRADER_DATA", str(data_file))
    write_calibration(parts_of(folder)[0], OTHER_DATA, None)

    assert (OTHER_DATA,) == calibrated_parts([load_sheet(folder)], None)[0].calibrations
    assert (OTHER_DATA,) == calibrated_parts([load_sheet(folder)], data_file)[0].calibrations


def test_built_in_data_has_no_file_beside_it(folder: Path) -> None:
    """Without a data set of one's own the sheets say all."""
    assert calibration_file(None) is None
    assert parts_of(folder) == calibrated_parts([load_sheet(folder)], None)


def test_folder_of_a_data_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data set that is a folder has its thresholds beside the folder, however it is named."""
    monkeypatch.chdir(tmp_path)

    assert tmp_path.with_name(f"{tmp_path.name}.calibration.toml") == calibration_file(Path())


def test_broken_file_beside_the_data(folder: Path, data_file: Path) -> None:
    """The error names the file, the key and the line to write."""
    file = write_calibration(parts_of(folder)[0], OTHER_DATA, data_file)
    file.write_text(file.read_text("utf-8").replace("sd = 0.02\n", ""), "utf-8")

    with pytest.raises(SheetError) as caught:
        calibrated_parts([load_sheet(folder)], data_file)

    assert f"{file}: sd is missing in [[calibrations]] number 1. Write: sd = 0.02" == str(
        caught.value
    )


def test_file_that_cannot_be_written(
    folder: Path, data_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says that nothing has to be trained again."""

    def refuse(_path: Path, _text: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("grader.sheets.writing.write_atomically", refuse)

    with pytest.raises(SheetError, match=r"photos.npz.calibration.toml: cannot be written \(Perm"):
        write_calibration(parts_of(folder)[0], FIRST, data_file)
