"""`grader report` and `grader adjust`: from the gradebook alone, nothing is graded."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from click.testing import CliRunner

from data import load
from grader.cli import commands
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.records import DataFacts, Source, Student, Submission
from tests.gradebook.conftest import FACTS, grade, part_grade, training

if TYPE_CHECKING:
    from tests.cli.conftest import Grader

SCHEMA = Path(__file__).parents[2] / "docs" / "results.schema.json"
NAMES = ("ada", "bo", "cleo")


@pytest.fixture
def out(tmp_path: Path, data_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with nothing but a gradebook: three students, two with the same file, a roster."""
    monkeypatch.setenv("GRADER_DATA", str(data_file))
    data = load(data_file)
    facts = DataFacts(data.name, data.sha256, data.names)
    with Gradebook.open(tmp_path) as book:
        book.begin_run(replace(FACTS, data=facts, data_path=data_file))
        found = []
        for name in NAMES:
            source = Source("fc_a", "fc_a.py", b"x = 1" if name != "bo" else b"x = 2")
            place = f"/class/{name}"
            found.append(Submission(name, Student(name), {"fc_a": (source,)}, place=place))
        book.take_stock(found, ["/class"])
        for name in NAMES:
            book.keep_grade(grade(name, part_grade("fc_a", trained=training()), part_grade("fc_b")))
        book.set_roster([Student("Ada"), Student("Max Müller", "18")])
        book.end_run("finished")
    return tmp_path


def invoke(*arguments: str | Path) -> str:
    """What a command says that goes well, run in this process; errors are raised."""
    done = CliRunner().invoke(commands, list(map(str, arguments)), catch_exceptions=False)
    assert 0 == done.exit_code, done.output
    return done.output


def page(out: Path, name: str) -> str:
    """The page of a student."""
    return (out / "students" / name / "index.html").read_text("utf-8")


def results(out: Path) -> dict[str, Any]:
    """The entries of results.json by submission; the whole is as the schema says."""
    found = json.loads((out / "results.json").read_bytes())
    schema = json.loads(SCHEMA.read_bytes())
    jsonschema.validate(found, schema, jsonschema.Draft202012Validator)
    return {entry["submission"]: entry for entry in found["submissions"]}


def test_report_writes_everything(grader: Grader, out: Path) -> None:
    """All pages, with the test images of the data set, and results.json; a second time the same."""
    ran = grader("report", out)
    first = {path: path.read_bytes() for path in [*out.rglob("*.html"), out / "results.json"]}
    again = grader("report", out)

    assert (0, f"3 pages written. Class page: {out / 'index.html'}\n", "") == (
        ran.code,
        ran.out,
        ran.err,
    )
    assert (5, 0) == (len(first), again.code)
    assert first == {path: path.read_bytes() for path in first}
    assert "data:image/png" in page(out, "ada")
    trainings = [entry["parts"][0]["training"] for entry in results(out).values()]
    assert [2, 2, 2] == [found["shared_with"] for found in trainings]


def test_class_page_lists_who_is_missing_and_the_same_files(out: Path) -> None:
    """Max of the roster handed in nothing; ada and cleo hold the same file, and only there."""
    invoke("report", out)
    index = (out / "index.html").read_text("utf-8")

    missing, same = index.partition("Not handed in")[2].split("The same file")[:2]
    assert "Max Müller" in missing
    assert "ada" not in missing
    assert "fc_a" in same
    for name, is_listed in (("ada", True), ("bo", False), ("cleo", True)):
        assert is_listed == (f"students/{name}/" in same.partition("</section>")[0])
    for name in NAMES:
        others = set(NAMES) - {name}
        assert [] == [other for other in others if f">{other}<" in page(out, name)]


def test_report_without_the_data_set(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the data set is gone, the pages name the wrong images, and the command says so."""
    with Gradebook.open(out) as book:
        book.begin_run(replace(FACTS, data_path=out / "gone.npz"))
    monkeypatch.delenv("GRADER_DATA")
    told = invoke("report", out)

    assert "The data set 'invented faces' is not found any more" in told
    assert "data:image/png" not in page(out, "ada")
    assert "taken for" in page(out, "ada")


def test_adjust(grader: Grader, out: Path) -> None:
    """Negative points need no `--`; total, page and results have them, the reason made harmless."""
    invoke("report", out)
    ran = grader("adjust", out, "ada", "fc_a", "-0.5", "--reason", "Late, <b>by a day</b>.")

    assert (0, "") == (ran.code, ran.err)
    assert f"ada: 3.5 of 8 points. Report: {out / 'students' / 'ada' / 'index.html'}\n" == ran.out
    entry = results(out)["ada"]
    assert (3.5, [2.0, 2.0]) == (entry["score"], [part["score"] for part in entry["parts"]])
    (made,) = entry["adjustments"]
    assert ("fc_a", -0.5, "Late, <b>by a day</b>.") == (
        made["part"],
        made["points"],
        made["reason"],
    )
    assert "fc_a: 0.5 points less. Late, &lt;b&gt;by a day&lt;/b&gt;." in page(out, "ada")
    assert "by a day" in (out / "index.html").read_text("utf-8")
    assert "by a day" not in page(out, "bo")


def test_adjust_writes_only_what_changes(out: Path) -> None:
    """The pages of others stay the files they are; a missing one is written again."""
    invoke("adjust", out, "ada", "fc_a", "1", "--reason", "A good idea.")
    before = {name: (out / "students" / name / "index.html").stat().st_mtime_ns for name in NAMES}
    (out / "students" / "cleo" / "index.html").unlink()
    invoke("adjust", out, "ada", "fc_a", "0", "--reason", "Not so good.")
    after = {name: (out / "students" / name / "index.html").stat().st_mtime_ns for name in NAMES}

    assert [True, False, True] == [before[name] != after[name] for name in NAMES]
    assert "Adjusted by hand" not in page(out, "ada")


def test_adjust_somebody_unknown(grader: Grader, out: Path) -> None:
    """A name that nobody has is a wrong call that names those that come near."""
    ran = grader("adjust", out, "adda", "fc_a", "1", "--reason", "x")

    assert (2, "") == (ran.code, ran.out)
    assert "There is no submission 'adda'. Did you mean ada" in ran.err


def test_folder_without_a_gradebook(tmp_path: Path) -> None:
    """Neither command makes one: they say which does."""
    for arguments in (["report"], ["adjust", "a", "fc_a", "1", "--reason", "x"]):
        command, *others = arguments
        with pytest.raises(UsageError, match=r"has no gradebook\.sqlite"):
            invoke(command, tmp_path / "none", *others)
    assert not (tmp_path / "none").exists()
