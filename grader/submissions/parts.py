"""Finding: the candidates for each part in the files of one submission."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grader.records import Notice, Source
from grader.submissions.candidates import Candidate, resolved
from grader.submissions.helpers import helpers_for, modules_in
from grader.submissions.kinds import MAX_NOTEBOOK, MAX_ONLINE_TEXT, MAX_SOURCE, Kind
from grader.submissions.names import looks_like, taken_apart
from grader.submissions.notebooks import Notebook, read_notebook
from grader.submissions.onlinetexts import read_online_text
from grader.submissions.trees import File, Tree, file_at
from grader.submissions.wanted import Wanted
from grader.text import printable_name

# More than anyone has by accident; each may have megabytes of helpers.
_MAX_CANDIDATES = 20
_MAX_BYTES = 32 * 1024 * 1024
# Of all notebooks together. Even an empty one counts as five megabytes, so that a hundred are read.
_MAX_NOTEBOOK_BYTES = 500 * 1024 * 1024
_LEAST_NOTEBOOK_BYTES = 5 * 1024 * 1024
_MAX_NOTICES = 50


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
    if search.passed_over:
        notices.append(Notice("too-much", {"names": tuple(search.passed_over)}))
    for part in wanted.part_ids:
        candidates = [c for c in search.candidates if c.source.part == part]
        if candidates:
            sources[part], said = resolved(part, candidates, wanted.stubs.get(part))
            notices += said
    notices += _near_misses(tree, wanted, sources)
    if not sources:
        notices.append(_nothing_found(tree, wanted, search.unmarked))
    more = len(notices) - _MAX_NOTICES
    if more > 0:
        notices[_MAX_NOTICES - 1 : -1] = [Notice("more", {"more": more})]
    return FoundParts(sources, tuple(notices))


def source_at(path: Path, part: str) -> Source:
    """The very file as the part's only candidate, with the modules beside it. Raises OSError."""
    code = file_at(path.resolve(), path.name).read(MAX_SOURCE + 1)
    return source_in(path.parent, part, path.name, code)


def source_in(folder: Path, part: str, shown: str, code: bytes) -> Source:
    """The code as the part's only candidate, with the modules that lie in the folder.

    `shown` is what the student would recognise it by. Raises OSError.
    """
    beside = [
        file_at(file.resolve(), file.name) for file in sorted(folder.glob("*.py")) if file.is_file()
    ]
    helpers = helpers_for(part, code, shown, modules_in(beside, (part,)))
    return Source(part, shown, code, helpers.sources)


def parts_held(files: Iterable[File], wanted: Wanted) -> frozenset[str]:
    """The ids of the parts that Python files and notebooks hold."""
    notebooks = _Notebooks(wanted)
    held: set[str] = set()
    for file in files:
        if file.kind is Kind.PYTHON:
            held.add(taken_apart(file.name, wanted.part_ids).stem)
        elif file.kind is Kind.NOTEBOOK:
            with suppress(OSError):
                found = notebooks.read(file)
                held.update(marked.part for marked in (found.parts if found else ()))
    return frozenset(held & set(wanted.part_ids))


class _Notebooks:
    """The reading of several notebooks, up to an amount that nobody reaches by accident."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._bytes_left = _MAX_NOTEBOOK_BYTES

    def read(self, file: File) -> Notebook | None:
        """What the notebook holds; None for those that are too many. Raises OSError."""
        if self._bytes_left < _LEAST_NOTEBOOK_BYTES:
            return None
        content = file.read(MAX_NOTEBOOK + 1)
        self._bytes_left -= max(len(content), _LEAST_NOTEBOOK_BYTES)
        return read_notebook(content, file.path, self._wanted.part_ids)


class _Search:
    """The reading of a submission's files, one after the other."""

    def __init__(self, tree: Tree, wanted: Wanted) -> None:
        self._wanted = wanted
        self._folders: dict[str, list[File]] = {}
        for file in tree.files:
            self._folders.setdefault(file.folder, []).append(file)
        self._modules: dict[str, dict[str, File]] = {}
        self._notebooks = _Notebooks(wanted)
        self._counts: Counter[str] = Counter()
        self._bytes_left = _MAX_BYTES
        self.candidates: list[Candidate] = []
        self.notices: list[Notice] = []
        self.unmarked: list[str] = []
        self.passed_over: list[str] = []

    def read(self, file: File) -> None:
        """Notes down what the file holds."""
        try:
            if file.kind is Kind.PYTHON:
                self._read_python(file)
            elif file.kind is Kind.NOTEBOOK:
                self._read_notebook(file)
            elif file.kind is Kind.ONLINE_TEXT:
                self._read_online_text(file)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self.notices.append(Notice("unreadable", {"path": file.path, "error": reason}))

    def _read_python(self, file: File) -> None:
        name = taken_apart(file.name, self._wanted.part_ids)
        if name.stem in self._wanted.part_ids:
            code = file.read(MAX_SOURCE + 1)
            self._add(file, Source(name.stem, printable_name(file.path), code))

    def _read_notebook(self, file: File) -> None:
        notebook = self._notebooks.read(file)
        if notebook is None:
            self.passed_over.append(file.path)
            return
        self.notices += notebook.notices
        if not notebook.is_marked and not notebook.notices:
            self.unmarked.append(file.path)
        for marked in notebook.parts:
            shown = f"{printable_name(file.path)}, cell {marked.cell}"
            self._add(file, Source(marked.part, shown, marked.code))

    def _read_online_text(self, file: File) -> None:
        content = file.read(MAX_ONLINE_TEXT + 1)
        text = read_online_text(content, file.path, self._wanted.part_ids)
        self.notices += text.notices
        for marked in text.parts:
            self._add(file, Source(marked.part, printable_name(file.path), marked.code))

    def _beside(self, file: File) -> Mapping[str, File]:
        """The modules in the file's folder, by name."""
        if file.folder not in self._modules:
            beside = self._folders[file.folder]
            self._modules[file.folder] = modules_in(beside, self._wanted.part_ids)
        return self._modules[file.folder]

    def _add(self, file: File, source: Source) -> None:
        self._counts[source.part] += 1
        if self._counts[source.part] > _MAX_CANDIDATES:
            if self._counts[source.part] == _MAX_CANDIDATES + 1:
                self.notices.append(
                    Notice("candidates", {"part": source.part, "most": _MAX_CANDIDATES})
                )
            return
        helpers = helpers_for(source.part, source.code, source.path, self._beside(file))
        self.notices += helpers.notices
        name = taken_apart(file.name, self._wanted.part_ids)
        complete = Source(source.part, source.path, source.code, helpers.sources)
        self._bytes_left -= len(source.code) + sum(map(len, helpers.sources.values()))
        if self._bytes_left < 0:
            self.passed_over.append(file.path)
            return
        group = (file.folder, f"{name.stem.casefold()}.{file.kind}")
        self.candidates.append(Candidate(complete, group, (name.copies, name.upload)))


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
