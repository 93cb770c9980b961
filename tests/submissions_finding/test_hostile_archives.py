"""Archives made to harm: the part beside them is found, in time, and they leave nothing behind."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from grader.messages import notice_messages
from grader.records import Submission

Write = Callable[..., Path]
FindOne = Callable[[str], Submission]
Zipped = Callable[[Mapping[str, bytes | str]], bytes]

PART = "fc_b.py"
MOST_SECONDS = 10.0  # most take a tenth of one


@pytest.fixture(autouse=True)
def _scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder for temporary files, which has to be empty again after each test."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert [] == list(folder.iterdir())


@pytest.fixture
def beside(write: Write, find_one: FindOne) -> Callable[[bytes], tuple[str, ...]]:
    """The notices on an archive that lies beside a part; the part has to be found, and soon."""

    def notices(archive: bytes) -> tuple[str, ...]:
        write("jane/exercises/fc_a.py", "a = 1")
        write("jane/work.zip", archive)
        started = time.process_time()
        submission = find_one("jane")
        assert time.process_time() - started < MOST_SECONDS
        assert b"a = 1" == submission.sources["fc_a"][0].code
        return notice_messages(submission.notices)

    return notices


Beside = Callable[[bytes], tuple[str, ...]]


def pax(kind: bytes, records: bytes) -> bytes:
    """An extended header, or a global one, before the next member of a tar archive."""
    info = tarfile.TarInfo("x")
    info.type, info.size = kind, len(records)
    return info.tobuf(tarfile.USTAR_FORMAT) + records + bytes(-len(records) % 512)


def record(key: str, value: str) -> bytes:
    """A record of an extended header, with its own length in front."""
    rest = f" {key}={value}\n".encode()
    length = len(rest) + 1
    while len(str(length)) + len(rest) != length:
        length += 1
    return str(length).encode() + rest


def member(name: str, content: bytes = b"b = 1") -> bytes:
    """A member of a tar archive."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    return info.tobuf() + content + bytes(-len(content) % 512)


def lying_zip(packed: bytes, method: int) -> bytes:
    """A zip archive whose only member says that it unpacks to ten bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(PART, packed)
    raw = bytearray(buffer.getvalue())
    central = raw.rindex(b"PK\x01\x02")
    for at, size_at in ((8, 22), (central + 10, central + 24)):
        struct.pack_into("<H", raw, at, method)
        struct.pack_into("<I", raw, size_at, 10)
    return bytes(raw)


@pytest.mark.parametrize(
    ("method", "compress"), [(12, bz2.compress), (14, lzma.compress)], ids=["bzip2", "lzma"]
)
def test_members_in_other_packings_are_not_opened(
    method: int, compress: Callable[[bytes], bytes], beside: Beside
) -> None:
    """A few bytes of them unpack to gigabytes at once, whatever size they claim."""
    notices = beside(lying_zip(compress(bytes(50_000_000)), method))

    assert 1 == len(notices)
    assert f"because they are damaged or packed in an unusual way: {PART}." in notices[0]


def test_a_deflated_bomb_that_claims_ten_bytes_gives_no_more(beside: Beside) -> None:
    """What a member is in truth ends where it says, and is then found to be broken."""
    packer = zlib.compressobj(9, 8, -15)
    packed = packer.compress(bytes(50_000_000)) + packer.flush()

    notices = beside(lying_zip(packed, zipfile.ZIP_DEFLATED))

    assert 1 == len(notices)
    assert "damaged" in notices[0]


@pytest.mark.parametrize(
    "archive",
    [
        pytest.param(
            b"".join(
                pax(b"g", b"".join(record(f"{a}_{b}", "1") for b in range(40_000)))
                for a in range(10)
            ),
            id="global headers",
        ),
        pytest.param(pax(b"x", record("path", "p" * 3_000_000)), id="one long header"),
        pytest.param(pax(b"x", record("a", "b")) * 5_000, id="headers of headers"),
        pytest.param(
            member("x").replace(b"\x000\x00ustar", b"\x00L\x00ustar") * 2, id="names of names"
        ),
        pytest.param(tarfile.TarInfo("__MACOSX/x").tobuf() * 100_000, id="hidden members"),
        pytest.param(
            pax(b"x", record("GNU.sparse.major", "1") + record("GNU.sparse.minor", "0"))
            + member(PART, b"999999999\n" + b"0\n" * 2_000_000),
            id="endless map of holes",
        ),
        pytest.param(pax(b"x", record("size", "-1024")) + member(PART), id="negative size"),
        pytest.param(pax(b"x", record("size", "9" * 18)) + member(PART), id="endless size"),
        pytest.param(pax(b"x", record("size", "9" * 5000)) + member(PART), id="endless number"),
        pytest.param(
            pax(b"x", b"99999999999 a=b\n") + member(PART), id="record longer than its header"
        ),
    ],
)
@pytest.mark.parametrize("packed", [bytes, gzip.compress], ids=["tar", "tar.gz"])
def test_headers_of_tar_archives_are_bounded(
    archive: bytes, packed: Callable[[bytes], bytes], beside: Beside
) -> None:
    """Headers that go on for ever, or lie, end the reading or lose a member; no more."""
    beside(packed(member("first.py") + archive + bytes(1024)))


@pytest.mark.parametrize("packed", [gzip.compress, bz2.compress, lzma.compress])
def test_streams_that_never_end_are_left(
    packed: Callable[[bytes], bytes], beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One member after another of the same few bytes, until the allowance is used up."""
    monkeypatch.setattr("grader.submissions.workspace._STUDENT_BYTES", 20_000_000)
    info = tarfile.TarInfo("endless.bin")
    info.size = 10**12

    notices = beside(packed(info.tobuf()) + packed(bytes(10_000_000)) * 10)

    assert (
        "work.zip could not be read to its end: it unpacks to more than is allowed.",
    ) == notices


@pytest.mark.parametrize(
    "names",
    [
        pytest.param([f"d{n}/x.py" for n in range(2_000)], id="many folders"),
        pytest.param([f"d{n}/pyvenv.cfg" for n in range(6_000)], id="many environments"),
        pytest.param([f"a{n}{' 1' * 120}.py" for n in range(2_000)], id="copies of copies"),
        pytest.param([f"a{n}{' - copy' * 30}.py" for n in range(2_000)], id="copies by hand"),
        pytest.param([f"{n}_{'1_' * 110}.py" for n in range(2_000)], id="prefixes"),
        pytest.param([f"{n}.zip" for n in range(2_000)], id="empty archives"),
        pytest.param([f"{n}{'́' * 110}.py" for n in range(2_000)], id="accents"),
    ],
)
def test_many_odd_names_take_seconds(
    names: list[str], zipped: Zipped, write: Write, find_one: FindOne
) -> None:
    """Alone and beside a part, ten thousand members are gone through once, not once for each."""
    write("alone.zip", zipped({**dict.fromkeys(names, b"x"), "fc_a.py": b"import x"}))
    started = time.process_time()

    submission = find_one("alone.zip")

    assert {"fc_a"} == submission.sources.keys()
    assert time.process_time() - started < MOST_SECONDS
    assert len(submission.notices) <= 51


def test_a_table_of_contents_of_millions_is_not_read(beside: Beside, zipped: Zipped) -> None:
    """It is refused by its size, before anything is made of its entries."""
    entry = b"PK\x01\x02" + bytes(24) + b"\x01" + bytes(17) + b"a"
    table = entry * 200_000
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 65535, 65535, len(table), 40, 0)

    notices = beside(zipped({"a": ""})[:40] + table + end)

    assert (
        "work.zip could not be read to its end: its table of contents is too large.",
    ) == notices


def overlapping(num_members: int) -> bytes:
    """A zip archive in which all members are the same bytes."""
    kernel = zipfile.ZipInfo("a")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(kernel, bytes(1_000_000), zipfile.ZIP_DEFLATED)
    raw = buffer.getvalue()
    start = raw.rindex(b"PK\x01\x02")
    end = raw.rindex(b"PK\x05\x06")
    table = b"".join(
        raw[start : start + 28]
        + struct.pack("<H", 7)
        + raw[start + 30 : start + 46]
        + f"{n:04}.py".encode()
        for n in range(num_members)
    )
    tail = struct.pack(
        "<4s4H2IH", b"PK\x05\x06", 0, 0, num_members, num_members, len(table), start, 0
    )
    assert end > start
    return raw[:start] + table + tail


def quine(zipped: Zipped) -> bytes:
    """Archives inside each other, deeper than anyone packs."""
    inner = zipped({PART: "b = 1"})
    for _ in range(20):
        inner = zipped({"r.zip": inner})
    return inner


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda raw, _: b"MZ" + bytes(100) + raw, id="prefix"),
        pytest.param(lambda raw, _: raw + bytes(70_000), id="long tail"),
        pytest.param(lambda raw, _: raw + b"tail", id="tail"),
        pytest.param(lambda raw, _: raw[: len(raw) // 2], id="half"),
        pytest.param(
            lambda raw, _: raw.replace(b"PK\x05\x06\0\0\0\0", b"PK\x05\x06\1\0\1\0"),
            id="second disk",
        ),
        pytest.param(
            lambda raw, _: raw.replace(b"PK\x01\x02\x14\x03\x14\0", b"PK\x01\x02\x14\x03\x63\0"),
            id="version 9.9",
        ),
        pytest.param(lambda raw, _: raw.replace(b"fc_b.py", b"fc_c.py", 1), id="two names"),
        pytest.param(lambda *_: overlapping(3_000), id="overlapping"),
        pytest.param(lambda _, zipped: quine(zipped), id="russian doll"),
    ],
)
def test_damaged_and_odd_zip_archives_are_named(
    damage: Callable[[bytes, Zipped], bytes], beside: Beside, zipped: Zipped
) -> None:
    """Whatever is wrong, a notice names the archive, or what could be read of it is read."""
    notices = beside(damage(zipped({PART: "b = 1"}), zipped))

    assert all("work.zip" in notice for notice in notices)


def test_sizes_of_zip64_are_read(beside: Beside) -> None:
    """An archive with the long form of sizes is read like any other."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open(PART, "w", force_zip64=True) as file:
        file.write(b"b = 1")

    assert () == beside(buffer.getvalue())


ODD_NAMES = {
    "cp437": "M\u00fcller/fc_b.py".encode("cp437"),
    "latin-1": "M\u00fcller/fc_b.py".encode("latin-1"),
    "utf-8 cut": b"M\xc3/fc_b.py",
    "nul": b"fc_b.py\0.txt",
    "newline": b"a\nb/fc_b.py",
    "escape": b"\x1b[2J/fc_b.py",
    "device": b"con/fc_b.py",
    "dots": b"./././fc_b.py",
}


@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES.keys())
@pytest.mark.parametrize("pack", ["zip", "tar"])
def test_parts_under_oddly_encoded_names_are_found(
    name: bytes, pack: str, zipped: Zipped, write: Write, find_one: FindOne
) -> None:
    """No name reaches the file system, so that none does harm; what is shown of it is clean."""
    stand_in = "x" * (len(name) - 7) + "fc_b.py" if b"\0" not in name else "fc_b.py_.txt"
    if pack == "zip":
        raw = zipped({stand_in: "b = 1"}).replace(stand_in.encode(), name)
    else:
        info = tarfile.TarInfo(name.decode("utf-8", "surrogateescape"))
        info.size = 5
        raw = info.tobuf(tarfile.GNU_FORMAT, errors="surrogateescape") + b"b = 1" + bytes(507)
    write("jane.zip", raw + (bytes(1024) if pack == "tar" else b""))

    submission = find_one("jane.zip")

    assert {"fc_b"} == submission.sources.keys()
    assert submission.sources["fc_b"][0].path.isprintable()


def test_names_that_differ_by_case_alone_are_two_files(
    zipped: Zipped, write: Write, find_one: FindOne
) -> None:
    """Neither silently wins: the part has two candidates."""
    write("jane.zip", zipped({"FC_A.py": "a = 1", "fc_a.py": "a = 2"}))

    paths = [source.path for source in find_one("jane.zip").sources["fc_a"]]

    assert ["FC_A.py", "fc_a.py"] == paths


def test_a_name_longer_than_any_file_system_takes_is_refused(
    zipped: Zipped, write: Write, find_one: FindOne
) -> None:
    """The rest of the archive is graded."""
    write(
        "jane.zip",
        zipped({"fc_a.py": "a = 1", f"{'n' * 256}/fc_b.py": "b", "d/" * 40 + "c.py": ""}),
    )

    submission = find_one("jane.zip")

    assert {"fc_a"} == submission.sources.keys()
    assert "left out 2 of its members" in notice_messages(submission.notices)[0]
