"""Face of the program: a part file as a collector, its checks as items."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader import messages
from grader.pytest_plugin.session import PartRun, session_of
from grader.pytest_plugin.telling import failure_text, live_progress
from grader.records import Check, CheckName, Outcome, Part
from grader.text import printable

_NOT_FAILURES = frozenset({Outcome.SKIPPED, Outcome.NOT_ATTEMPTED})
_FINE = _NOT_FAILURES | {Outcome.PASSED}


class CheckNotPassedError(Exception):
    """A check that did not pass; carries the check."""

    def __init__(self, check: Check) -> None:
        super().__init__(check.message)
        self.check = check


class PartFile(pytest.File):
    """The file of one part; all its checks share one run."""

    def __init__(self, *, part: Part, **keywords: Any) -> None:  # noqa: ANN401 - as pytest's own nodes
        super().__init__(**keywords)
        self.part = part
        self.run = PartRun(part, self.path, session_of(self.config))

    def collect(self) -> Iterator[CheckItem]:
        """One item per check, in the order of the checks."""
        for name in CheckName:
            title = messages.check_title(name, self.part.target)
            yield CheckItem.from_parent(self, name=title, check=name)


class CheckItem(pytest.Item):
    """One check of a part. `-k` finds it by its sentence, its check's name and the part's id."""

    def __init__(self, *, check: CheckName, **keywords: Any) -> None:  # noqa: ANN401 - as pytest's own nodes
        super().__init__(**keywords)
        self.check = check
        self.extra_keyword_matches |= {check.value, self.part.id}

    @property
    def part(self) -> Part:
        """The part that is checked."""
        return self._run.part

    @property
    def _run(self) -> PartRun:
        parent = self.parent
        assert isinstance(parent, PartFile)  # noqa: S101 - items are made by PartFile alone
        return parent.run

    def runtest(self) -> None:
        """Take the steps up to this check and say what came out."""
        if self._run.was_interrupted:
            not_yet = messages.skipped_message("not yet")
            raise pytest.skip.Exception(not_yet, _use_item_location=True)
        with live_progress(self.config, self.part) as live:
            check = self._run.check(self.check, live)
        self._show_output(check)
        if check.outcome in _NOT_FAILURES:
            raise pytest.skip.Exception(check.message, _use_item_location=True)
        if check.outcome is not Outcome.PASSED:
            raise CheckNotPassedError(check)

    def _show_output(self, check: Check) -> None:
        """What the student's file printed belongs to the first check, and helps with a failure."""
        output = printable(self._run.grade().output)
        if check.name is CheckName.LOADS:
            # Printed once more here, so that pytest's own options decide when it is shown.
            sys.stdout.write(output)
        elif output.strip() and check.outcome not in _FINE:
            self.add_report_section("call", "stdout", output)

    def repr_failure(
        self,
        excinfo: pytest.ExceptionInfo[BaseException],
        style: Any = None,  # noqa: ANN401 - pytest's own name for a style is private
    ) -> Any:  # noqa: ANN401 - as above
        """The difference and the hint; no traceback of ours."""
        if isinstance(excinfo.value, CheckNotPassedError):
            return failure_text(excinfo.value.check, self._run.grade())
        if isinstance(excinfo.value, pytest.fail.Exception):
            # From pytest-timeout: the frames are ours, and say nothing to a student.
            return messages.stopped_message(self.part.id, str(excinfo.value.msg))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The part's file and the sentence of the check."""
        return self.path, 0, f"{self.part.id}: {self.name}"
