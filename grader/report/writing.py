"""Telling: pages put into the folder of a run, each in one step."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from grader.files import write_atomically
from grader.records import Grade, Part, Run
from grader.report.drawings import Drawings
from grader.report.images import Album
from grader.report.pages import class_page, student_page


def write_pages(run: Run, out: Path, parts: Mapping[str, Part], album: Album | None = None) -> None:
    """Write the page of every student and then the class page that links to them."""
    drawings = Drawings(album)
    for grade in run.grades:
        write_student_page(grade, run, out, parts, drawings)
    write_class_page(run, out, parts)


def write_student_page(
    grade: Grade, run: Run, out: Path, parts: Mapping[str, Part], drawings: Drawings
) -> Path:
    """Write one student's page to where the grade says, below `out`; the path is returned."""
    path = out / grade.report
    write_atomically(path, student_page(grade, run, parts, drawings))
    return path


def write_class_page(run: Run, out: Path, parts: Mapping[str, Part]) -> Path:
    """Write `out/index.html`, as often as there is something new; the path is returned."""
    path = out / "index.html"
    write_atomically(path, class_page(run, parts))
    return path
