"""Gradebook: all that is known of a class, in one file of its folder; the one way in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import Self

from grader.errors import UsageError
from grader.gradebook import grades, memory, runs, stock
from grader.gradebook.corrections import adjust, mark
from grader.gradebook.database import FILE, Database
from grader.gradebook.events import Kind, note
from grader.gradebook.faults import telling_damage, telling_system
from grader.gradebook.late import settle
from grader.gradebook.lock import Lock
from grader.gradebook.reading import read_grades
from grader.gradebook.roster import set_roster
from grader.gradebook.runs import RunFacts
from grader.gradebook.stock import Stock
from grader.records import (
    Description,
    Grade,
    LateRule,
    Mark,
    Rebuilt,
    Run,
    Student,
    Submission,
    Training,
)

_NONE: Mapping[str, bytes] = MappingProxyType({})


class Gradebook:
    """The gradebook in a folder of results; a context manager that closes it.

    Whatever is kept is on the disk when the method returns. All methods raise GraderError or
    UsageError, with what to do, where the file cannot be read or written. One thread uses it.
    """

    def __init__(self, path: Path, lock: Lock | None) -> None:
        """Use `open` or `read`."""
        self._path = path
        self._lock = lock
        self._database = Database(path, writes=lock is not None)
        self._run: int | None = None

    @classmethod
    def open(cls, out: Path) -> Self:
        """The gradebook in this folder to write to, a new one if there is none.

        Raises UsageError where another process writes to it.
        """
        with telling_system(out):
            lock = Lock(out / "gradebook.lock")
        try:
            return cls(out / FILE, lock)
        except BaseException:
            lock.close()
            raise

    @classmethod
    def read(cls, out: Path) -> Self:
        """The gradebook in this folder to read from; raises UsageError where there is none."""
        if not (out / FILE).exists():
            raise UsageError(
                f"{out} has no {FILE}. `grader grade PATH -o {out}` grades submissions into it."
            )
        with closing(Database(out / FILE, writes=False)) as database:
            is_old = database.is_old
        if is_old:
            cls.open(out).close()
        return cls(out / FILE, None)

    def close(self) -> None:
        """Close the file; others may write to it now."""
        self._database.close()
        if self._lock is not None:
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin_run(self, facts: RunFacts) -> None:
        """Note down that a run begins; what is kept from now on belongs to it."""
        self._run = runs.begin_run(self._database, facts)

    def drop_parts(self, known: Collection[str]) -> tuple[str, ...]:
        """Take parts that are not `known` out of all current grades; the ids of those parts.

        Points by hand for them are kept and count again where the part comes back.
        """
        return grades.drop_parts(self._database, self._run, known)

    def end_run(self, how: str) -> None:
        """Note down that the run has `finished`, was `stopped` or has `failed`."""
        runs.end_run(self._database, self._run, how)

    def take_stock(
        self,
        found: Sequence[Submission],
        origins: Sequence[str],
        stubs: Mapping[str, bytes] = _NONE,
    ) -> Stock:
        """Note down what was found at these paths, and what is no longer there."""
        return stock.take_stock(self._database, self._run, found, origins, stubs)

    def description(self, key: str) -> Description | None:
        """What the file with this key was found to say, if that is remembered."""
        return memory.find_description(self._database, key)

    def keep_description(self, key: str, part: str, description: Description) -> None:
        """Remember what a file says, unless the grader itself failed."""
        memory.keep_description(self._database, self._run, key, part, description)

    def network(self, key: str) -> Rebuilt | None:
        """What was read off the network with this key, if that is remembered."""
        return memory.find_network(self._database, key)

    def keep_network(self, key: str, rebuilt: Rebuilt) -> None:
        """Remember what was read off a network, unless the grader itself failed."""
        memory.keep_network(self._database, key, rebuilt)

    def training(self, key: str) -> Training | None:
        """What the training with this key gave, if that is remembered."""
        return memory.find_training(self._database, key)

    def keep_training(self, training: Training, *, is_from_cache: bool = False) -> None:
        """Remember what a training gave, unless the grader itself failed."""
        memory.keep_training(self._database, self._run, training, is_from_cache=is_from_cache)

    def keep_grade(self, grade: Grade) -> bool:
        """Make this the current grade of its submission; False where it is that already.

        Parts that are not in it stay as they are, and so do adjustments.
        """
        return grades.keep_grade(self._database, self._run, grade)

    def note(self, kind: Kind, submission: str | None = None, detail: str = "") -> None:
        """Write a line into the diary of events."""
        with self._database.transaction():
            note(self._database, self._run, kind, submission, detail)

    def adjust(self, submission: str, part: str, points: float, reason: str) -> None:
        """Add these points to a submission's total, in place of what was added for the part before.

        Zero takes the adjustment away. Raises UsageError for a submission or part without a grade,
        points that are no number and a reason that says nothing.
        """
        adjust(self._database, submission, part, points, reason)

    def mark(self, marks: Mapping[tuple[str, str], Mark | None]) -> None:
        """Give the answers of these submissions and parts their points; None takes them away.

        All are kept, or none where that fails.
        """
        mark(self._database, marks)

    def settle(self, rule: LateRule | None, submission: str | None = None) -> None:
        """Take from late hand-ins what the rule says, and nothing any more that it does not.

        It is to be called whenever points have changed: for one submission, or for all.
        """
        if rule is not None or self._database.value("SELECT 1 FROM late") is not None:
            with telling_damage(self._path):
                settled = read_grades(self._database, (), submission)
            settle(self._database, self._run, settled, rule)

    def set_roster(self, students: Sequence[Student]) -> None:
        """Remember who is in the class, in place of any list before."""
        set_roster(self._database, self._run, students)

    def run(self) -> Run:
        """The current grades of all submissions that are there, and the facts of the last run.

        Raises UsageError where nothing was ever graded.
        """
        return runs.read_run(self._database, self._path)

    def grade(self, submission: str) -> Grade:
        """The current grade of this submission, adjusted; what it shares with others is left out.

        Raises UsageError where it has none.
        """
        with telling_damage(self._path):
            order = runs.order_of_parts(self._database)
            found = read_grades(self._database, order, submission)
        if not found:
            raise UsageError(f"{self._path} holds no grade of '{submission}'.")
        return found[0]

    def data_path(self) -> Path | None:
        """The file of the data set that the last run had; None for the one that is built in."""
        return runs.data_path(self._database)

    def ids_by_place(self) -> dict[str, str]:
        """The ids of all submissions ever seen, by the place where they last lay."""
        rows = self._database.rows("SELECT place, id FROM submission ORDER BY last_seen")
        return {row["place"]: row["id"] for row in rows}

    def page_digest(self, path: str) -> str | None:
        """The digest of what this page was last made from."""
        digest: str | None = self._database.value("SELECT digest FROM page WHERE path = ?", (path,))
        return digest

    def keep_page_digest(self, path: str, digest: str) -> None:
        """Remember what a page was made from, once it is written."""
        with self._database.transaction():
            self._database.write(
                "INSERT OR REPLACE INTO page (path, digest) VALUES (?, ?)", (path, digest)
            )


def known_ids(out: Path) -> dict[str, str]:
    """The ids of all submissions ever seen, by the place where they last lay; {} for none."""
    if not (out / FILE).exists():
        return {}
    with Gradebook.read(out) as gradebook:
        return gradebook.ids_by_place()
