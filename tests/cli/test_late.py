"""Late hand-ins through the whole command line: a Gradescope export and a course.toml."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

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


@pytest.mark.slow
def test_late_by_moodles_worksheet(grader: Grader, tmp_path: Path) -> None:
    """Given as the roster it tells when a group handed in, and that its members did."""
    source, out, worksheet = tmp_path / "moodle", tmp_path / "out", tmp_path / "Bewertungen.csv"
    folder = source / "Team_77_assignsubmission_file"
    folder.mkdir(parents=True)
    (folder / "fc_a.py").write_text(RIGHT, "utf-8")
    worksheet.write_text(
        'ID,"Vollständiger Name",Gruppe,Bewertung,Bestwertung,"Zuletzt geändert (Abgabe)"\n'
        'Teilnehmer/in11,"Grün, Ada",Team,,"100,00","Montag, 2. März 2026, 13:00"\n'
        'Teilnehmer/in12,"Bo Roe",Team,,"100,00","Montag, 2. März 2026, 13:00"\n'
        'Teilnehmer/in13,"Cy Low",,,"100,00",-\n',
        "utf-8",
    )
    out.mkdir()
    (out / "course.toml").write_text(COURSE, "utf-8")
    command = ("grade", source, "-o", out, "--no-train", "--part", "fc_a", "--roster", worksheet)
    without_zone = grader(*command)
    (out / "course.toml").write_text(f'time_zone = "Europe/Berlin"\n{COURSE}', "utf-8")
    ran = grader(*command)
    (graded,) = json.loads((out / "results.json").read_bytes())["submissions"]
    missing = (out / "index.html").read_text("utf-8").partition("Not handed in")[2]

    assert 'time_zone = "Europe/Berlin"' in without_zone.out
    assert "so nothing is taken off: 1." in without_zone.out
    assert "Handed in late, with points taken off: 1.\n" in ran.out
    assert ("2026-03-02T12:00:00+00:00", 2.25) == (graded["submitted_at"], graded["score"])
    assert ["Handed in together by Grün, Ada and Bo Roe."] == graded["notices"]
    assert "Cy Low" in missing
    assert "Bo Roe" not in missing
