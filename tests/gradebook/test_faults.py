"""The file in trouble: what is said, and that nothing which was kept is lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import EightFacesError, GraderError, UsageError
from grader.gradebook import Gradebook
from grader.gradebook.schema import APPLICATION_ID, MIGRATIONS, migrate, version_of
from tests.gradebook.conftest import grade, part_grade, training

FILE = "gradebook.sqlite"

# Keeps trainings for ever, and says so after each.
WRITER = """\
import itertools, sys
from pathlib import Path
from dataclasses import replace
from grader.gradebook import Gradebook
from tests.gradebook.conftest import FACTS, training
with Gradebook.open(Path(sys.argv[1])) as book:
    book.begin_run(FACTS)
    for number in itertools.count():
        book.keep_training(replace(training(str(number)), message="x" * 20000))
        print(number, flush=True)
"""
# The same in a small file system of its own, which the process alone sees.
IN_SMALL_SPACE = 'mount -t tmpfs -o size=400k none "$1" && shift && exec "$@"'
READ_ONLY = 'mount -t tmpfs -o ro none "$1" && shift && exec "$@"'

needs_namespaces = pytest.mark.skipif(
    sys.platform != "linux"
    or subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode != 0,
    reason="needs unshare, and user namespaces",
)


def run_writer(folder: Path, mount: str) -> subprocess.CompletedProcess[str]:
    """The writer on a folder that is mounted for it, until it fails."""
    program = [sys.executable, "-c", WRITER, str(folder)]
    return subprocess.run(
        ["unshare", "-rm", "sh", "-c", mount, "sh", str(folder), *program],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@needs_namespaces
def test_disk_full(out: Path) -> None:
    """Several results are kept; the one that has no room is told as such, and what to do."""
    ran = run_writer(out, IN_SMALL_SPACE)

    assert 1 < len(ran.stdout.splitlines()) < 50
    assert "GraderError" in ran.stderr
    assert f"{out / FILE}: the disk " in ran.stderr
    assert "run the same command again: nothing that was graded is lost" in ran.stderr


@needs_namespaces
def test_read_only_folder(out: Path) -> None:
    """A folder that cannot be written to is a wrong call."""
    ran = run_writer(out, READ_ONLY)

    assert f"UsageError: {out} cannot be written to (Read-only file system)" in ran.stderr


@pytest.mark.slow
def test_killed_at_any_moment(out: Path) -> None:
    """After each kill -9 all that was said to be kept is there, and writing goes on at once."""
    kept = 0
    for after in (1, 3, 4, 7):
        program = [sys.executable, "-c", WRITER, str(out)]
        with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            lines = [writer.stdout.readline() for _ in range(after)]
            os.kill(writer.pid, signal.SIGKILL)
        kept = max(kept, int(lines[-1]) + 1)
        with Gradebook.read(out) as book:
            found = [book.training(str(number)) for number in range(kept)]
        connection = sqlite3.connect(out / FILE)

        assert None not in found
        assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()
        assert [] == connection.execute("PRAGMA foreign_key_check").fetchall()
        connection.close()


@pytest.mark.parametrize("statement", range(1, 12, 2))
def test_interrupted_between_statements(
    book: Gradebook, monkeypatch: pytest.MonkeyPatch, statement: int
) -> None:
    """A grade whose writing breaks off after any statement is as it was before, as a whole."""
    before = grade("ada", part_grade("fc_a", 1.0))
    book.keep_grade(before)
    database = book._database  # noqa: SLF001 - to break off where a fault would
    left = [statement]

    def counted(method: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                raise KeyboardInterrupt
            return method(*arguments)

        return call

    for name in ("write", "write_all", "rows", "value"):
        monkeypatch.setattr(database, name, counted(getattr(database, name)))
    anew = grade("ada", part_grade("fc_a", 2.0, training()), part_grade("fc_b"))
    with pytest.raises(KeyboardInterrupt):
        book.keep_grade(anew)
    monkeypatch.undo()

    assert (before,) == book.run().grades
    assert book.keep_grade(anew)


def test_second_writer(book: Gradebook, out: Path) -> None:
    """A second writer is told which process writes; it may once that is done. Readers may ever."""
    with pytest.raises(UsageError, match=rf"is writing here \(process {os.getpid()} on "):
        Gradebook.open(out)
    with Gradebook.read(out) as reader:
        assert () == reader.run().grades
    book.keep_grade(grade("ada", part_grade("fc_a")))
    book.close()

    Gradebook.open(out).close()


@pytest.mark.slow
def test_lock_goes_with_its_process(out: Path) -> None:
    """Another process is kept out, and what a kill -9 leaves behind keeps nobody out."""
    program = [sys.executable, "-c", WRITER, str(out)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        with pytest.raises(UsageError, match=f"process {writer.pid} on "):
            Gradebook.open(out)
        os.kill(writer.pid, signal.SIGKILL)

    Gradebook.open(out).close()


def test_shell_that_reads(book: Gradebook, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sqlite3 shell in the middle of a query holds a result up for a while, then is named."""
    shell = sqlite3.connect(out / FILE, isolation_level=None)
    shell.execute("BEGIN")
    shell.execute("SELECT * FROM run").fetchone()
    book._database._connection.execute("PRAGMA busy_timeout = 50")  # noqa: SLF001 - not a minute
    monkeypatch.setattr("grader.gradebook.faults.BUSY_SECONDS", 0.05)
    with pytest.raises(GraderError, match=r"another program has kept it locked .*sqlite3 shell"):
        book.keep_training(training())
    shell.close()

    book.keep_training(training())
    assert training() == book.training("k")


def test_reader_beside_a_writer(
    book: Gradebook, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a reader gets is of one moment, though a grade is being replaced while it reads."""
    before = grade("ada", part_grade("fc_a", 1.0))
    book.keep_grade(before)
    book._database._connection.execute("PRAGMA busy_timeout = 0")  # noqa: SLF001 - not a minute
    held_up: list[object] = []
    with Gradebook.read(out) as reader:
        database = reader._database  # noqa: SLF001 - to write between two of its queries
        read_rows = database.rows

        def rows(*arguments: object) -> object:
            try:
                book.keep_grade(grade("ada", part_grade("fc_a", 2.0 + len(held_up))))
            except GraderError:
                held_up.append(arguments)
            return read_rows(*arguments)  # type: ignore[arg-type]  # as they came

        monkeypatch.setattr(database, "rows", rows)
        found = reader.run().grades

    assert held_up
    assert 1 == len(found[0].parts)
    assert found[0].parts[0].checks[0].score == found[0].parts[0].score


def test_damaged_file(book: Gradebook, out: Path) -> None:
    """A file with pages overwritten is damaged: the grader's trouble, with a way out."""
    for name in ("ada", "bo", "cleo"):
        book.keep_grade(grade(name, part_grade("fc_a")))
    book.close()
    content = bytearray((out / FILE).read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    (out / FILE).write_bytes(content)

    with pytest.raises(GraderError, match=r"is damaged .* move it away and grade again"):
        Gradebook.read(out).run()


def test_damaged_record(book: Gradebook) -> None:
    """A grade that was tampered with is damaged too, and not half a grade."""
    book.keep_grade(grade("ada", part_grade("fc_a")))
    book._database.write("UPDATE part SET details = '{}'")  # noqa: SLF001 - as a shell may do it

    with pytest.raises(GraderError, match="is damaged"):
        book.run()


def _text(path: Path) -> None:
    path.write_text("Dear diary, this is no database at all, however long it is.\n" * 9, "utf-8")


def _other_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE bookmark (url TEXT)")
    connection.close()


@pytest.mark.parametrize("make", [_text, _other_database])
def test_no_gradebook(out: Path, make: Callable[[Path], None]) -> None:
    """A file that is something else is left as it is, whether it would be read or written."""
    make(out / FILE)
    content = (out / FILE).read_bytes()

    for open_book in (Gradebook.open, Gradebook.read):
        with pytest.raises(UsageError, match=r"is no gradebook\. Move it away"):
            open_book(out)
    assert content == (out / FILE).read_bytes()


def test_newer_version(book: Gradebook, out: Path) -> None:
    """What a newer grader wrote is refused, with both versions and what to do."""
    book.close()
    connection = sqlite3.connect(out / FILE)
    connection.execute("PRAGMA user_version = 99")
    connection.close()

    for open_book in (Gradebook.open, Gradebook.read):
        expected = rf"newer grader \(its version 99, .*up to {len(MIGRATIONS)}\)"
        with pytest.raises(UsageError, match=expected):
            open_book(out)


@pytest.fixture
def old() -> sqlite3.Connection:
    """A gradebook of a first version that never was, with one row."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, ["CREATE TABLE grade (score REAL);"])
    connection.execute("INSERT INTO grade VALUES (2.5)")
    return connection


STEPS = [
    "CREATE TABLE grade (score REAL);",
    "ALTER TABLE grade ADD COLUMN reason TEXT DEFAULT 'none; yet';",
    "CREATE TABLE extra (id INTEGER); INSERT INTO extra SELECT rowid FROM grade;",
]


def test_migration(old: sqlite3.Connection) -> None:
    """An older gradebook goes through all later steps, each once, and keeps its rows."""
    migrate(old, STEPS)
    migrate(old, STEPS)

    assert 3 == version_of(old)
    assert [(2.5, "none; yet")] == old.execute("SELECT * FROM grade").fetchall()
    assert [(1,)] == old.execute("SELECT * FROM extra").fetchall()


def test_migration_that_fails(old: sqlite3.Connection) -> None:
    """A step that fails leaves the version before it, and can be taken again."""
    broken = [*STEPS[:2], "CREATE TABLE extra (id INTEGER); INSERT INTO absent VALUES (1);"]
    with pytest.raises(sqlite3.Error, match="no such table: absent"):
        migrate(old, broken)

    assert 2 == version_of(old)
    migrate(old, STEPS)
    assert 3 == version_of(old)


def test_older_gradebook_is_migrated_when_read(
    book: Gradebook, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`grader report` with a newer grader brings the file to its version, and all is there."""
    book.keep_grade(grade("ada", part_grade("fc_a")))
    book.close()
    steps = (*MIGRATIONS, "ALTER TABLE grade ADD COLUMN more TEXT;")
    for module in ("schema", "database"):
        monkeypatch.setattr(f"grader.gradebook.{module}.MIGRATIONS", steps)
    monkeypatch.setattr("grader.gradebook.schema.migrate.__defaults__", (steps,))
    with Gradebook.read(out) as again:
        (found,) = again.run().grades

    assert "ada" == found.submission
    connection = sqlite3.connect(out / FILE)
    assert (len(steps), APPLICATION_ID) == (
        version_of(connection),
        connection.execute("PRAGMA application_id").fetchone()[0],
    )
    connection.close()


def test_errors_are_sentences(out: Path) -> None:
    """Even a fault of the grader's own in a statement names the file and says whose it is."""
    with Gradebook.open(out) as book, pytest.raises(EightFacesError, match="fault of the grader's"):
        book.keep_grade(grade("nobody", part_grade("fc_a")))
