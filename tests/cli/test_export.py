"""`grader export` from a gradebook: files, what is said, and exit codes."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from grader.cli import main
from grader.gradebook import Gradebook, RunFacts
from grader.records import CheckName, Grade, HandIn, Mark, Outcome, Submission, System
from tests.export.made import FAILED, PASSED, TROUBLED, from_moodle, grade_of, run_of

WORKSHEET = (
    "Identifier,Full name,Grade,Maximum grade,Grade can be changed,x,Feedback comments\r\n"
    "Participant 101,Ada Grün,,20.00,Yes,-,\r\n"
    "Participant 102,Bo Roe,,20.00,Yes,-,\r\n"
)
ADA, BO = from_moodle("Ada Grün", 101, PASSED), from_moodle("Bo Roe", 102, FAILED)

Export = Callable[..., tuple[int, str, str]]


def fill_gradebook(out: Path, grades: Sequence[Grade]) -> None:
    """A folder of results with these grades in its gradebook, and a page for each."""
    out.mkdir()
    run = run_of()
    facts = RunFacts(
        run.grader, run.data, None, run.versions, run.sandbox, ("cnn_a", "cnn_b"), options={}
    )
    found = [
        Submission(g.submission, g.student, {}, place=g.submission, hand_in=g.hand_in)
        for g in grades
    ]
    with Gradebook.open(out) as gradebook:
        gradebook.begin_run(facts)
        gradebook.take_stock(found, ["class"], {})
        for grade in grades:
            gradebook.keep_grade(grade)
            page = out / grade.report
            page.parent.mkdir(parents=True)
            page.write_text(f"page of {grade.submission}", encoding="utf-8")
        gradebook.end_run("finished")


@pytest.fixture
def export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Export:
    """Runs `grader export`, in a folder with a worksheet; returns exit code and what is said."""
    (tmp_path / "theirs.csv").write_text(WORKSHEET, encoding="utf-8", newline="")
    monkeypatch.chdir(tmp_path)

    def run(grades: Sequence[Grade], *arguments: str) -> tuple[int, str, str]:
        if not Path("class").exists():
            fill_gradebook(Path("class"), grades)
        monkeypatch.setattr("sys.argv", ["grader", "export", arguments[0], "class", *arguments[1:]])
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        return int(str(stop.value.code or 0)), said.out, said.err

    return run


def test_moodle(export: Export) -> None:
    """The worksheet is filled in, pages go into their folders, and the exit code is 0."""
    older = HandIn(System.MOODLE, "Ada Grün_101_assignsubmission_file_")
    ada = replace(ADA, hand_in=older)
    code, out, err = export(
        [ada, BO], "moodle", "-o", "f.csv", "--worksheet", "theirs.csv", "--feedback", "f.zip"
    )

    assert (0, "") == (code, err)
    assert "Points are scaled to 20.00, which stands in 'Maximum grade'.\n" in out
    assert "2 grades in f.csv.\n" in out
    assert ["20", "5"] == [
        line.split(",")[2] for line in Path("f.csv").read_text().split("\n")[1:3]
    ]
    with zipfile.ZipFile("f.zip") as pages:
        assert {
            "Ada Grün_101_assignsubmission_file_/report.html": b"page of ada_gr\xc3\xbcn",
            "Bo Roe_102_assignsubmission_file/report.html": b"page of bo_roe",
        } == {name: pages.read(name) for name in pages.namelist()}


def test_someone_left(export: Export) -> None:
    """Who could not be placed is listed, the file is written all the same, and the code is 1."""
    stranger = from_moodle("No One", 9, PASSED)

    code, _, err = export([ADA, stranger], "moodle", "-o", "f.csv", "--worksheet", "theirs.csv")

    assert 1 == code
    assert "1 in the worksheet handed in nothing and stay as they were:\n  Bo Roe\n" in err
    assert "  No One (no_one): no line of the worksheet is theirs.\n" in err
    assert "Ada Grün,20,20.00" in Path("f.csv").read_text(encoding="utf-8")


def test_canvas(export: Export) -> None:
    """A gradebook of Canvas' is filled in; the column's title may be the sheet's."""
    header = "Student,ID,SIS Login ID,Section,faces_cnn (1),Other (2)\n"
    Path("theirs.csv").write_text(f"{header}Roe Bo,7,,A,,\n", encoding="utf-8")

    code, out, _ = export(
        [grade_of("Bo Roe", FAILED)], "canvas", "-o", "f.csv", "--worksheet", "theirs.csv"
    )

    assert 0 == code
    assert "The column is 'faces_cnn (1)'.\n" in out
    assert f"{header}Roe Bo,7,,A,1,\n" == Path("f.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["csv", "json", "junit"])
def test_whole_class(export: Export, kind: str) -> None:
    """The formats of ours hold everyone; where the grader failed that is said, with code 1."""
    code, out, err = export([ADA, from_moodle("Bo Roe", 102, TROUBLED)], kind, "-o", "file")

    assert 1 == code
    assert "2 submissions in file.\n" in out
    assert "Bo Roe (bo_roe): the grader itself failed here." in err
    assert "Ada Grün" in Path("file").read_text(encoding="utf-8")


def test_scaled(export: Export) -> None:
    """--out-of scales the formats of ours as well."""
    export([ADA, BO], "json", "-o", "r.json", "--out-of", "100")

    scores = [s["score"] for s in json.loads(Path("r.json").read_text("utf-8"))["submissions"]]
    assert [100, 25] == scores


def test_gradescope(export: Export) -> None:
    """A zip has a results.json for each submission that was graded without trouble."""
    code, _, err = export([ADA, from_moodle("Bo", 102, TROUBLED)], "gradescope", "-o", "g.zip")

    assert (1, True) == (code, "Bo (bo): the grader itself failed here." in err)
    with zipfile.ZipFile("g.zip") as archive:
        assert ["ada_grün/results.json"] == archive.namelist()


@pytest.mark.parametrize(("file", "start"), [("r.json", "{"), ("output", "result=")])
def test_single_submission(export: Export, file: str, start: str) -> None:
    """Classroom's result is JSON in a .json file, and a line for $GITHUB_OUTPUT in any other."""
    code, _, _ = export([BO], "classroom", "-o", file)

    assert 0 == code
    assert Path(file).read_text(encoding="utf-8").startswith(start)


def test_gradescope_single(export: Export) -> None:
    """A .json file is the results.json of the one submission; of trouble there is none, code 3."""
    assert 0 == export([BO], "gradescope", "-o", "results.json")[0]
    assert 1 == json.loads(Path("results.json").read_text(encoding="utf-8"))["score"]


def test_gradescope_trouble(export: Export) -> None:
    """Where the grader failed on the one submission nothing is written and the code is 3."""
    assert 3 == export([grade_of("Bo", TROUBLED)], "gradescope", "-o", "results.json")[0]
    assert not Path("results.json").exists()


def test_without_training(export: Export) -> None:
    """Points that are missing because of --no-train are told."""
    untrained = [
        replace(check, outcome=Outcome.SKIPPED, score=0.0, max_score=0.0)
        if check.name in {CheckName.TRAINING, CheckName.ACCURACY}
        else check
        for check in PASSED.checks
    ]
    part = replace(PASSED, checks=tuple(untrained), score=2.5, max_score=2.5)

    assert "Graded with --no-train" in export([grade_of("Bo", part)], "csv", "-o", "file")[2]


def test_some_answers_without_points(export: Export) -> None:
    """Where only some answers of a part have points, that is told: their maxima differ."""
    fill_gradebook(Path("class"), [ADA, BO])
    with Gradebook.open(Path("class")) as book:
        book.mark({("ada_grün", "cnn_a"): Mark(1.0, 2.0, "", "")})

    code, _, err = export([], "csv", "-o", "f.csv")

    assert 0 == code
    assert "cnn_a: 1 answer without points yet" in err
    first = Path("f.csv").read_text("utf-8-sig").splitlines()[1].split(",")
    assert ["5", "6", "0", "0"] == first[4:8]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["moodle", "-o", "f.csv"], "name it with --worksheet"),
        (["csv", "-o", "f.csv", "--worksheet", "theirs.csv"], "not with csv"),
        (["canvas", "-o", "f", "--worksheet", "theirs.csv", "--feedback", "z"], "not with canvas"),
        (["moodle", "-o", "theirs.csv", "--worksheet", "theirs.csv"], "name one file twice"),
        (["moodle", "-o", "f.csv", "--worksheet", "none.csv"], "none.csv cannot be read"),
        (["csv", "-o", "class"], "class cannot be written"),
        (["gradescope", "-o", "g.tar"], "a .zip with one for each"),
        (["gradescope", "-o", "g.json"], "holds 2 submissions"),
        (["classroom", "-o", "output"], "holds 2 submissions"),
        (["excel", "-o", "f"], "'excel' is not one of"),
        (["csv", "-o", "f", "--out-of", "0"], "not in the range"),
    ],
)
def test_wrong_call(export: Export, arguments: list[str], words: str) -> None:
    """What cannot be meant is refused with code 2 and a sentence, and nothing is written."""
    code, _, err = export([ADA, BO], *arguments)

    assert 2 == code
    assert words in err
    assert {"class", "theirs.csv"} == {path.name for path in Path().iterdir()}


def test_no_gradebook(export: Export) -> None:
    """A folder without a gradebook is named, with what makes one."""
    Path("class").mkdir()

    code, _, err = export([], "csv", "-o", "f.csv")

    assert 2 == code
    assert "`grader grade PATH -o class`" in err
