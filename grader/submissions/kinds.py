"""Finding: what a file is: Python and notebooks by name, archives by content."""

from __future__ import annotations

from enum import StrEnum

from grader.submissions.platforms import is_online_text

HEAD_BYTES = 512
MAX_SOURCE = 1024 * 1024
MAX_NOTEBOOK = 100 * 1024 * 1024
# A source in a page takes more than by itself: each blank may be written with six letters.
MAX_ONLINE_TEXT = 2 * 1024 * 1024
MAX_METADATA = 64 * 1024 * 1024
ACCEPTED = "zip, tar, tar.gz, tar.bz2 or tar.xz"

_ARCHIVE_SUFFIXES = (
    *(".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".tbz", ".tbz2", ".txz"),
    *(".tar", ".zip", ".7z", ".rar"),
)
# Formats that are zip files inside, and never hold a submission.
_ZIP_DOCUMENTS = (
    *(".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub"),
    *(".jar", ".whl", ".egg", ".apk", ".npz", ".keras", ".pt", ".pth"),
)
_PASSED_OVER_FOLDERS = frozenset({"__macosx", "__pycache__", "site-packages", "node_modules"})
# Gradescope's list of the submissions in an export.
_METADATA = "submission_metadata.yml"
_JUNK_FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})


class Kind(StrEnum):
    """What a file is to the search. MISNAMED is called like an archive and is none."""

    PYTHON = "Python file"
    NOTEBOOK = "notebook"
    ZIP = "zip"
    TAR = "tar"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    SEVEN_ZIP = "7z"
    RAR = "rar"
    ONLINE_TEXT = "online text"
    METADATA = "metadata"
    MISNAMED = "misnamed"
    OTHER = "other"

    @property
    def is_archive(self) -> bool:
        """Whether it is meant as an archive, readable or not."""
        return self not in _NO_ARCHIVES

    @property
    def is_handed_in(self) -> bool:
        """Whether it can be a submission by itself."""
        return self.is_archive or self in {Kind.PYTHON, Kind.NOTEBOOK}


_NAMED = {
    ".py": Kind.PYTHON,
    ".ipynb": Kind.NOTEBOOK,
    **dict.fromkeys(_ZIP_DOCUMENTS, Kind.OTHER),
}
_NO_ARCHIVES = {Kind.PYTHON, Kind.NOTEBOOK, Kind.OTHER, Kind.ONLINE_TEXT, Kind.METADATA}


_MAGIC = {
    b"PK\x03\x04": Kind.ZIP,
    b"PK\x05\x06": Kind.ZIP,
    b"\x1f\x8b": Kind.GZIP,
    b"BZh": Kind.BZIP2,
    b"\xfd7zXZ\x00": Kind.XZ,
    b"7z\xbc\xaf\x27\x1c": Kind.SEVEN_ZIP,
    b"Rar!\x1a\x07": Kind.RAR,
}


def kind_of(path: str, head: bytes) -> Kind:
    """The kind of the file at this path with these first `HEAD_BYTES` bytes."""
    above, _, name = path.rpartition("/")
    lowered = name.casefold()
    for suffix, kind in _NAMED.items():
        if lowered.endswith(suffix):
            return kind
    if lowered == _METADATA:
        return Kind.METADATA
    if is_online_text(above.rpartition("/")[2], name):
        return Kind.ONLINE_TEXT
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    if is_tar_header(head):
        return Kind.TAR
    return Kind.MISNAMED if names_archive(name) else Kind.OTHER


def is_source(name: str) -> bool:
    """Whether the name is that of a Python file or notebook."""
    return kind_of(name, b"") in {Kind.PYTHON, Kind.NOTEBOOK}


def is_tar_header(head: bytes) -> bool:
    """Whether 512 bytes carry a tar header's checksum; old tars have no other mark."""
    if len(head) < HEAD_BYTES:
        return False
    said = head[148:156].strip(b" \0")
    if not said or not set(said) <= set(b"01234567"):
        return False
    return int(said, 8) == sum(head[:148]) + sum(head[156:512]) + 8 * ord(" ")


def names_archive(name: str) -> bool:
    """Whether the name ends as those of archives do."""
    return name.casefold().endswith(_ARCHIVE_SUFFIXES)


def bare_name(name: str) -> str:
    """The name without the ending of an archive, Python file or notebook."""
    for suffix in (*_ARCHIVE_SUFFIXES, ".ipynb", ".py"):
        if name.casefold().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def is_passed_over(folder_name: str) -> bool:
    """Whether a folder with this name never holds a student's work."""
    return folder_name.startswith(".") or folder_name.casefold() in _PASSED_OVER_FOLDERS


def is_junk(file_name: str) -> bool:
    """Whether a file with this name is hidden or was left there by a system or an editor."""
    return file_name.startswith((".", "~$")) or file_name.casefold() in _JUNK_FILES
