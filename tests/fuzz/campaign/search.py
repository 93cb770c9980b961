"""A bounded search for inputs that break a reader's laws; `make fuzz` starts it.

Not among the tests that run by themselves: it takes FUZZ_SECONDS, ten minutes unless told
otherwise, in equal shares for the readers in FUZZ_READERS. What it finds is made small by
Hypothesis and written into corpus/, and replayed by test_corpus.py from then on.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import os
import random
import tarfile
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from grader.architecture import read_description
from grader.compare import compare
from grader.records import Architecture, Part
from grader.training.worker import Worker

SECONDS = float(os.environ.get("FUZZ_SECONDS", "600"))
FIRST_SEED = int(os.environ.get("FUZZ_SEED", random.SystemRandom().randrange(10**6)))
READERS = os.environ.get("FUZZ_READERS", "replies archives notebooks summaries").split()
CORPUS = Path(__file__).parents[1] / "corpus"
# A round is not cut short, so that on a busy machine it is what a campaign runs over its time.
INPUTS_PER_ROUND = 100
MOST_FAULTS = 10
# Of the time for replies, the share in which Keras builds what the checker let pass.
KERAS_SHARE = 0.5
SMALL_VALUES = 1_000_000
SMALL_PARAMS = 3_000_000

STEMS = (
    *("fc_a", "fc_b", "cnn_a", "FC_B", "fc_b (1)", "fc_b - Copy", "a_1_2_fc_b", "tool", "x", "a/"),
    *("../", "/", "C:\\", "\\\\h\\s\\", ".", "..", "\0", "\n", "\x1b[2J", "\u202e", "\udcff"),
    *("é", "e\u0301", "con", "aux.", "__MACOSX/", ".hidden/", "pyvenv.cfg", "venv/", "n" * 300),
    *("d/" * 40, " 1" * 90),
)  # fmt: skip
TAR_TYPES = tuple(bytes([kind]) for kind in b"01234567gxLKSA\0")
# Little-endian numbers as they stand in zip headers.
EXTREMES = (
    b"\0\0",
    b"\xff\xff",
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\1\0\0\0",
    b"\xff\xff\xff\x7f",
)
Make = Callable[[Random], bytes]
Check = Callable[[bytes], None]


@dataclass
class Search:
    """The search for faults of one reader: how many inputs it tried, and what broke a law."""

    name: str
    check: Check
    tried: int = 0
    last: bytes | None = None
    faults: dict[str, str] = field(default_factory=dict)

    def one(self, raw: bytes) -> None:
        """Try this input; raises what the check raises."""
        self.tried += 1
        self.last = raw
        self.check(raw)

    def round(self, make: Make, number: int) -> None:
        """Try a number of inputs; the smallest that breaks a law is kept."""

        @seed(FIRST_SEED + number)
        @settings(
            max_examples=INPUTS_PER_ROUND,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
            report_multiple_bugs=False,
        )
        @given(st.randoms(use_true_random=False))
        def run(source: Random) -> None:
            self.last = None
            self.one(make(source))

        try:
            run()
        except KeyboardInterrupt:
            raise
        except BaseException as fault:
            # What happens while an input is made is a fault of the search.
            if self.last is None:
                raise
            self.keep(self.last, f"{type(fault).__name__}: {fault}")

    def keep(self, raw: bytes, fault: str) -> None:
        """Writes an input that broke a law into the corpus."""
        path = CORPUS / self.name / hashlib.sha256(raw).hexdigest()[:12]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
        self.faults[path.name] = fault[:300]


@dataclass
class Judge:
    """Keras, which says whether the table counts right; `built` counts networks."""

    worker: Worker
    parts: Mapping[str, Part]
    built: int = 0
    seconds: float = 0.0
    seen: set[str] = field(default_factory=set)
    waiting: dict[str, tuple[bytes, Architecture]] = field(default_factory=dict)

    def note(self, raw: bytes) -> None:
        """Keeps a reply in mind whose network is small, known to the table and new."""
        found = read_description(raw, self.parts["cnn_c"], "").architecture
        if found is not None and found.digest not in self.seen and is_small(found):
            self.waiting[found.digest] = (raw, found)

    def build(self, search: Search, seconds: float) -> None:
        """Has Keras build some of what waits."""
        started = time.monotonic()
        while self.waiting and time.monotonic() < started + seconds:
            digest, (raw, architecture) = self.waiting.popitem()
            self.seen.add(digest)
            self.built += 1
            try:
                rebuilt = self.worker.rebuild(architecture)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
                search.keep(raw, f"{type(error).__name__}: {error}")
                continue
            if rebuilt.fault is None:
                parts = self.parts.values()
                assert sum(compare(part, architecture, rebuilt).matches for part in parts) < 2
        self.waiting.clear()
        self.seconds += time.monotonic() - started


def is_small(architecture: Architecture) -> bool:
    """Whether Keras can build it, and within a second."""
    values = sum(prod(size or 32 for size in row.shape or ()) for row in architecture.rows) / 32
    return (
        all(layer.known for layer in architecture.layers)
        and len(architecture.layers) <= 60
        and values <= SMALL_VALUES
        and (architecture.totals.total or 0) <= SMALL_PARAMS
    )


@pytest.fixture(scope="module")
def judge(parts: Mapping[str, Part]) -> Iterator[Judge]:
    """A worker that builds networks with Keras."""
    with Worker(threads=1) as worker:
        yield Judge(worker, parts)


@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", READERS)
def test_no_input_breaks_a_law(
    name: str,
    checks: Mapping[str, Check],
    makers: Mapping[str, Make],
    judge: Judge,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In its share of the time no input is found that breaks a law of the reader."""
    search = Search(name, checks[name])
    if name == "replies":
        search.check = both(checks[name], judge.note)
    started = time.monotonic()
    number = 0
    while time.monotonic() < started + SECONDS / len(READERS) and len(search.faults) < MOST_FAULTS:
        search.round(makers[name], number)
        number += 1
        allowed = KERAS_SHARE * (time.monotonic() - started) - judge.seconds
        judge.build(search, allowed)
        built = f", {judge.built:,} networks built" if name == "replies" else ""
        with capsys.disabled():
            said = f"\r{name}: {search.tried:,} inputs{built}, {len(search.faults)} faults"
            print(said, end="", flush=True)  # noqa: T201 - what a campaign has to say

    assert {} == search.faults


@pytest.fixture(scope="module")
def made_archive() -> Make:
    """What makes archives out of odd members, and spoils them."""
    return archive


def archive(source: Random) -> bytes:
    """A zip or tar archive of odd members, perhaps with another inside, perhaps spoilt."""
    raw = source.choice((zipped, tarred))(source)
    for _ in range(source.choice((0, 0, 0, 1, 1, 2))):
        at = source.randrange(len(raw) + 1)
        change = source.choice(EXTREMES) if source.randrange(2) else source.randbytes(3)
        kept = at if source.randrange(4) == 0 else at + len(change)
        raw = raw[:at] + change + raw[kept:]
    return raw if source.randrange(10) else raw[: source.randrange(len(raw) + 1)]


def zipped(source: Random, depth: int = 0) -> bytes:
    """A zip archive; one of the fields of its headers may say what is not so."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(buffer, "w") as made:
        for _ in range(source.randint(1, 5)):
            info = zipfile.ZipInfo(name(source).replace("\udcff", "\xff"))
            info.compress_type = source.choice((0, 8, 8, 8, 12, 14))
            info.external_attr = source.choice((0, 0, 0o100644, 0o120777, 0o010644, 0o40755)) << 16
            made.writestr(info, content(source, depth))
    raw = bytearray(buffer.getvalue())
    if source.randrange(2) == 0:
        mark = source.choice((b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"))
        start = raw.find(mark, source.randrange(len(raw)))
        value = source.choice(EXTREMES)
        at = max(start, 0) + source.choice(range(4, 46, 2))
        raw[at : at + len(value)] = value
    return bytes(raw)


def tarred(source: Random, depth: int = 0) -> bytes:
    """A tar archive, perhaps compressed, whose headers have right checksums but need not be so."""
    raw = b""
    for _ in range(source.randint(1, 5)):
        data = content(source, depth)
        info = tarfile.TarInfo(name(source))
        info.type = source.choice((*[tarfile.REGTYPE] * 4, *TAR_TYPES))
        info.size = source.choice((len(data), len(data), len(data), 0, -512, 10**6, 10**12))
        info.linkname = source.choice(("", "/etc/passwd", "fc_a.py", name(source)))
        if source.randrange(3) == 0:
            key = source.choice(("path", "size", "linkpath", "GNU.sparse.major", "GNU.sparse.map"))
            value = source.choice((name(source), "-1", "9" * 30, "1", "0,5,3", "x"))
            info.pax_headers = {key: value, "GNU.sparse.minor": "0"}
        if source.randrange(2):
            header = info.tobuf(tarfile.PAX_FORMAT, errors="surrogateescape")
        else:
            header = info.tobuf(tarfile.GNU_FORMAT, errors="surrogateescape")
        raw += header + data + bytes(-len(data) % 512)
    raw += bytes(source.choice((0, 512, 1024)))
    compress = source.choice((bytes, gzip.compress, bz2.compress, lzma.compress))
    return compress(raw)


def name(source: Random) -> str:
    """A member's name that somebody may have thought of."""
    stem = "".join(source.choice(STEMS) for _ in range(source.randint(1, 3)))
    return stem + source.choice((".py", ".py", ".py", ".ipynb", ".zip", ".txt", "/", ""))


def content(source: Random, depth: int) -> bytes:
    """What may stand in a member, an archive among it."""
    if depth < 3 and source.randrange(4) == 0:
        return source.choice((zipped, tarred))(source, depth + 1)
    cell = b'{"cells": [{"cell_type": "code", "source": "# part: fc_b\\nx = 1"}]}'
    return source.choice(
        (b"", b"b = 1\n", b"import tool, cnn_a\n", cell, bytes(3000), b"PK\x03\x04")
    )


def both(first: Check, second: Check) -> Check:
    """One check after the other."""

    def run(raw: bytes) -> None:
        first(raw)
        second(raw)

    return run
