"""Face of the program: pages and results from the gradebook alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from data import DataError, load
from grader.export.results_json import write_results
from grader.gradebook import Gradebook, Pages
from grader.records import Part, Run
from grader.report.images import Album
from grader.report.writing import write_pages
from grader.sheets import load_sheets


def write_all(out: Path) -> tuple[Run, bool]:
    """Write every page and results.json; the run, and whether its test images were found."""
    with Gradebook.read(out) as gradebook:
        run = gradebook.run()
        album = _album(run, gradebook.data_path())
    write_pages(run, out, parts_by_id(), album)
    write_results(run, out / "results.json")
    return run, album is not None


def write_changed(gradebook: Gradebook, out: Path) -> Run:
    """Write the class page, results.json and the students' pages that would change; the run."""
    run = gradebook.run()
    Pages(gradebook, out, parts_by_id(), _album(run, gradebook.data_path())).bring_up_to_date(run)
    return run


def parts_by_id() -> Mapping[str, Part]:
    """The parts of all sheets, in their order."""
    return {part.id: part for sheet in load_sheets() for part in sheet.parts}


def _album(run: Run, path: Path | None) -> Album | None:
    """The test images of the run's data set, where it still lies; None where they are not found."""
    for source in dict.fromkeys((path, None)):
        try:
            data = load(source)
        except DataError:
            continue
        if data.sha256 == run.data.sha256:
            return Album(data.x_test)
    return None
