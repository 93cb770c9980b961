"""Gradebook: the pages and results of its folder, written again where they are not up to date."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from grader.export.results_json import write_results
from grader.gradebook.gradebook import Gradebook
from grader.records import Grade, Part, Run
from grader.records.encoding import encode
from grader.report.drawings import Drawings
from grader.report.images import Album
from grader.report.templating import templates_digest
from grader.report.writing import write_class_page, write_student_page


class Pages:
    """The pages in the folder `out`, with test images from the `album` where there is one."""

    def __init__(
        self, gradebook: Gradebook, out: Path, parts: Mapping[str, Part], album: Album | None
    ) -> None:
        """`parts` are those of all sheets, by id; the gradebook is open for writing."""
        self._gradebook = gradebook
        self._out = out
        self._parts = parts
        self._drawings = Drawings(album)

    def bring_up_to_date(self, run: Run) -> int:
        """Write the class page, results.json and the students' pages that would change.

        Gives the number of students' pages that were written.
        """
        written = sum(self.student(grade, run) for grade in run.grades)
        self.overview(run)
        return written

    def overview(self, run: Run) -> None:
        """Write the class page and results.json."""
        write_results(run, self._out / "results.json")
        write_class_page(run, self._out, self._parts)

    def student(self, grade: Grade, run: Run) -> bool:
        """Write a student's page if it is missing or would change; whether it was written."""
        digest = self._digest(grade, run)
        is_there = (self._out / grade.report).exists()
        if is_there and self._gradebook.page_digest(grade.report) == digest:
            return False
        write_student_page(grade, run, self._out, self._parts, self._drawings)
        self._gradebook.keep_page_digest(grade.report, digest)
        return True

    def _digest(self, grade: Grade, run: Run) -> str:
        """SHA-256, in hex, over all that the page is made from; nothing of other students is."""
        alone = replace(run, grades=(), missing=(), unclear=(), same_files=(), untimed=())
        facts = replace(alone, started_at=None)
        words = [
            f"{part.id}: {part.title}: {part.question}: {part.insight}"
            for graded in grade.parts
            if (part := self._parts.get(graded.part)) is not None
        ]
        pieces = (
            encode(grade),
            encode(facts),
            encode(words),
            templates_digest(),
            str(self._drawings.album is not None),
        )
        return hashlib.sha256("\n".join(pieces).encode()).hexdigest()
