"""The four readers of foreign bytes, each with the laws that hold whatever it is given."""

from __future__ import annotations

import json
import re
import resource
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import pytest

from grader.architecture import ReplyError, read_description, read_reply
from grader.compare import compare
from grader.errors import SummaryError, UsageError
from grader.grading.checks import Evidence, grade_part
from grader.grading.describing import Described
from grader.messages import note_message, notice_messages
from grader.records import Architecture, Notice, Outcome, Part, Rebuilt, Submission, Summary
from grader.sheets import load_sheets
from grader.submissions import find_submissions
from grader.submissions.kinds import MAX_SOURCE
from grader.submissions.notebooks import read_notebook
from grader.summary import read_summary
from grader.summary.classes import NETWORKS

# What an input may take of a reader, and more for each of its megabytes; most take a thousandth.
MOST_SECONDS = 2.0
MOST_SECONDS_PER_MB = 5.0
MOST_MIB = 600
MOST_NOTICES = 100
PART_IDS = ("fc_a", "fc_b", "cnn_a", "cnn_b", "cnn_c")
# Control characters but for tab and newline, marks that turn text around, lone surrogates.
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

Check = Callable[[bytes], None]


class TooSlow(BaseException):
    """An input keeps a reader busy for far too long; no Exception, which the readers catch."""


@pytest.fixture(scope="session")
def parts() -> Mapping[str, Part]:
    """The parts of the sheets, by id."""
    return {part.id: part for sheet in load_sheets() for part in sheet.parts}


@pytest.fixture(scope="session")
def checks(parts: Mapping[str, Part]) -> Mapping[str, Check]:
    """By the reader's name what raises where one of its laws, or a limit, is broken."""
    laws: Mapping[str, Check] = {
        "replies": lambda raw: check_reply(raw, parts),
        "archives": check_archive,
        "notebooks": check_notebook,
        "summaries": check_summary,
    }
    return {name: bounded(check) for name, check in laws.items()}


def bounded(check: Check) -> Check:
    """The check, that also fails where the input takes too much time or memory."""

    def run(raw: bytes) -> None:
        peak, started = peak_mib(), time.process_time()
        most = MOST_SECONDS + MOST_SECONDS_PER_MB * len(raw) / 1e6
        with ended_after(4 * most):
            check(raw)
        took, more = time.process_time() - started, peak_mib() - peak
        assert took < most, f"{took:.1f} s for {len(raw):,} bytes"
        assert more < MOST_MIB, f"{more} MiB for {len(raw):,} bytes"

    return run


def peak_mib() -> int:
    """The most memory that this process has had."""
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit


class ended_after:  # noqa: N801 - reads like a function
    """Raises TooSlow in its block after so many seconds of computing."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        signal.signal(signal.SIGVTALRM, self._end)
        signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    @staticmethod
    def _end(_number: int, _frame: FrameType | None) -> None:
        raise TooSlow


def check_reply(raw: bytes, parts: Mapping[str, Part]) -> None:
    """A reply becomes a network or a fault, in harmless words; only the table's rows pass."""
    found = strict(raw)
    assert found is None or found == strict(json.dumps(found).encode())
    for part in parts.values():
        description = read_description(raw, part, "")
        architecture = description.architecture
        assert (architecture is None) != (description.fault is None)
        assert harmless(description.answer)
        evidence = Evidence(Described("x.py", description))
        if architecture is not None:
            json.dumps([architecture.digest, [row.name for row in architecture.rows]])
            rebuilt = by_arithmetic(architecture)
            comparison = compare(part, architecture, rebuilt)
            evidence = Evidence(Described("x.py", description), rebuilt, comparison)
            if comparison.matches:
                check_rows(part, architecture)
        grade = grade_part(part, evidence, "0" * 64)
        assert grade.outcome is not Outcome.GRADER_ERROR
        assert grade.outcome is not Outcome.PASSED
        assert all(map(harmless, [note_message(note) for note in description.notes]))
        assert all(harmless(check.message) for check in grade.checks)
        assert all(harmless(hint.message) for hint in grade.hints)


def strict(raw: bytes) -> object:
    """The reply's document; None where it is refused."""
    try:
        return read_reply(raw)
    except ReplyError:
        return None


def check_rows(part: Part, architecture: Architecture) -> None:
    """What matches has the table's classes, shapes, counts, totals and input, and no more."""
    inputs = len(architecture.input_shapes)
    rows = [(row.layer, row.shape, row.params) for row in architecture.rows]
    assert [(row.layer, row.shape, row.params) for row in part.reference.rows] == rows
    assert [(None, *part.input_shape)] == list(architecture.input_shapes)
    assert part.reference.totals == architecture.totals
    assert 1 == len(architecture.outputs)
    assert all(layer.known for layer in architecture.layers)
    # A chain: each layer takes what the one before it gives.
    assert all(
        layer.inputs == (index - 1,)
        for index, layer in enumerate(architecture.layers)
        if index >= inputs
    )


def by_arithmetic(architecture: Architecture) -> Rebuilt:
    """What the table of layers says of a network; it has not been tried, so that none passes."""
    return Rebuilt(architecture.rows, architecture.totals, architecture.input_shapes, None)


def check_archive(raw: bytes) -> None:
    """Whatever lies beside a part, the part is found; nothing is written, notices are few."""
    with TemporaryDirectory() as folder:
        home = Path(folder) / "jane"
        home.mkdir()
        (home / "fc_a.py").write_bytes(b"a = 1")
        (home / "work.zip").write_bytes(raw)
        before = sorted(Path(folder).rglob("*"))
        found = find_submissions([home], PART_IDS)
        assert "fc_a" in found.submissions[0].sources
        check_found(found.submissions)
        check_notices(found.notices)
        with suppress(UsageError):
            alone = find_submissions([home / "work.zip"], PART_IDS)
            check_found(alone.submissions)
            check_notices(alone.notices)
        assert before == sorted(Path(folder).rglob("*"))


def check_found(submissions: tuple[Submission, ...]) -> None:
    """Names and sources of what was found are fit to be shown, stored and run."""
    for submission in submissions:
        check_notices(submission.notices)
        assert submission.id.isascii()
        assert submission.student.name.encode()
        for sources in submission.sources.values():
            for source in sources:
                assert harmless(source.path)
                assert len(source.code) <= MAX_SOURCE + 1
                assert all(name.isidentifier() for name in source.helpers)


def check_notices(notices: tuple[Notice, ...]) -> None:
    """They can be put into words, which are harmless and not too many."""
    assert len(notices) <= MOST_NOTICES
    for sentence in notice_messages(notices):
        assert harmless(sentence)
        assert len(sentence) < 5_000


def check_notebook(raw: bytes) -> None:
    """A notebook gives parts or notices; what is run is not longer than a source may be."""
    notebook = read_notebook(raw, "work.ipynb", PART_IDS)
    check_notices(notebook.notices)
    assert len({marked.part for marked in notebook.parts}) == len(notebook.parts)
    for marked in notebook.parts:
        assert marked.part in PART_IDS
        assert marked.cell >= 1
        assert len(marked.code) <= MAX_SOURCE + 1
    assert notebook == read_notebook(raw, "work.ipynb", PART_IDS)


def check_summary(raw: bytes) -> None:
    """A text is refused in words, or read: then it adds up, and reads the same when reprinted."""
    text = raw.decode("utf-8", "replace")
    refused = ""
    try:
        summary = read_summary(text)
    except SummaryError as error:
        refused = str(error)
    if refused:
        assert refused.startswith("line ")
        assert harmless(refused)
        return
    assert summary.rows
    top = [row for row in summary.rows if row.depth == 0]
    summed = sum(row.params or 0 for row in top)
    # A layer of a nested network may stand beside it, and counts once.
    is_nested = any(row.layer in NETWORKS for row in top)
    assert summary.totals.total == summed or (is_nested and (summary.totals.total or 0) < summed)
    assert summary == read_summary(reprinted(summary))


def reprinted(summary: Summary) -> str:
    """The summary as a Markdown table, all names marked as cut: nobody knows which were."""
    # The name of a class of one's own: without connections rows need not follow from each other.
    lines = ['Model: "my_model"']
    lines += ["| Layer (type) | Output Shape | Param # | Connected to |", "|---|---|---|---|"]
    for row in summary.rows:
        nested = f"{'   ' * row.depth}└ " if row.depth else ""
        shape = "?" if row.shape is None else row.shape
        params = "0 (unbuilt)" if row.params is None else row.params
        whole = [text if text.endswith("]") else f"{text}…" for text in row.connections]
        cells = (f"{nested}{row.name}… ({row.layer})", shape, params, ", ".join(whole))
        lines.append(f"| {' | '.join(map(str, cells))} |")
    totals = summary.totals
    lines.append(f"Total params: {totals.total}")
    if totals.trainable is not None:
        lines.append(f"Trainable params: {totals.trainable}")
        lines.append(f"Non-trainable params: {totals.non_trainable}")
    return "\n".join([*lines, "___"])


def harmless(text: str) -> bool:
    """Whether the text can be shown in a terminal and stored as UTF-8."""
    return HARMFUL.search(text) is None
