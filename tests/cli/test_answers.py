"""`grader answers`: out to a spreadsheet and back, all of it or nothing."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli import commands, main
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.records import Source, Student, Submission
from tests.gradebook.conftest import FACTS, grade, part_grade

Rows = list[dict[str, str]]


@pytest.fixture
def out(tmp_path: Path, data_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a gradebook: two students with 4 of 8 points in two parts, nothing written."""
    monkeypatch.setenv("GRADER_DATA", str(data_file))
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "class"
    folder.mkdir()
    with Gradebook.open(folder) as book:
        book.begin_run(FACTS)
        for name in ("ada", "bo"):
            source = Source("fc_a", "fc_a.py", name.encode())
            place = f"/in/{name}"
            found = Submission(name, Student(name), {"fc_a": (source,)}, place=place)
            book.take_stock([found], [])
            book.keep_grade(grade(name, part_grade("fc_a"), part_grade("fc_b")))
    return folder


def invoke(*arguments: str) -> str:
    """What a command says that goes well, run in this process; errors are raised."""
    done = CliRunner().invoke(commands, ["answers", "class", *arguments], catch_exceptions=False)
    assert 0 == done.exit_code, done.output
    return done.output


def fill_in(file: str, fill: Callable[[Rows], None]) -> None:
    """Change the rows of a table, and save it as German spreadsheets do."""
    with Path(file).open(encoding="utf-8-sig", newline="") as read:
        separator = ";" if ";" in read.readline() else ","
        read.seek(0)
        rows = list(csv.DictReader(read, delimiter=separator))
    fill(rows)
    with Path(file).open("w", encoding="utf-8", newline="") as written:
        writer = csv.DictWriter(written, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def results(out: Path) -> dict[str, Any]:
    """The entries of results.json by submission."""
    found = json.loads((out / "results.json").read_bytes())
    return {entry["submission"]: entry for entry in found["submissions"]}


def first_two(rows: Rows) -> None:
    """Points for ada's answers, one of them with a comment."""
    rows[0] |= {"points": "0,5", "comment": "=why <b>?"}
    rows[1] |= {"points": "1"}


def test_there_and_back(out: Path) -> None:
    """Points and comment are in the results, on the page, and in the next table as they were."""
    exported = invoke("--export", "answers.csv")
    fill_in("answers.csv", first_two)
    imported = invoke("--import", "answers.csv")
    again = invoke("--export", "next.csv")
    entry = results(out)["ada"]
    page = (out / "students" / "ada" / "index.html").read_text("utf-8")

    assert "4 answers in answers.csv, 4 without points.\n" == exported
    assert imported.startswith("2 answers marked.\n2 rows without points: nothing has changed")
    assert (5.5, 10.0) == (entry["score"], entry["max_score"])
    assert [(0.5, 2.5, 5.0), (1.0, 3.0, 5.0)] == [
        (part["answer_score"], part["score"], part["max_score"]) for part in entry["parts"]
    ]
    assert "0.5 of 1 points. =why &lt;b&gt;?" in page
    assert "4 answers in next.csv, 2 without points.\n" == again
    fill_in("next.csv", lambda rows: rows[0].update(points="1"))
    changed = invoke("--import", "next.csv")
    assert "0 answers marked.\n  ada, fc_a: 0.5 of 1 -> 1 of 1\n" in changed
    assert "=why &lt;b&gt;?" in (out / "students" / "ada" / "index.html").read_text("utf-8")


def test_nothing_is_taken_by_halves(out: Path) -> None:
    """One row that cannot be taken, and the gradebook stays as it was."""
    invoke("--export", "answers.csv")
    fill_in("answers.csv", first_two)
    fill_in("answers.csv", lambda rows: rows[3].update(submission="boo"))

    with pytest.raises(UsageError, match=r"no points have changed:\n  row 5: boo, fc_b is no subm"):
        invoke("--import", "answers.csv")

    with Gradebook.read(out) as book:
        assert [4.0, 4.0] == [found.score for found in book.run().grades]


def test_a_table_that_was_filled_in_is_not_written_over(out: Path) -> None:
    """Points that were not imported yet stay; once they are, the file may be written anew."""
    assert out.exists()
    invoke("--export", "answers.csv")
    invoke("--export", "answers.csv")
    fill_in("answers.csv", first_two)
    with pytest.raises(UsageError, match=r"may hold points that were not imported\. Import it"):
        invoke("--export", "answers.csv")
    invoke("--import", "answers.csv")

    assert "4 answers in answers.csv, 2 without" in invoke("--export", "answers.csv")


def test_an_answer_that_changed_is_to_be_read_again(out: Path) -> None:
    """Its points stay, the page says whose they are, and the next table asks for new ones."""
    invoke("--export", "answers.csv")
    fill_in("answers.csv", first_two)
    invoke("--import", "answers.csv")
    with Gradebook.open(out) as book:
        book._database.write("UPDATE part SET answer = 'New.' WHERE part = 'fc_a'")  # noqa: SLF001
    told = invoke("--export", "next.csv")

    assert "4 answers in next.csv, 3 without points.\nTo be read again;" in told
    assert told.endswith("  ada, fc_a\n")
    invoke("--import", "next.csv")
    page = (out / "students" / "ada" / "index.html").read_text("utf-8")
    assert "0.5 of 1 points for an earlier answer. =why" in page


@pytest.mark.parametrize("options", [[], ["--export", "a.csv", "--import", "a.csv"]])
def test_one_of_two_options(
    out: Path,
    options: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """None and both are a wrong call, told with an example."""
    monkeypatch.setattr("sys.argv", ["grader", "answers", str(out), *options])
    with pytest.raises(SystemExit) as ended:
        main()

    assert 2 == ended.value.code
    assert f"grader answers {out} --export answers.csv" in capsys.readouterr().err
