"""Finding: what names tell: ids of submissions, parts in files, copies by browsers and LMSs."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from types import MappingProxyType

from grader.submissions.platforms import file_label

_MAX_ID = 80
_HASH_DIGITS = 7
# A copy of a copy of a copy: nobody has more.
_MAX_COPIES = 8
# Longer than " (another kopie)".
_LONGEST_TAIL = 20
_SAFE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?")
# The x is no hexadecimal digit: hardly any name ends like this by itself, as with a student number.
_HASHED = re.compile(rf"_x[0-9a-f]{{{_HASH_DIGITS}}}$")
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_NONE_KNOWN: Mapping[str, str] = MappingProxyType({})
# Windows takes these for devices, whatever the case and with any ending.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)

# Chrome, Edge and Firefox, then Canvas and Safari, then a second download on a Mac.
_NUMBERED = re.compile(r"(?<=\S)(?:[ _]?\(([0-9]{1,6})\)| ?- ?([0-9]{1,6})| ([0-9]{1,6}))\Z")
# Copies made by hand in a file manager: not known to be newer than the original.
_BY_HAND = re.compile(
    r"(?<=\S)(?:(?: ?- ?| )(?:copy|kopie|copie|copia)| \((?:another )?(?:copy|kopie)\))\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FileName:
    """A file's name: what an LMS put in front, the stem, and the numbers behind, `copies`.

    `owner` says whose it is, if an LMS said so, and `upload` which of the owner's uploads, as far
    as it counts them.
    """

    stem: str
    copies: tuple[int, ...]
    owner: str = ""
    upload: int = 0


def taken_apart(name: str, part_ids: Collection[str] = ()) -> FileName:
    """A file's name in its pieces: `fc_a (1).py` has the stem `fc_a` and the copies (1,).

    A part's id, in whatever case, is not taken apart further, and is given as it is spelled in
    `part_ids`.
    """
    known = {part.casefold(): part for part in part_ids}
    label = file_label(name)
    stem = (label.file if label else name).rpartition(".")[0].strip()
    copies: list[int] = []
    for _ in range(_MAX_COPIES):
        tail = max(len(stem) - _LONGEST_TAIL, 0)
        match = _NUMBERED.search(stem, tail) or _BY_HAND.search(stem, tail)
        if match is None or stem.casefold() in known:
            break
        if match.re is _NUMBERED:
            copies.insert(0, int(match[1] or match[2] or match[3]))
        stem = stem[: match.start()]
    found = known.get(stem.casefold(), stem)
    if label is None:
        return FileName(found, tuple(copies))
    return FileName(found, tuple(copies), label.owner, label.upload)


def looks_like(part: str, name: str) -> bool:
    """Whether a file's name holds the part's id, loosely: `my-fc a (final).py.txt` for `fc_a`."""
    loose = r"[\W_]*".join(map(re.escape, part.casefold().split("_")))
    return re.search(rf"(?<![^\W_]){loose}(?![^\W_])", name.casefold()) is not None


def submission_ids(
    names: Sequence[tuple[str, str]], known: Mapping[str, str] = _NONE_KNOWN
) -> tuple[str, ...]:
    """Ids for pairs of true name and place: safe as names of files, whatever the system.

    A name that is safe is its own id; any other gets a hash of the true name, so that ids do not
    depend on who else handed in. Only of names that are equal but for the case, all but one get a
    hash too, and of wholly equal names a hash of the place. What lies at a place that is `known`
    keeps the id that it has there.
    """
    ids = [known.get(place) or _id_of(name) for name, place in names]
    order = sorted(range(len(names)), key=lambda i: (ids[i] != names[i][0], names[i]))
    taken = {ids[i].casefold() for i in order if names[i][1] in known}
    for i in (i for i in order if names[i][1] not in known):
        name, place = names[i]
        truths = chain([name, place], (f"{place}\n{n}" for n in count()))
        attempts = chain([ids[i]], (_hashed(name, truth) for truth in truths))
        ids[i] = next(attempt for attempt in attempts if attempt.casefold() not in taken)
        taken.add(ids[i].casefold())
    return tuple(ids)


def student_name(name: str) -> str:
    """The name as it was; bytes that were no UTF-8 are taken for Windows' western code page."""
    try:
        raw = name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return name.encode("utf-8", "replace").decode("utf-8")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _id_of(name: str) -> str:
    plain = _SAFE.fullmatch(name) and not _RESERVED.fullmatch(name)
    if plain and len(name) <= _MAX_ID and not _HASHED.search(name):
        return name
    return _hashed(name, name)


def _hashed(name: str, truth: str) -> str:
    digest = hashlib.sha256(truth.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_DIGITS]
    letters = unicodedata.normalize("NFKD", name)
    ascii_only = "".join(c for c in letters if not unicodedata.combining(c))
    stem = _UNSAFE.sub("_", ascii_only).strip("_-")[: _MAX_ID - _HASH_DIGITS - 2].rstrip("_-")
    return f"{stem or 'submission'}_x{digest}"
