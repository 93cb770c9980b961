"""Face of the program: one run of `grader watch`, without training: what was saved is checked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import watchfiles
from rich.console import Console
from rich.text import Text

from grader import messages
from grader.batch.desk import Desk
from grader.errors import UsageError
from grader.grading import grade_part
from grader.records import PartGrade, Source, Submission
from grader.report.terminal import part_details, part_line
from grader.sheets import exercises_folder, stubs_of
from grader.submissions import read_folder
from grader.text import printable, printable_line

# What an editor does on one save is over by then, in milliseconds.
_QUIET_MS = 40
_AT_MOST_MS = 400


def run(folder: Path | None) -> None:
    """Watch until Ctrl-C. Raises UsageError for a wrong folder, SheetError for a broken sheet."""
    folder = (folder or exercises_folder()).resolve()
    if not folder.is_dir():
        raise UsageError(
            f"{printable_line(str(folder))} is no folder. Expected the folder with your part "
            "files, such as: grader watch exercises"
        )
    with closing(Desk(threads=1)) as desk:
        # It gets warm while the first look takes what it can from earlier ones.
        desk.start()
        watch = _Watch(folder, desk)
        try:
            watch.overview()
            # Now and then without a word of the system, too: a save may come before it is
            # listened to, and some network drives tell of none.
            for _ in watchfiles.watch(
                folder, debounce=_AT_MOST_MS, step=_QUIET_MS, yield_on_timeout=True
            ):
                watch.look()
        except KeyboardInterrupt:
            watch.say("Stopped.")


class _Watch:
    """One folder, and what was last seen in it."""

    def __init__(self, folder: Path, desk: Desk) -> None:
        self._folder = folder
        self._desk = desk
        self._sheet_ids = tuple(sheet.id for sheet in desk.sheets)
        self._parts = desk.parts
        self._stubs = stubs_of(tuple(self._parts.values()))
        self._seen: dict[str, tuple[Source, ...]] = {}
        self._told: set[str] = set()
        self._console = Console(highlight=False)

    def overview(self) -> None:
        """A line for each part that is there."""
        self.say(f"Watching {printable_line(str(self._folder))}. Ctrl-C ends it.")
        grades = list(self._changed())
        for grade in grades:
            self._console.print(part_line(grade, self._parts))
        if not grades:
            names = ", ".join(f"{part}.py" for part in self._parts)
            self.say(f"There is no part here yet. Save one of {names}, or a notebook with parts.")

    def look(self) -> None:
        """All about each part that is not as it was."""
        for grade in self._changed():
            self._console.print()
            self._console.rule(f"{grade.part} at {time.strftime('%H:%M:%S')}", characters="-")
            self._console.print(part_details(grade))
            # All has passed but the training, which was not asked for.
            if grade.outcome.is_settled:
                self.say(messages.to_be_trained(self._parts[grade.part], self._file(grade.part)))

    def say(self, text: str) -> None:
        """One line, as it is."""
        self._console.print(Text(printable(text)))

    def _changed(self) -> Iterator[PartGrade]:
        """Grades without training of the parts whose files are not as they were."""
        submission = read_folder(
            self._folder,
            self._folder.name,
            tuple(self._parts),
            sheet_ids=self._sheet_ids,
            stubs=self._stubs,
        )
        self._tell_notices(submission)
        for part in self._parts.values():
            sources = submission.sources.get(part.id, ())
            if sources == self._seen.get(part.id, ()):
                continue
            self._seen[part.id] = sources
            evidence = self._desk.examine(part, sources)
            yield grade_part(part, evidence, data_sha256="", with_training=False)

    def _tell_notices(self, submission: Submission) -> None:
        for notice in (submission.trouble, *messages.notice_messages(submission.notices)):
            if notice and notice not in self._told:
                self.say(notice)
                self._told.add(notice)

    def _file(self, part: str) -> Path:
        """The file of a part that was seen."""
        return self._folder / self._seen[part][0].path
