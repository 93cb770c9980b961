"""VGG lists: in which order addresses are asked, so that no host is asked too much."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field, replace

from data.vgg.lists import Row

MAX_FAILURES = 3


@dataclass(frozen=True)
class Manners:
    """How politely addresses are asked; `pauses_seconds` are between the attempts at one."""

    parallel: int = 8
    per_host: int = 2
    pauses_seconds: tuple[float, ...] = (2, 10)
    longest_wait_seconds: float = 120


@dataclass(frozen=True)
class Job:
    """One address to ask for, of a person's list, for the `attempt`-th time (from 0 on)."""

    person: str
    index: int
    row: Row
    host: str
    attempt: int = 0
    due: float = 0.0


@dataclass
class _Host:
    waiting: deque[Job] = field(default_factory=deque)
    num_active: int = 0
    failures: int = 0
    due: float = 0.0


class Queue:
    """Jobs by host; what `take` gives must come back by `done`."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._hosts: dict[str, _Host] = {}
        self._num_active = 0
        self._is_closed = False
        self._changed = threading.Condition()

    def add(self, job: Job) -> None:
        """Put a job at the end of its host's line."""
        with self._changed:
            self._hosts.setdefault(job.host, _Host()).waiting.append(job)
            self._changed.notify_all()

    def take(self) -> Job | None:
        """Return the next job when its time has come; None when there will be no more."""
        with self._changed:
            while not self._is_closed:
                job, seconds = self._next()
                if job is not None:
                    return job
                if seconds is None and not self._num_active:
                    break
                self._changed.wait(seconds)
            self._changed.notify_all()
            return None

    def done(self, job: Job) -> None:
        """Say that a job is finished, whatever came of it; jobs that follow are added before."""
        with self._changed:
            self._hosts[job.host].num_active -= 1
            self._num_active -= 1
            self._changed.notify_all()

    def again(self, job: Job, wait_seconds: float) -> bool:
        """Put the job back for another attempt after a pause; False when it has had them all.

        Where the server asked to wait, its whole host is left alone for so long.
        """
        pauses = self._manners.pauses_seconds
        if job.attempt >= len(pauses) or wait_seconds > self._manners.longest_wait_seconds:
            return False
        now = time.monotonic()
        with self._changed:
            host = self._hosts[job.host]
            host.due = max(host.due, now + wait_seconds)
            due = now + max(wait_seconds, pauses[job.attempt])
            host.waiting.append(replace(job, attempt=job.attempt + 1, due=due))
        return True

    def tell(self, host: str, *, is_reached: bool) -> None:
        """Note whether a host could be reached."""
        with self._changed:
            entry = self._hosts[host]
            entry.failures = 0 if is_reached else entry.failures + 1

    def is_lost(self, host: str) -> bool:
        """Return whether a host could not be reached several times in a row."""
        with self._changed:
            return self._hosts[host].failures >= MAX_FAILURES

    def close(self) -> None:
        """Give out no more jobs."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _next(self) -> tuple[Job | None, float | None]:
        """Return a job whose time has come, else the seconds until one has; None for never."""
        now = time.monotonic()
        soonest: float | None = None
        for name, host in self._hosts.items():
            if not host.waiting or host.num_active >= self._manners.per_host:
                continue
            due = max(host.due, host.waiting[0].due)
            if due <= now:
                # To the end, so that all hosts have their turn.
                self._hosts[name] = self._hosts.pop(name)
                host.num_active += 1
                self._num_active += 1
                return host.waiting.popleft(), None
            soonest = due if soonest is None else min(soonest, due)
        return None, None if soonest is None else soonest - now
