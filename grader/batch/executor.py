"""Batch, step 3: what a batch asks of an executor beside what every Executor can do."""

from __future__ import annotations

from abc import abstractmethod
from concurrent.futures import Executor

from grader.errors import GraderError


class OutOfReachError(GraderError):
    """There is nobody left to perform tasks; raised by an executor or its futures, ends a batch."""


class BenchExecutor(Executor):
    """An Executor in whose threads `grader.batch.bench.perform` finds a bench.

    Progress comes back by the `Report` that it was made with. As a context manager it ends what is
    under way when it is left; whoever wants results waits for their futures.
    """

    @property
    @abstractmethod
    def num_slots(self) -> int:
        """How many tasks are performed side by side; may change from moment to moment."""

    @property
    def num_ahead(self) -> int:
        """How many more tasks to hand out, so that none of the slots waits for its next."""
        return 0

    @property
    def describes_first(self) -> bool:
        """Whether all is described before anything is rebuilt, since a slot holds but one."""
        return False
