"""Importing, the way in: a folder of photographs becomes a data set."""

from __future__ import annotations

import hashlib
import os
import stat
import warnings
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from data.check import MAX_IMAGES
from data.dataset import DataError
from data.importing.assemble import Imported, assemble
from data.importing.choosing import choose_persons
from data.importing.found import Picture, Skipped, Stage, clean
from data.importing.pictures import MAX_FILE_BYTES, PictureError, read_picture
from data.importing.scan import Person, relative, scan_folder

MAX_THREADS = 4


def import_folder(
    folder: Path, stage: Stage, *, persons: str | None = None, per_person: int | None = None
) -> Imported:
    """Return the data set of the pictures in `folder`, which holds one folder for each person.

    `persons` is as in `choose_persons`; `per_person` is the most pictures that are taken of each,
    as good as by chance but always the same. Raises `DataError`.
    """
    scan = scan_folder(folder)
    counts = {person.name: len(person.files) for person in scan.persons}
    chosen = set(choose_persons(counts, persons))
    taken = [person for person in scan.persons if person.name in chosen]
    total = sum(len(person.files) for person in taken)
    if total > MAX_IMAGES:
        raise DataError(
            f"{folder}: found {total:,} files, expected at most {MAX_IMAGES:,}. "
            "Choose some persons with --persons."
        )
    with stage(f"Reading {total:,} files", total) as advance:
        results = _read_all(taken, scan.folder, advance)
    pictures = [result for result in results if isinstance(result, Picture)]
    broken = [result for result in results if isinstance(result, Skipped)]
    pictures, beyond = _limit(pictures, per_person)
    with stage(f"Comparing {len(pictures):,} pictures", len(pictures)) as advance:
        name = clean(folder.resolve().name)
        return assemble(pictures, name, (*scan.skipped, *broken, *beyond), advance)


def read_file(path: Path) -> bytes:
    """Return the content of an ordinary file; raises `PictureError`."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with open(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:  # noqa: PTH123 - of a descriptor
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise PictureError("is no ordinary file")
            if status.st_size > MAX_FILE_BYTES:
                raise PictureError(
                    f"has {status.st_size / 2**20:,.0f} MiB, more than {MAX_FILE_BYTES / 2**20:.0f}"
                )
            return file.read(MAX_FILE_BYTES)
    except OSError as error:
        raise PictureError(f"cannot be read ({error.strerror})") from error


def _read_all(
    persons: Sequence[Person], folder: Path, advance: Callable[[], None]
) -> list[Picture | Skipped]:
    jobs = [(person.name, path) for person in persons for path in person.files]
    # Set here, once, as the filters belong to the whole process and not to a thread.
    with warnings.catch_warnings(), ThreadPoolExecutor(_threads()) as pool:
        warnings.simplefilter("ignore")
        results = []
        for result in pool.map(lambda job: _read(job[0], job[1], folder), jobs):
            results.append(result)
            advance()
        return results


def _read(person: str, path: Path, folder: Path) -> Picture | Skipped:
    source = relative(path, folder)
    try:
        return Picture(person, source, read_picture(read_file(path)))
    except PictureError as error:
        return Skipped(source, str(error))


def _limit(pictures: list[Picture], per_person: int | None) -> tuple[list[Picture], list[Skipped]]:
    if per_person is None:
        return pictures, []
    by_person: dict[str, list[Picture]] = defaultdict(list)
    for picture in pictures:
        by_person[picture.person].append(picture)
    kept: list[Picture] = []
    beyond: list[Skipped] = []
    for person, own in by_person.items():
        own.sort(key=lambda picture: hashlib.sha256(picture.pixels.tobytes()).digest())
        kept += own[:per_person]
        if len(own) > per_person:
            reason = f"has {len(own) - per_person} pictures more than the {per_person} asked for"
            beyond.append(Skipped(person, reason))
    return kept, beyond


def _threads() -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(MAX_THREADS, cores or 1)
