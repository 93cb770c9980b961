"""Archives: all accepted kinds, and members that are refused while the rest is graded."""

from __future__ import annotations

import io
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from grader.messages import notice_messages
from grader.records import Submission
from grader.submissions import Found

Write = Callable[..., Path]
Find = Callable[..., Found]
FindOne = Callable[[str], Submission]
Zipped = Callable[[Mapping[str, bytes | str]], bytes]
Tarred = Callable[..., bytes]


@pytest.fixture(autouse=True)
def _scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder for temporary files, which has to be empty again after each test."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert [] == list(folder.iterdir())


@pytest.mark.parametrize("name", ["jane.zip", "jane.dat"])
@pytest.mark.parametrize("kind", ["zip", "", "gz", "bz2", "xz"])
def test_archives_are_known_by_their_content(
    kind: str,
    name: str,
    write: Write,
    find_one: FindOne,
    zipped: Zipped,
    tarred: Tarred,
) -> None:
    """The ending does not matter."""
    members = {"jane/fc_a.py": b"a = 1", "jane/fc_b.py": b"b = 1"}
    write(name, zipped(members) if kind == "zip" else tarred(members, kind))

    submission = find_one(name)

    assert {"fc_a", "fc_b"} == submission.sources.keys()
    assert b"a = 1" == submission.sources["fc_a"][0].code


@pytest.mark.parametrize(
    ("head", "kind"), [(b"7z\xbc\xaf\x27\x1c\0\4", "7z"), (b"Rar!\x1a\x07\x01\0", "rar")]
)
def test_other_archives_are_refused_with_the_accepted_ones(
    head: bytes, kind: str, write: Write, find_one: FindOne
) -> None:
    """7z and rar are recognised whatever they are called."""
    write("jane.zip", head)

    assert (
        f"jane.zip is a {kind} archive, which is not read here. "
        "Please hand in zip, tar, tar.gz, tar.bz2 or tar.xz."
    ) == notice_messages(find_one("jane.zip").notices)[0]


def test_a_file_that_is_only_called_an_archive_is_named(write: Write, find_one: FindOne) -> None:
    """A broken download is not taken for an empty submission."""
    write("jane/work.zip", "<html>please log in</html>")
    write("jane/fc_a.py")

    expected = (
        "work.zip is named like an archive, but its content is none. "
        "Please hand in zip, tar, tar.gz, tar.bz2 or tar.xz."
    )

    assert (expected,) == notice_messages(find_one("jane").notices)


def test_one_archive_inside_another_is_opened_and_no_more(
    write: Write, find_one: FindOne, zipped: Zipped, tarred: Tarred
) -> None:
    """The third level is named and left alone; helpers inside count."""
    third = zipped({"cnn_a.py": "c = 1"})
    second = tarred({"fc_b.py": b"import tool", "tool.py": b"t = 1", "third.zip": third}, "gz")
    write("jane/work.zip", zipped({"fc_a.py": "a = 1", "second.tgz": second}))
    write("jane/faces_fc/notes.txt")
    write("jane/exercises/fc_a.py", "a = 1")

    submission = find_one("jane")

    assert {"fc_a", "fc_b"} == submission.sources.keys()
    assert "work.zip/second.tgz/fc_b.py" == submission.sources["fc_b"][0].path
    assert {"tool": b"t = 1"} == submission.sources["fc_b"][0].helpers
    expected = (
        "work.zip/second.tgz/third.zip was not opened: it lies in an archive in an archive. "
        "Please pack once."
    )

    assert (expected,) == notice_messages(submission.notices)


OUTSIDE = ["../up.py", "/etc/abs.py", "C:\\win.py", "a/../../b.py", "\\\\host\\share.py"]


@pytest.mark.parametrize("pack", ["zipped", "tarred"])
def test_members_that_lead_outside_are_refused_in_one_notice(
    pack: str, write: Write, find_one: FindOne, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The rest of the archive is graded, and nothing is written outside."""
    before = {path.name for path in tmp_path.iterdir()}
    members = dict.fromkeys([*OUTSIDE, *(f"../{n}/fc_a.py" for n in range(500))], b"x = 1")
    write("jane.zip", request.getfixturevalue(pack)({**members, "fc_a.py": b"a = 1"}))

    submission = find_one("jane.zip")

    assert b"a = 1" == submission.sources["fc_a"][0].code
    assert 1 == len(notice_messages(submission.notices))
    assert (
        "left out 505 of its members because their paths lead outside"
        in notice_messages(submission.notices)[0]
    )
    assert before | {"jane.zip"} == {path.name for path in tmp_path.iterdir()}


def test_links_and_devices_in_a_tar_archive_are_refused(write: Write, find_one: FindOne) -> None:
    """Symbolic and hard links, pipes and devices are named, and never made."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in [
            ("fc_a.py", tarfile.SYMTYPE),
            ("hard.py", tarfile.LNKTYPE),
            ("pipe.py", tarfile.FIFOTYPE),
            ("disk.py", tarfile.BLKTYPE),
        ]:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        archive.addfile(tarfile.TarInfo("fc_b.py"))
    write("jane.tar", buffer.getvalue())

    submission = find_one("jane.tar")

    assert {"fc_b"} == submission.sources.keys()
    assert (
        "jane.tar: left out 2 of its members because links are not followed: fc_a.py and hard.py.",
        "jane.tar: left out 2 of its members because they are no files: pipe.py and disk.py.",
    ) == notice_messages(submission.notices)


def test_links_and_encrypted_members_in_a_zip_archive_are_refused(
    write: Write, find_one: FindOne
) -> None:
    """The notices say which and why."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("fc_a.py")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("fc_b.py", "b = 1")
        archive.writestr("cnn_a.py", "c = 1")
    raw = bytearray(buffer.getvalue())
    entry = raw.rindex(b"PK\x01\x02", 0, raw.rindex(b"cnn_a.py"))
    raw[entry + 8] |= 1
    write("jane.zip", bytes(raw))

    submission = find_one("jane.zip")

    assert {"fc_b"} == submission.sources.keys()
    assert {
        "jane.zip: left out 1 of its members because links are not followed: fc_a.py.",
        "jane.zip: left out 1 of its members because of a password: cnn_a.py.",
    } == set(notice_messages(submission.notices))


def test_the_later_of_two_members_with_one_path_counts(write: Write, find_one: FindOne) -> None:
    """As it does when an archive is unpacked."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("fc_a.py", "a = 1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("fc_a.py", "a = 2")
    write("jane.zip", buffer.getvalue())

    submission = find_one("jane.zip")

    assert b"a = 2" == submission.sources["fc_a"][0].code
    assert (
        "because later members have the same paths: fc_a.py."
        in notice_messages(submission.notices)[0]
    )


@pytest.mark.parametrize("pack", ["zipped", "tarred"])
def test_of_too_many_members_the_first_are_taken_and_every_part(
    pack: str, write: Write, find_one: FindOne, request: pytest.FixtureRequest
) -> None:
    """A part after thousands of other files is graded, and one notice says how many there were."""
    members = {**{f"{n}.txt": b"" for n in range(12_000)}, "fc_a.py": b"a = 1"}
    write("jane/exercises/fc_b.py")
    write("jane/work.zip", request.getfixturevalue(pack)(members))

    submission = find_one("jane")

    assert {"fc_a", "fc_b"} == submission.sources.keys()
    assert 1 == len(submission.notices)
    assert (
        "work.zip: left out 2,000 of its members because there are too many of them: 10000.txt, "
    ) in notice_messages(submission.notices)[0]


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz"])
def test_a_bomb_in_a_compressed_tar_archive_ends_the_reading(
    kind: str, write: Write, find_one: FindOne, tarred: Tarred, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is too large is not unpacked, not even to skip it; what came before is graded."""
    monkeypatch.setattr("grader.submissions.workspace._STUDENT_BYTES", 5_000_000)
    members = {"fc_a.py": b"a = 1", "bomb.bin": bytes(6_000_000), "fc_b.py": b"b = 1"}
    write("jane/work.dat", tarred(members, kind))
    write("jane/exercises/cnn_a.py")

    submission = find_one("jane")

    assert {"fc_a", "cnn_a"} == submission.sources.keys()
    assert ("work.dat could not be read to its end: it unpacks to more than is allowed.",) == (
        notice_messages(submission.notices)
    )


def test_an_archive_of_a_class_may_hold_more_than_that_of_a_student(
    write: Write, find: Find, zipped: Zipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path that the instructor gave is measured by another standard."""
    monkeypatch.setattr("grader.submissions.workspace._STUDENT_BYTES", 5_000_000)
    notebooks = {f"s{n}/work.ipynb": b" " * 1_000_000 for n in range(9)}
    write("class.zip", zipped({"a/fc_a.py": "a = 1", "z/fc_a.py": "a = 2", **notebooks}))

    found = find("class.zip")

    assert (11, ()) == (len(found.submissions), notice_messages(found.notices))


def test_a_header_that_claims_gigabytes_is_not_read(write: Write, find_one: FindOne) -> None:
    """Extended headers of tar archives are read at once, so their size is bounded."""
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 400_000_000
    part = tarfile.TarInfo("fc_a.py").tobuf()
    write("jane.tar", part + info.tobuf() + bytes(20_000_000))

    submission = find_one("jane.tar")

    assert {"fc_a"} == submission.sources.keys()
    assert "its table of contents is too large" in notice_messages(submission.notices)[0]


def test_a_header_with_a_negative_size_does_not_lead_round_in_a_circle(
    write: Write, find_one: FindOne
) -> None:
    """The member after it would be itself; the search ends all the same."""
    info = tarfile.TarInfo(".hidden.py")
    info.size = -512
    part = tarfile.TarInfo("fc_a.py").tobuf()
    write("jane.tar", part + info.tobuf(tarfile.GNU_FORMAT) + bytes(2048))

    submission = find_one("jane.tar")

    assert {"fc_a"} == submission.sources.keys()
    assert "could not be read to its end" in notice_messages(submission.notices)[0]


def test_a_member_far_larger_than_its_share_of_the_archive_is_refused(
    write: Write, find_one: FindOne, zipped: Zipped
) -> None:
    """An archive inside that shrank a thousandfold is not unpacked."""
    write("jane.zip", zipped({"fc_a.py": "a = 1", "bomb.zip": bytes(110_000_000)}))

    notices = notice_messages(find_one("jane.zip").notices)

    expected = (
        "jane.zip: left out 1 of its members because they unpack to far more than their size: "
        "bomb.zip."
    )

    assert (expected,) == notices


def test_nested_bombs_share_one_allowance(write: Write, find_one: FindOne, zipped: Zipped) -> None:
    """Ten archives of large notebooks each stop at the limit of the submission."""
    inner = zipped({f"{n}.ipynb": b" " * 90_000_000 for n in range(2)})
    write("jane.zip", zipped({"fc_a.py": b"", **{f"{n}.zip": inner for n in range(8)}}))

    submission = find_one("jane.zip")

    assert {"fc_a"} == submission.sources.keys()
    assert any(
        "unpacks to more than is allowed" in notice
        for notice in notice_messages(submission.notices)
    )


def test_damaged_members_do_not_harm_the_others(
    write: Write, find_one: FindOne, zipped: Zipped
) -> None:
    """A member with a wrong checksum is named; a cut archive too."""
    raw = bytearray(zipped({"fc_a.py": b"abcdefgh" * 8, "fc_b.py": b"b = 1"}))
    raw[raw.index(b"fc_a.py") + len("fc_a.py") + 2] ^= 0xFF
    write("jane.zip", bytes(raw))
    write("cut.zip", bytes(raw[:60]))

    damaged, cut = find_one("jane.zip"), find_one("cut.zip")

    assert {"fc_b"} == damaged.sources.keys()
    assert "damaged or packed in an unusual way: fc_a.py" in notice_messages(damaged.notices)[0]
    assert "cut.zip could not be read to its end: it is damaged" in notice_messages(cut.notices)[0]


def test_names_without_utf8_mark_and_terminal_codes_are_harmless(
    write: Write, find_one: FindOne, zipped: Zipped
) -> None:
    """Archives from a Mac say nothing of UTF-8 and use it; control characters are spelled out."""
    raw = zipped({"xxller/fc_a.py": "a = 1", "../\x1b[2J.py": ""})
    write("jane/exercises/fc_b.py")
    write("jane/w.zip", raw.replace(b"xxller", "Mü".encode() + b"ler"[:3]))

    submission = find_one("jane")

    assert ["w.zip/Müler/fc_a.py"] == [source.path for source in submission.sources["fc_a"]]
    assert all(notice.isprintable() for notice in notice_messages(submission.notices))


def test_office_documents_are_no_archives(write: Write, find_one: FindOne, zipped: Zipped) -> None:
    """They are zip files inside, and nobody means them to be opened."""
    write("jane/essay.docx", zipped({"fc_b.py": "b = 1"}))
    write("jane/fc_a.py")

    assert {"fc_a"} == find_one("jane").sources.keys()
