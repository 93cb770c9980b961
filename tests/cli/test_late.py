"""Late hand-ins through the whole command line: a Gradescope export and a course.toml."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.cli.grading_plan import make_plan
from grader.messages import notice_messages
from tests.asking import ASKED
from tests.cli.conftest import RIGHT

if TYPE_CHECKING:
    from tests.cli.conftest import Grader

COURSE = """\
[due]
faces_fc = 2026-03-01T23:59:00+01:00

[late]
per_day = "10%"
cap = "50%"
grace_minutes = 15
"""
ZONE = 'time_zone = "Europe/Berlin"\n'
TIMES = {"Ada": "2026-03-02 12:00:00 Z", "Bo": "2026-03-01 12:00:00 Z", "Cleo": ""}


@pytest.mark.slow
def test_late(grader: Grader, tmp_path: Path) -> None:
    """Who is late loses points, with the sentence; without a time nothing is guessed."""
    source, out = tmp_path / "assignment_1_export", tmp_path / "out"
    entries = []
    for number, (name, time) in enumerate(TIMES.items()):
        (source / f"submission_{number}").mkdir(parents=True)
        (source / f"submission_{number}" / "fc_a.py").write_text(RIGHT, "utf-8")
        entries.append(
            f"submission_{number}:\n  :submitters:\n  - :name: {name}\n    :sid: {number}\n"
            f"  :created_at: {time}\n"
        )
    (source / "submission_metadata.yml").write_text("".join(entries), "utf-8")
    out.mkdir()
    (out / "course.toml").write_text(COURSE.replace("cap", "caps"), "utf-8")
    refused = grader("grade", source, "-o", out, "--no-train", "--part", "fc_a")
    (out / "course.toml").write_text(COURSE, "utf-8")
    ran = grader("grade", source, "-o", out, "--no-train", "--part", "fc_a")
    grades = {
        entry["student"]["name"]: entry
        for entry in json.loads((out / "results.json").read_bytes())["submissions"]
    }
    index = (out / "index.html").read_text("utf-8")
    (made,) = grades["Ada"]["adjustments"]
    page = (out / grades["Ada"]["report"]).read_text("utf-8")

    assert (2, True) == (refused.code, f"{out / 'course.toml'}: caps in [late]" in refused.err)
    assert (0, True) == (ran.code, "Ada, 2.25 of 2.5 points" in ran.err)
    assert "Handed in late, with points taken off: 1.\n" in ran.out
    assert "Nobody knows when they were handed in, so nothing is taken off: 1." in ran.out
    assert {"Ada": (2.25, 2.5), "Bo": (2.5, 2.5), "Cleo": (2.5, 2.5)} == {
        name: (grade["score"], grade["max_score"]) for name, grade in grades.items()
    }
    assert ("faces_fc", -0.25) == (made["part"], made["points"])
    assert made["reason"].startswith("Handed in 13 h 1 min after 2026-03-01 23:59 (UTC+01:00).")
    assert f"faces_fc: 0.25 points less. {made['reason']}" in page
    assert "0.25 points less" in index
    assert "Cleo" in index.partition("Nobody knows when these were")[2].partition("</p>")[0]
    assert "Bo" not in index.partition("Handed in late")[2].partition("</section>")[0]


@pytest.fixture
def of_a_group(tmp_path: Path) -> tuple[Path, Path]:
    """A group's folder in Moodle's download, and the worksheet with its members and their time."""
    folder = tmp_path / "moodle" / "Team_77_assignsubmission_file"
    folder.mkdir(parents=True)
    (folder / "fc_a.py").write_text(RIGHT, "utf-8")
    worksheet = tmp_path / "Bewertungen.csv"
    worksheet.write_text(
        'ID,"Vollständiger Name",Gruppe,Bewertung,Bestwertung,"Zuletzt geändert (Abgabe)"\n'
        'Teilnehmer/in11,"Grün, Ada",Team,,"100,00","Montag, 2. März 2026, 13:00"\n'
        'Teilnehmer/in12,"Bo Roe",Team,,"100,00","Montag, 2. März 2026, 13:00"\n'
        'Teilnehmer/in13,"Cy Low",,,"100,00",-\n',
        "utf-8",
    )
    (tmp_path / "out").mkdir()
    return folder.parent, worksheet


def test_moodles_worksheet_tells_the_time(of_a_group: tuple[Path, Path], tmp_path: Path) -> None:
    """Given as the roster it tells when a group handed in, and that its members did."""
    source, worksheet = of_a_group
    (tmp_path / "out" / "course.toml").write_text(ZONE + COURSE, "utf-8")
    request = replace(
        ASKED,
        paths=(source,),
        out=tmp_path / "out",
        parts=("fc_a",),
        with_training=False,
        roster=worksheet,
    )
    plan = make_plan(request)
    without_zone = replace(request, out=tmp_path / "elsewhere")

    (found,) = plan.found.submissions
    assert "2026-03-02T12:00:00+00:00" == found.submitted_at
    assert ("Handed in together by Grün, Ada and Bo Roe.",) == notice_messages(found.notices)
    assert ["Grün, Ada", "Bo Roe", "Cy Low"] == [student.name for student in plan.roster or ()]
    assert plan.late_rule is not None
    assert any(ZONE.strip() in remark for remark in make_plan(without_zone).remarks)


# From the plan on, grades lose points as in test_late.
@pytest.mark.nightly
@pytest.mark.slow
def test_late_by_moodles_worksheet(
    grader: Grader, of_a_group: tuple[Path, Path], tmp_path: Path
) -> None:
    """The group of the worksheet loses points, and nobody in it is missing."""
    source, worksheet = of_a_group
    out = tmp_path / "out"
    (out / "course.toml").write_text(COURSE, "utf-8")
    command = ("grade", source, "-o", out, "--no-train", "--part", "fc_a", "--roster", worksheet)
    without_zone = grader(*command)
    (out / "course.toml").write_text(ZONE + COURSE, "utf-8")
    ran = grader(*command)
    (graded,) = json.loads((out / "results.json").read_bytes())["submissions"]
    missing = (out / "index.html").read_text("utf-8").partition("Not handed in")[2]

    assert ZONE.strip() in without_zone.out
    assert "so nothing is taken off: 1." in without_zone.out
    assert "Handed in late, with points taken off: 1.\n" in ran.out
    assert ("2026-03-02T12:00:00+00:00", 2.25) == (graded["submitted_at"], graded["score"])
    assert ["Handed in together by Grün, Ada and Bo Roe."] == graded["notices"]
    assert "Cy Low" in missing
    assert "Bo Roe" not in missing
