"""Batch: how long tasks of one kind will take, by the rate measured so far; pure.

Times are seconds of any clock that does not go back.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class _Running:
    since: float
    heard: float
    share: float = 0.0


class Estimate:
    """Follows tasks by their keys, from their plan to their end."""

    def __init__(self) -> None:
        self.num_done = 0
        self._left: dict[str, float] = {}
        self._running: dict[str, _Running] = {}
        self._done_work = 0.0
        # Of all tasks together, and while there was any.
        self._busy_seconds = 0.0
        self._wall_seconds = 0.0
        self._wall_since = 0.0

    @property
    def num_planned(self) -> int:
        """How many there are, done or not."""
        return self.num_done + len(self._left)

    @property
    def is_done(self) -> bool:
        """Whether nothing of what is planned is left."""
        return not self._left

    @property
    def share(self) -> float:
        """The part of all work that is done, from 0 to 1."""
        begun = sum(one.share * self._left[key] for key, one in self._running.items())
        total = self._done_work + sum(self._left.values())
        return (self._done_work + begun) / total if total else 1.0

    def plan(self, key: str, effort: float) -> None:
        """There is one more to do."""
        self._left[key] = effort

    def start(self, key: str, now: float) -> None:
        """It is under way."""
        if not self._running:
            self._wall_since = now
        self._running[key] = _Running(now, now)

    def hear(self, key: str, share: float, now: float) -> None:
        """So much of it is done, from 0 to 1; that may be heard after its end."""
        running = self._running.get(key)
        if running is not None:
            running.share, running.heard = share, now

    def stop(self, key: str, now: float) -> None:
        """It is not under way any more, done or not."""
        self._busy_seconds += now - self._running.pop(key).since
        if not self._running:
            self._wall_seconds += now - self._wall_since

    def finish(self, key: str) -> None:
        """It is done."""
        self._done_work += self._left.pop(key)
        self.num_done += 1

    def seconds_left(self, now: float) -> float | None:
        """Until the last one is done; None where no rate is known yet."""
        if not self._left:
            return 0.0
        left = dict(self._left)
        work, busy = self._done_work, self._busy_seconds
        for key, running in self._running.items():
            work += running.share * left[key]
            left[key] *= 1 - running.share
            busy += running.heard - running.since
        if not work:
            return None
        wall = self._wall_seconds + (now - self._wall_since if self._running else 0.0)
        # As many side by side as so far; but the longest is never done by several at once.
        return max(sum(left.values()) * wall, max(left.values()) * busy) / work
