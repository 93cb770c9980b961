"""`grader grade` for one submission, and the exit codes of every kind of call."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.cli.grading_plan import Request, choose_parts
from grader.cli.grading_run import exit_code
from grader.errors import UsageError
from grader.records import Grade, Outcome, PartGrade, Source, Student, Submission
from grader.sheets import load_sheets
from tests.asking import ASKED

if TYPE_CHECKING:
    from tests.cli.conftest import Grader

Write = Callable[[str], Path]
RIGHT = """\
import keras

def build_model():
    return keras.Sequential([keras.Input((6912,)), keras.layers.Dense(8, activation="softmax")])
"""


# That one ends with 0 is shown by tests/notebook/test_handing_in.py, there with its training.
@pytest.mark.nightly
@pytest.mark.slow
def test_single_submission_that_passes(grader: Grader, write: Write, tmp_path: Path) -> None:
    """One submission with all parts passed ends with 0 and says so."""
    ran = grader(
        *("grade", write(RIGHT), "-o", tmp_path / "out", "--part", "fc_a", "--no-train"),
    )

    assert 0 == ran.code
    assert "fc_a" in ran.out
    assert "passed" in ran.out
    results = json.loads((tmp_path / "out" / "results.json").read_bytes())
    (submission,) = results["submissions"]
    assert ["passed", "passed", "passed", "skipped", "skipped"] == [
        check["outcome"] for check in submission["parts"][0]["checks"]
    ]


@pytest.mark.slow
def test_single_submission_that_fails(grader: Grader, write: Write, tmp_path: Path) -> None:
    """It ends with 1; with --quiet without a word, else with what is wrong.

    To a file or a pipe that is told without the blanks that fill a terminal.
    """
    command = ("grade", write("def build_model(:\n"), "-o", tmp_path / "out")
    quiet = grader(*command, "--quiet")
    results = json.loads((tmp_path / "out" / "results.json").read_bytes())
    told = grader(*command, "--part", "fc_a")

    assert (1, "", "") == (quiet.code, quiet.out, quiet.err)
    assert (tmp_path / "out" / "index.html").exists()
    (submission,) = results["submissions"]
    outcomes = {part["part"]: part["outcome"] for part in submission["parts"]}
    assert {"fc_a": "error", "fc_b": "not_attempted"} == outcomes
    assert 1 == told.code
    assert "SyntaxError" in told.out
    assert [] == [line for line in told.out.splitlines() if line != line.rstrip()]


def test_folder_without_submissions_is_a_wrong_call(called: Grader, tmp_path: Path) -> None:
    """What was passed over and what is expected are named, with exit code 2."""
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "notes.pdf").touch()

    ran = called("grade", tmp_path / "class", "-o", tmp_path / "out")

    assert 2 == ran.code
    assert "class. Passed over 1 file beside the submissions: notes.pdf. Expected: a" in ran.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--part", "fc_z"], "fc_z"),
        (["--sheet", "faces_rnn"], "faces_rnn"),
        (["--data", "no_such_file.hdf5"], "no_such_file.hdf5"),
        (["--data", __file__], "test_single.py"),
        (["no_such_folder"], "no_such_folder"),
        (["--jobs", "0"], "--jobs"),
        (["--no-such-option"], "--no-such-option"),
    ],
)
def test_wrong_call_ends_with_2(
    called: Grader, write: Write, tmp_path: Path, arguments: list[str], told: str
) -> None:
    """What cannot be worked with is named in a sentence, without a traceback or a folder."""
    ran = called("grade", write(RIGHT), "-o", tmp_path / "out", *arguments)

    assert 2 == ran.code
    assert told in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [["grade"], ["grade", "-o", "out"], ["grade", "here"]])
def test_missing_path_or_folder_ends_with_2(called: Grader, arguments: list[str]) -> None:
    """Without a submission, or without a place for the results, nothing is done."""
    ran = called(*arguments)

    assert 2 == ran.code
    assert "Missing" in ran.err


@pytest.mark.parametrize("folder", [".", "below"])
def test_results_where_a_file_stands(
    called: Grader, write: Write, tmp_path: Path, folder: str
) -> None:
    """An OUT that is a file, or lies below one, is a wrong call, told before any work."""
    taken = tmp_path / "taken"
    taken.write_text("mine", "utf-8")

    ran = called("grade", write(RIGHT), "-o", taken / folder)

    assert 2 == ran.code
    assert "taken" in ran.err
    assert "Traceback" not in ran.err
    assert "mine" == taken.read_text("utf-8")


def graded(*outcomes: Outcome) -> Grade:
    """A grade whose parts have these outcomes."""
    parts = tuple(PartGrade(f"p{i}", outcome, 0.0, 1.0, ()) for i, outcome in enumerate(outcomes))
    return Grade("a", Student("a"), 0.0, 1.0, parts, "students/a/index.html")


@pytest.mark.parametrize(
    ("outcomes", "single", "of_class"),
    [
        ([Outcome.PASSED, Outcome.PASSED], 0, 0),
        ([Outcome.PASSED, Outcome.FAILED], 1, 0),
        ([Outcome.PASSED, Outcome.NOT_ATTEMPTED], 1, 0),
        ([Outcome.TIMED_OUT], 1, 0),
        ([Outcome.PASSED, Outcome.GRADER_ERROR], 3, 3),
        ([Outcome.FAILED, Outcome.GRADER_ERROR], 3, 3),
    ],
)
def test_exit_codes(outcomes: list[Outcome], single: int, of_class: int) -> None:
    """A single submission tells whether it passed, a class only whether the grader worked."""
    grade = graded(*outcomes)

    parts = {"p0", "p1"}
    assert single == exit_code([grade], parts, single=True)
    assert of_class == exit_code([graded(Outcome.PASSED), grade], parts, single=False)


def test_parts_that_were_not_asked_for_do_not_decide() -> None:
    """What an earlier run found of other parts stands in the grade, and not in the exit code."""
    grade = graded(Outcome.PASSED, Outcome.GRADER_ERROR)

    assert 0 == exit_code([grade], {"p0"}, single=True)


def request(**asked: tuple[str, ...]) -> Request:
    """A call with these sheets and parts asked for."""
    return replace(ASKED, sheets=asked.get("sheets", ()), parts=asked.get("parts", ()))


def handed_in(*part_ids: str) -> Submission:
    """A submission of these parts."""
    return Submission("a", Student("a"), {p: (Source(p, f"{p}.py", b""),) for p in part_ids})


FC, CNN = ["fc_a", "fc_b"], ["cnn_a", "cnn_b", "cnn_c"]


@pytest.mark.parametrize(
    ("asked", "found", "chosen"),
    [
        ({}, ["fc_b"], FC),
        ({}, ["cnn_c", "fc_a"], FC + CNN),
        ({}, [], FC + CNN),
        ({"parts": ("cnn_b",)}, ["fc_a"], ["cnn_b"]),
        ({"parts": ("cnn_b", "fc_b")}, [], ["fc_b", "cnn_b"]),
        ({"sheets": ("faces_cnn",)}, ["fc_a"], CNN),
        ({"sheets": ("faces_cnn",), "parts": ("fc_a",)}, [], ["fc_a", *CNN]),
    ],
)
def test_chosen_parts(
    asked: dict[str, tuple[str, ...]], found: list[str], chosen: list[str]
) -> None:
    """Parts asked for, else all of the sheets of which anyone handed in a part, in their order."""
    parts = choose_parts(load_sheets(), [handed_in(*found)], request(**asked))

    assert chosen == [part.id for part in parts]


def test_unknown_sheet_names_those_there_are() -> None:
    """A misspelt sheet is answered with the names of the sheets."""
    with pytest.raises(UsageError, match=r"'faces_fcc'.*faces_fc, faces_cnn"):
        choose_parts(load_sheets(), [], request(sheets=("faces_fcc",)))
