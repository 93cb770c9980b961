"""Finding: the further Python files beside a part that it may import by name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from grader.records import Notice
from grader.submissions.kinds import MAX_SOURCE, Kind
from grader.submissions.names import taken_apart
from grader.submissions.trees import File

MAX_HELPERS = 4 * 1024 * 1024
# Accents may stand behind their letters, and are no letters themselves. A name is no longer than a
# file's; a run of a million accents would take hours to be put in order.
_RUN = re.compile(r"[\w\x80-\U0010ffff]+")
_LONGEST_NAME = 255


@dataclass(frozen=True)
class Helpers:
    """Sources by module name, and notices on those that were left out."""

    sources: Mapping[str, bytes]
    notices: tuple[Notice, ...] = ()


def modules_in(files: Iterable[File], part_ids: Collection[str]) -> dict[str, File]:
    """The Python files of one folder by the name under which a part beside them imports them.

    Numbers of browser copies and prefixes of an LMS do not belong to it; the highest number
    counts, and a file that is called exactly like the module goes before all.
    """
    ranked: dict[str, tuple[bool, tuple[int, ...], File]] = {}
    for file in files:
        if file.kind is not Kind.PYTHON:
            continue
        plain = file.name.rpartition(".")[0]
        name = taken_apart(file.name, part_ids)
        is_part = name.stem in part_ids
        for module, exact in ((name.stem, False), (plain, not is_part)):
            key = unicodedata.normalize("NFKC", module)
            entry = (exact, name.copies, file)
            if key.isidentifier() and (key not in ranked or entry[:2] > ranked[key][:2]):
                ranked[key] = entry
    return {module: file for module, (_, _, file) in ranked.items()}


def helpers_for(part: str, code: bytes, shown: str, modules: Mapping[str, File]) -> Helpers:
    """Those modules whose names occur in the part's source, or in that of another such helper."""
    sources: dict[str, bytes] = {}
    left_out: list[str] = []
    waiting = [code]
    seen = {part}
    total = 0
    while waiting:
        for module in sorted((_words(waiting.pop()) & modules.keys()) - seen):
            seen.add(module)
            source = _read(modules[module])
            if source is None or len(source) > MAX_SOURCE or total + len(source) > MAX_HELPERS:
                left_out.append(modules[module].path)
                continue
            sources[module] = source
            total += len(source)
            waiting.append(source)
    if not left_out:
        return Helpers(sources)
    return Helpers(
        sources,
        (Notice("helpers", {"path": shown, "names": tuple(left_out), "most_bytes": MAX_HELPERS}),),
    )


def _words(code: bytes) -> set[str]:
    """The words of a source in the form in which Python compares names."""
    words: set[str] = set()
    for run in _RUN.findall(code.decode("utf-8", "replace")):
        if run.isascii():
            words.add(run)
        elif len(run) <= _LONGEST_NAME:
            words.update(re.findall(r"\w+", unicodedata.normalize("NFKC", run)))
    return words


def _read(file: File) -> bytes | None:
    try:
        return file.read(MAX_SOURCE + 1)
    except OSError:
        return None
