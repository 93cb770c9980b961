"""VGG lists, the way in: lists of addresses become a data set."""

from __future__ import annotations

import threading
import warnings
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from data.dataset import DataError
from data.importing.assemble import Imported, assemble
from data.importing.choosing import choose_persons
from data.importing.found import Picture, Skipped, Stage
from data.importing.pictures import PictureError, read_picture
from data.vgg.fetch import Fetcher, FetchError, Lasting, Limits
from data.vgg.lists import Row, find_lists, read_list
from data.vgg.queue import Job, Manners, Queue
from data.vgg.store import Store

MAX_PERSONS = 100
NAME = "VGG Face pictures"


@dataclass(frozen=True)
class Wanted:
    """What is to be made of the lists: whose, how many of each, and whether only the faces."""

    persons: str | None = None
    per_person: int = 350
    crop: bool = False


@dataclass(frozen=True)
class Access:
    """How addresses are asked, and the folder in which what they give is kept."""

    cache: Path
    manners: Manners
    limits: Limits
    allow_private: bool = False


def import_lists(paths: Sequence[Path], stage: Stage, wanted: Wanted, access: Access) -> Imported:
    """Return the data set of the pictures that the lists in `paths` lead to.

    Of each person the first `per_person` addresses that give a picture are taken, in the order of
    the list. What was fetched is kept; the same call goes on where an earlier one was stopped.
    Raises `DataError`.
    """
    rows, skipped = _read_lists(paths, wanted)
    total = sum(min(len(own), wanted.per_person) for own in rows.values())
    with stage(f"Fetching {total:,} pictures of {len(rows)} persons", total) as advance:
        collection = _Collection(rows, wanted, access, advance)
        collection.run()
    pictures, doubtful = _without_placeholders(collection.pictures())
    with stage(f"Comparing {len(pictures):,} pictures", len(pictures)) as advance:
        return assemble(pictures, NAME, (*skipped, *collection.skipped(), *doubtful), advance)


def _read_lists(
    paths: Sequence[Path], wanted: Wanted
) -> tuple[dict[str, list[Row]], list[Skipped]]:
    lists = {entry.name: entry for entry in find_lists(paths)}
    names = list(lists)
    if wanted.persons is not None and not wanted.persons.strip().isdecimal():
        # By name: the others need not be read.
        names = choose_persons(dict.fromkeys(lists, 1), wanted.persons)
    elif wanted.persons is None and len(lists) > MAX_PERSONS:
        raise DataError(
            f"{paths[0]}: found lists of {len(lists):,} persons. Expected at most {MAX_PERSONS} "
            "at once. Choose some with --persons, such as --persons 8."
        )
    read = {name: read_list(lists[name]) for name in names}
    rows = {name: own for name, (own, _) in read.items() if own}
    skipped = [entry for _, broken in read.values() for entry in broken]
    if wanted.persons is not None and wanted.persons.strip().isdecimal():
        counts = {name: len(own) for name, own in rows.items()}
        rows = {name: rows[name] for name in choose_persons(counts, wanted.persons)}
    if not rows:
        raise DataError(
            f"{paths[0]}: found no line that is a row of nine fields. Expected id, address, left, "
            "top, right, bottom, pose, detection score and curation, parted by spaces."
        )
    return rows, skipped


class _Collection:
    """Pictures as they come in; each slot of a person goes down the list until one is found."""

    def __init__(
        self,
        rows: dict[str, list[Row]],
        wanted: Wanted,
        access: Access,
        advance: Callable[[], None],
    ) -> None:
        self._wanted = wanted
        self._manners = access.manners
        self._store = Store(access.cache, access.limits.max_bytes)
        self._fetcher = Fetcher(access.limits, allow_private=access.allow_private)
        self._queue = Queue(access.manners)
        self._rows = {name: iter(enumerate(own)) for name, own in rows.items()}
        self._advance = advance
        self._lock = threading.Lock()
        self._pictures: dict[tuple[str, int], Picture] = {}
        self._skipped: dict[tuple[str, int], Skipped] = {}
        self._fault: Exception | None = None
        # Person by person in turn, as one person's addresses often lie on the same hosts.
        for _ in range(wanted.per_person):
            for name in rows:
                self._add_next(name)

    def run(self) -> None:
        """Fetch until nothing is left to ask for; raises `DataError`."""
        # Daemons, so that stopping the program does not wait for slow servers.
        threads = [
            threading.Thread(target=self._work, daemon=True) for _ in range(self._manners.parallel)
        ]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
            finally:
                self._queue.close()
        if self._fault is not None:
            raise self._fault

    def pictures(self) -> list[Picture]:
        """Return the pictures in the order of persons and lists."""
        return [self._pictures[key] for key in sorted(self._pictures)]

    def skipped(self) -> list[Skipped]:
        """Return what gave no picture, in the same order."""
        return [self._skipped[key] for key in sorted(self._skipped)]

    def _work(self) -> None:
        try:
            while (job := self._queue.take()) is not None:
                try:
                    self._settle(job, self._try(job))
                finally:
                    self._queue.done(job)
        except Exception as error:  # noqa: BLE001 - told by the thread that waits for this one
            self._fault = error
            self._queue.close()

    def _try(self, job: Job) -> Picture | str | None:
        """Return the picture, why there is none, or None when the job is put back."""
        try:
            content = self._content(job)
            box = job.row.box if self._wanted.crop else None
            return Picture(job.person, job.row.source, read_picture(content, box))
        except PictureError as error:
            return str(error)
        except FetchError as error:
            if error.lasting is Lasting.FOR_GOOD:
                self._store.keep_reason(job.row.url, str(error))
            is_put_back = error.lasting is Lasting.FOR_NOW and self._queue.again(
                job, error.wait_seconds
            )
            return None if is_put_back else str(error)

    def _content(self, job: Job) -> bytes:
        url = job.row.url
        kept = self._store.content(url)
        if kept is not None:
            return kept
        reason = self._store.reason(url)
        if reason is not None:
            raise FetchError(reason, Lasting.THIS_RUN)
        if self._queue.is_lost(job.host):
            raise FetchError("has a host that could not be reached before", Lasting.THIS_RUN)
        try:
            content = self._fetcher.fetch(url)
        except FetchError as error:
            self._queue.tell(job.host, is_reached=not error.is_host)
            raise
        self._queue.tell(job.host, is_reached=True)
        self._store.keep(url, content)
        return content

    def _settle(self, job: Job, result: Picture | str | None) -> None:
        if result is None:
            return
        with self._lock:
            if isinstance(result, Picture):
                self._pictures[job.person, job.index] = result
                self._advance()
            else:
                self._skipped[job.person, job.index] = Skipped(job.row.source, result)
                if not self._add_next(job.person):
                    self._advance()

    def _add_next(self, person: str) -> bool:
        """Put the next row of a person in line; False when the list is at its end."""
        index, row = next(self._rows[person], (-1, None))
        if row is None:
            return False
        self._queue.add(Job(person, index, row, _host(row.url)))
        return True


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _without_placeholders(
    pictures: Sequence[Picture],
) -> tuple[list[Picture], list[Skipped]]:
    """Return the pictures that only one person has, and the others.

    Sites that no longer have a picture answer with one that says so.
    """
    persons: dict[bytes, set[str]] = defaultdict(set)
    for picture in pictures:
        persons[picture.pixels.tobytes()].add(picture.person)
    shared = {content for content, names in persons.items() if len(names) > 1}
    kept = [picture for picture in pictures if picture.pixels.tobytes() not in shared]
    reason = "gives the same picture for several persons, perhaps one that stands for a lost one"
    return kept, [
        Skipped(picture.source, reason)
        for picture in pictures
        if picture.pixels.tobytes() in shared
    ]
