"""A submission of tests/submissions is copied to where it is graded, prepared as it asks."""

from __future__ import annotations

import io
import shutil
import tarfile
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path


def hand_in(submission: Path, target: Path) -> None:
    """Put a copy of the folder at `target`, prepared as its expectation asks."""
    shutil.copytree(submission, target, ignore=shutil.ignore_patterns("expected.toml"))
    expected = tomllib.loads((submission / "expected.toml").read_text("utf-8"))
    if prepare := expected.get("prepare"):
        PREPARATIONS[prepare](target)


def zipped(target: Path) -> None:
    """One zip in place of the files."""
    files = [path for path in target.rglob("*") if path.is_file()]
    with zipfile.ZipFile(target / "abgabe.zip", "w") as archive:
        for path in files:
            archive.write(path, path.relative_to(target))
    for path in files:
        path.unlink()


def zipped_twice(target: Path) -> None:
    """A zip in a zip in place of the files."""
    zipped(target)
    (target / "abgabe.zip").rename(target / "inner.zip")
    zipped(target)


def tarred(target: Path) -> None:
    """One tar.gz in place of the files."""
    entries = list(target.iterdir())
    with tarfile.open(target / "abgabe.tar.gz", "w:gz") as archive:
        for path in entries:
            archive.add(path, path.name)
    for path in entries:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def with_files_for_tools(target: Path) -> None:
    """Files beside the work that pytest or Python would run if it found them."""
    for name in ("conftest.py", "sitecustomize.py", "usercustomize.py", "json.py"):
        (target / name).write_text("raise SystemExit('must not run')\n")
    (target / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")


def with_hidden_copies(target: Path) -> None:
    """Broken copies in folders that editors, systems and tools leave behind."""
    for folder in (".ipynb_checkpoints", "__MACOSX", ".git", "__pycache__", "venv/site-packages"):
        (target / folder).mkdir(parents=True)
        (target / folder / "fc_a.py").write_text("broken(")
    (target / "__MACOSX" / "._fc_a.py").write_bytes(b"\x00\x05\x16\x07")


def nested_deeply(target: Path) -> None:
    """An expression that is nested 100,000 levels deep."""
    with (target / "fc_a.py").open("a") as file:
        file.write(f"\ndepth = {'-' * 100_000}1\n")


def grown(target: Path) -> None:
    """A source of 5 MB."""
    with (target / "fc_a.py").open("a") as file:
        file.writelines(["# " + "x" * 97 + "\n"] * 50_000)


def with_archive(fill: Callable[[zipfile.ZipFile], None]) -> Callable[[Path], None]:
    """A zip beside the files."""

    def prepare(target: Path) -> None:
        with zipfile.ZipFile(target / "work.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            fill(archive)

    return prepare


def with_ways_out(archive: zipfile.ZipFile) -> None:
    """Members whose names lead out of any folder."""
    for way in ("../../ef-left-1/", "/root/../ef-left-2/", "..\\..\\", "C:\\"):
        archive.writestr(f"{way}fc_b.py", "print('GOT out of the folder')\n")


def with_links(target: Path) -> None:
    """A tar whose members are links, and a file behind one of them; a link beside it."""
    with tarfile.open(target / "work.tar", "w") as archive:
        for name, kind, to in (
            ("fc_b.py", tarfile.SYMTYPE, "/etc/passwd"),
            ("cnn_a.py", tarfile.LNKTYPE, "../../../../solutions/faces_cnn/cnn_a.py"),
            ("out", tarfile.SYMTYPE, "/tmp"),  # noqa: S108 - made to harm
            ("out/ef-left-3", tarfile.REGTYPE, ""),
            ("cnn_b.py", tarfile.FIFOTYPE, ""),
            ("cnn_c.py", tarfile.CHRTYPE, ""),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, to
            archive.addfile(member)
    (target / "fc_b.py").symlink_to("/proc/self/environ")


def with_bomb(archive: zipfile.ZipFile) -> None:
    """300 MB of zeros, and as many in an archive inside."""
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w", zipfile.ZIP_DEFLATED) as inner:
        inner.writestr("cnn_b.py", bytes(300_000_000))
    archive.writestr("inner.zip", inside.getvalue())
    archive.writestr("fc_b.py", bytes(300_000_000))


def with_many_files(archive: zipfile.ZipFile) -> None:
    """More files than anybody hands in."""
    for number in range(12_000):
        archive.writestr(f"notes/{number}.txt", "")


def with_odd_names(archive: zipfile.ZipFile) -> None:
    """Members whose names are no text, markup, formulas, terminal codes, or turned around."""
    for name in (
        "<script>alert(1)</script>/x.py",
        "=cmd|' /C calc'!A0.py",
        "\x1b[2J\x1b]0;title\x07.py",
        "\u202eyp.a_cf",
        "\uff46\uff43\uff3f\uff41.py",
        "a" * 60_000 + ".py",
        "nul",
        "..",
        " ",
    ):
        archive.writestr(name, "print('GOT a run')\n")


PREPARATIONS: Mapping[str, Callable[[Path], None]] = {
    "zip": zipped,
    "zip-in-zip": zipped_twice,
    "tar.gz": tarred,
    "conftest": with_files_for_tools,
    "hidden": with_hidden_copies,
    "deep": nested_deeply,
    "large": grown,
    "ways-out": with_archive(with_ways_out),
    "links": with_links,
    "bomb": with_archive(with_bomb),
    "many-files": with_archive(with_many_files),
    "odd-names": with_archive(with_odd_names),
}
