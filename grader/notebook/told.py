"""Face of the program: what a notebook shows of an error on purpose: its sentence, no traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from data import DataError
from grader.errors import EightFacesError


class NotebookError(EightFacesError):
    """An error whose sentence is all that the cell shows."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return [str(self)]


class StoppedError(KeyboardInterrupt):
    """The cell was interrupted, and all that it had started is gone."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return [str(self)]


@contextmanager
def told() -> Iterator[None]:
    """Inside, errors on purpose come without the grader's own lines."""
    try:
        yield
    except (EightFacesError, DataError) as error:
        raise NotebookError(str(error)) from None
