"""Finding: what a file is: Python and notebooks by name, archives by content."""

from __future__ import annotations

from enum import StrEnum

HEAD_BYTES = 512
MAX_SOURCE = 1024 * 1024
MAX_NOTEBOOK = 100 * 1024 * 1024
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
    MISNAMED = "misnamed"
    OTHER = "other"

    @property
    def is_archive(self) -> bool:
        """Whether it is meant as an archive, readable or not."""
        return self not in {Kind.PYTHON, Kind.NOTEBOOK, Kind.OTHER}


_MAGIC = {
    b"PK\x03\x04": Kind.ZIP,
    b"PK\x05\x06": Kind.ZIP,
    b"\x1f\x8b": Kind.GZIP,
    b"BZh": Kind.BZIP2,
    b"\xfd7zXZ\x00": Kind.XZ,
    b"7z\xbc\xaf\x27\x1c": Kind.SEVEN_ZIP,
    b"Rar!\x1a\x07": Kind.RAR,
}


def kind_of(name: str, head: bytes) -> Kind:
    """The kind of the file with this name and these first `HEAD_BYTES` bytes."""
    lowered = name.casefold()
    if lowered.endswith(".py"):
        return Kind.PYTHON
    if lowered.endswith(".ipynb"):
        return Kind.NOTEBOOK
    if lowered.endswith(_ZIP_DOCUMENTS):
        return Kind.OTHER
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
