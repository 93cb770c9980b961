"""Finding: the candidates for each part in the files of one submission."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.records import Notice, Source
from grader.submissions.candidates import Candidate, resolved
from grader.submissions.helpers import helpers_for, modules_in
from grader.submissions.kinds import MAX_NOTEBOOK, MAX_SOURCE, Kind
from grader.submissions.names import looks_like, taken_apart
from grader.submissions.notebooks import Notebook, read_notebook
from grader.submissions.trees import File, Tree, file_at
from grader.submissions.wanted import Wanted
from grader.text import printable_name

# More than anyone has by accident; each may have megabytes of helpers.
_MAX_CANDIDATES = 20


@dataclass(frozen=True)
class FoundParts:
    """The candidates by part id, and the notices of the search."""

    sources: Mapping[str, tuple[Source, ...]]
    notices: tuple[Notice, ...]


def find_parts(tree: Tree, wanted: Wanted) -> FoundParts:
    """All candidates for the parts that are looked for; archives in the tree are opened already."""
    search = _Search(tree, wanted)
    for file in tree.files:
        search.read(file)
    sources: dict[str, tuple[Source, ...]] = {}
    notices = [*tree.notices, *search.notices]
    for part in wanted.part_ids:
        candidates = [c for c in search.candidates if c.source.part == part]
        if candidates:
            sources[part], said = resolved(part, candidates, wanted.stubs.get(part))
            notices += said
    notices += _near_misses(tree, wanted, sources)
    if not sources:
        notices.append(_nothing_found(tree, wanted, search.unmarked))
    return FoundParts(sources, tuple(notices))


def source_at(path: Path, part: str) -> Source:
    """The very file as the part's only candidate, with the modules beside it. Raises OSError."""
    beside = [file_at(file, file.name) for file in sorted(path.parent.glob("*.py"))]
    code = file_at(path, path.name).read(MAX_SOURCE + 1)
    helpers = helpers_for(part, code, path.name, modules_in(beside, (part,)))
    return Source(part, path.name, code, helpers.sources)


def parts_held(file: File, wanted: Wanted) -> frozenset[str]:
    """The ids of the parts that a Python file or notebook holds."""
    try:
        if file.kind is Kind.PYTHON:
            return frozenset({taken_apart(file.name, wanted.part_ids).stem} & set(wanted.part_ids))
        if file.kind is Kind.NOTEBOOK:
            return frozenset(marked.part for marked in _notebook(file, wanted).parts)
    except OSError:
        return frozenset()
    return frozenset()


class _Search:
    """The reading of a submission's files, one after the other."""

    def __init__(self, tree: Tree, wanted: Wanted) -> None:
        self._wanted = wanted
        self._beside: dict[str, list[File]] = {}
        for file in tree.files:
            self._beside.setdefault(file.folder, []).append(file)
        self._counts: Counter[str] = Counter()
        self.candidates: list[Candidate] = []
        self.notices: list[Notice] = []
        self.unmarked: list[str] = []

    def read(self, file: File) -> None:
        """Notes down what the file holds."""
        try:
            if file.kind is Kind.PYTHON:
                self._read_python(file)
            elif file.kind is Kind.NOTEBOOK:
                self._read_notebook(file)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self.notices.append(Notice("unreadable", {"path": file.path, "error": reason}))

    def _read_python(self, file: File) -> None:
        name = taken_apart(file.name, self._wanted.part_ids)
        if name.stem in self._wanted.part_ids:
            code = file.read(MAX_SOURCE + 1)
            self._add(file, Source(name.stem, printable_name(file.path), code))

    def _read_notebook(self, file: File) -> None:
        notebook = _notebook(file, self._wanted)
        self.notices += notebook.notices
        if not notebook.is_marked and not notebook.notices:
            self.unmarked.append(file.path)
        for marked in notebook.parts:
            shown = f"{printable_name(file.path)}, cell {marked.cell}"
            self._add(file, Source(marked.part, shown, marked.code))

    def _add(self, file: File, source: Source) -> None:
        self._counts[source.part] += 1
        if self._counts[source.part] > _MAX_CANDIDATES:
            if self._counts[source.part] == _MAX_CANDIDATES + 1:
                self.notices.append(
                    Notice("candidates", {"part": source.part, "most": _MAX_CANDIDATES})
                )
            return
        modules = modules_in(self._beside[file.folder], self._wanted.part_ids)
        helpers = helpers_for(source.part, source.code, source.path, modules)
        self.notices += helpers.notices
        name = taken_apart(file.name, self._wanted.part_ids)
        complete = Source(source.part, source.path, source.code, helpers.sources)
        group = (file.folder, f"{name.stem.casefold()}.{file.kind}")
        self.candidates.append(Candidate(complete, group, name.copies))


def _notebook(file: File, wanted: Wanted) -> Notebook:
    return read_notebook(file.read(MAX_NOTEBOOK + 1), file.path, wanted.part_ids)


def _near_misses(tree: Tree, wanted: Wanted, found: Mapping[str, object]) -> list[Notice]:
    """A notice for each part that was not found, while a file's name comes close."""
    paths = [f.path for f in tree.files if f.kind is Kind.PYTHON]
    paths += [path for path in tree.others if path.casefold().endswith(".txt")]
    notices = []
    for part in wanted.part_ids:
        close = tuple(path for path in paths if looks_like(part, path.rpartition("/")[2]))
        if close and part not in found:
            notices.append(Notice("near-miss", {"part": part, "names": close}))
    return notices


def _nothing_found(tree: Tree, wanted: Wanted, unmarked: list[str]) -> Notice:
    if unmarked:
        return Notice("no-marker", {"names": tuple(unmarked), "parts": tuple(wanted.part_ids)})
    paths = (*(f.path for f in tree.files), *tree.others)
    return Notice("no-part", {"names": paths, "parts": tuple(wanted.part_ids)})
