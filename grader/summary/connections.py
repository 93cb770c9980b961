"""Completes connections that columns cut, and tells layers apart whose names were cut alike.

Rows stand in the order of the network, and every layer feeds another one. Where a cut connection
may be to several layers, it is to the first of them that nothing takes yet: branches are printed
side by side, each in its turn. Where all of them are taken already it could be any.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from grader.errors import SummaryError
from grader.records import Row
from grader.summary.chains import is_commutative, may_feed, takes_several
from grader.summary.lines import PrintedRow, misread, shown

_WHOLE = re.compile(r"(?P<name>[^\[]+)(?P<use>\[\d+\]\[\d+\])")
# What a column leaves of a connection that it cuts; the first use of a layer is by far the usual.
_CUT = re.compile(r"(?P<name>[^\[]+)(?P<bracket>\[)?(?:\d+(?:\](?:\[\d?)?)?)?")

_NORMAL = "BatchNormalization"
_ACTIVATIONS = ("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU")
# So many of the rows above are looked at where a connection may be to any of them.
_MOST = 100


@dataclass(frozen=True)
class _Mention:
    """A connection as it was printed: the name in it, whether that was cut, and which use it is.

    `bracket`: of the use nothing but its bracket is left.
    """

    text: str
    name: str
    cut: bool
    use: str
    bracket: bool = False

    @property
    def key(self) -> str:
        """What tells mentions of other layers apart."""
        return f"{self.name}…" if self.cut else self.name

    def leading_to(self, name: str | None) -> str:
        """The connection with that name; as it was printed where there is no row for it."""
        if name is None:
            return f"{self.name}[0][0]" if self.bracket else self.text
        return f"{name}{self.use or '[0][0]'}"


@dataclass
class _Rows:
    """What is known of the rows while their connections are followed from the top."""

    rows: Sequence[PrintedRow]
    taken: dict[int, list[int]] = field(default_factory=dict)
    whole_names: dict[int, str] = field(default_factory=dict)
    by_text: dict[str, int] = field(default_factory=dict)
    groups: dict[str, list[int]] = field(default_factory=dict)
    first_free: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        outer = [i for i, printed in enumerate(self.rows) if printed.row.depth == 0]
        self._exact = {self.rows[i].row.name: i for i in outer if not self.rows[i].cut}
        self._cut: dict[str, list[int]] = {}
        for index in outer:
            if self.rows[index].cut:
                self._cut.setdefault(self.rows[index].row.name, []).append(index)
        self._sorted = sorted((self.rows[index].row.name, index) for index in outer)

    def tapped(self, source: int | None, mention: _Mention, index: int) -> _Mention:
        """The mention, once the row at `index` takes what `source` gives.

        Of a layer that is used several times it is the next use where the number was cut.
        """
        if source is None:
            return mention
        takers = self.taken.setdefault(source, [])
        takers.append(index)
        printed = self.rows[source].row
        uses = 1 if takes_several(printed.layer) else len(printed.connections)
        if mention.use or uses < len(takers):
            return mention
        return replace(mention, use=f"[{len(takers) - 1}][0]")

    def within_block(self, index: int) -> bool:
        """Whether the layer goes into a normalization, or is one that goes into an activation."""
        layers = {self.rows[taker].row.layer for taker in self.taken.get(index, ())}
        is_normal = self.rows[index].row.layer == _NORMAL
        return _NORMAL in layers or (is_normal and not layers.isdisjoint(_ACTIVATIONS))

    def group(self, mention: _Mention) -> list[int]:
        """Indices of the rows, in their order, that a mention may mean."""
        if mention.key not in self.groups:
            self.groups[mention.key] = self._group(mention.name, cut=mention.cut)
        return self.groups[mention.key]

    def _group(self, name: str, *, cut: bool) -> list[int]:
        if not cut and name in self._exact:
            return [self._exact[name]]
        found = [i for end in range(1, len(name) + 1) for i in self._cut.get(name[:end], ())]
        if cut:
            at = bisect_left(self._sorted, (name, 0))
            while at < len(self._sorted) and self._sorted[at][0].startswith(name):
                found.append(self._sorted[at][1])
                at += 1
        return sorted(set(found))


def with_whole_connections(rows: Sequence[PrintedRow]) -> tuple[PrintedRow, ...]:
    """The rows, each with a name of its own and with connections to these.

    Raises SummaryError where a connection that was cut may be to several layers.
    """
    known = _Rows(rows)
    sources = [_sources(known, index) for index in range(len(rows))]
    names = _names(known)
    return tuple(
        replace(
            printed,
            row=replace(
                printed.row,
                name=names[index],
                connections=tuple(
                    mention.leading_to(None if source is None else names[source])
                    for mention, source in sources[index]
                ),
            ),
        )
        for index, printed in enumerate(rows)
    )


def _sources(known: _Rows, index: int) -> list[tuple[_Mention, int | None]]:
    """The connections of a row, each with the row that it leads to."""
    printed = known.rows[index]
    mentions = [_mention(connection, printed) for connection in printed.row.connections]
    sources: dict[int, int | None] = {}
    # Those that are certain first: they tell what the others have to be.
    certain = sorted(range(len(mentions)), key=lambda at: len(known.group(mentions[at])) > 1)
    for at in certain:
        beside = [known.rows[one].row for one in sources.values() if one is not None]
        same = mentions.index(mentions[at])
        if same in sources and printed.row.layer.endswith("Attention"):
            # A sequence that attends to itself is mentioned several times.
            sources[at] = sources[same]
        else:
            sources[at] = _source(known, index, mentions[at], beside)
        if (found := sources[at]) is not None:
            known.taken.setdefault(found, [])
    _in_order(known, index, mentions, sources)
    for at, mention in enumerate(mentions):
        mentions[at] = known.tapped(sources[at], mention, index)
    return [(mention, sources[at]) for at, mention in enumerate(mentions)]


def _in_order(
    known: _Rows, index: int, mentions: Sequence[_Mention], sources: dict[int, int | None]
) -> None:
    """Of mentions that are cut alike the first is of the first layer.

    Raises SummaryError where that counts and one of the layers fed another one before.
    """
    alike: dict[str, list[int]] = {}
    for at, mention in enumerate(mentions):
        alike.setdefault(mention.key, []).append(at)
    for places in alike.values():
        found = sorted({source for at in places if (source := sources[at]) is not None})
        if len(found) < len(places) or len(found) == 1:
            continue
        fresh = all(not known.taken.get(source) for source in found)
        if not fresh and not is_commutative(known.rows[index].row.layer):
            raise _ambiguous(known, index, mentions[places[0]].name, found)
        sources.update(zip(places, found, strict=True))


def _mention(connection: str, printed: PrintedRow) -> _Mention:
    whole = _WHOLE.fullmatch(connection)
    match = whole or _CUT.fullmatch(connection)
    if match is None or printed.row.depth:
        return _Mention(connection, "", cut=False, use="")
    return _Mention(
        connection,
        match["name"],
        cut=not (whole or match["bracket"]),
        use=whole["use"] if whole else "",
        bracket=bool(match.groupdict().get("bracket")),
    )


def _source(known: _Rows, index: int, mention: _Mention, beside: Sequence[Row]) -> int | None:
    """The row above that is meant; None where there is none of that name."""
    if not mention.name:
        return None
    group = known.group(mention)
    if len(group) == 1 or (not mention.cut and mention.name in known.by_text):
        source = known.by_text.get(mention.name, group[0] if group else None)
        return source if source is not None and source < index else None
    source = _free(known, mention, index)
    if source is None:
        above = group[: bisect_left(group, index)]
        # Hardly anybody joins a layer with itself.
        others = [one for one in above[-_MOST:] if known.rows[one].row not in beside]
        left = _tapped_again(known, others, index, beside)
        if len(above) > 1 and len(left) != 1:
            raise _ambiguous(known, index, mention.name, left or above)
        source = left[0] if left else next(iter(above), None)
    if source is not None and not mention.cut:
        known.by_text[mention.name] = source
        known.whole_names[source] = mention.name
    return source


def _tapped_again(
    known: _Rows, above: Sequence[int], index: int, beside: Sequence[Row]
) -> list[int]:
    """Those of the rows that may feed this one, though they feed others already.

    What goes into a normalization, or from one into an activation, hardly ever goes elsewhere.
    """
    row = known.rows[index].row
    fitting = [one for one in above if may_feed(known.rows[one].row, row, beside)]
    if len(fitting) > 1:
        fitting = [one for one in fitting if not known.within_block(one)] or fitting
    return fitting


def _free(known: _Rows, mention: _Mention, index: int) -> int | None:
    """The first of those that may be meant that stands above and that nothing takes yet."""
    group, key = known.group(mention), mention.key
    at = known.first_free.get(key, 0)
    while at < len(group) and group[at] in known.taken:
        at += 1
    known.first_free[key] = at
    return group[at] if at < len(group) and group[at] < index else None


def _ambiguous(known: _Rows, index: int, name: str, above: Sequence[int]) -> SummaryError:
    lines = [str(known.rows[one].label.number) for one in above[:3]]
    return misread(
        known.rows[index].label,
        f"connections that can be told apart: {shown(name)} may be the layer of line "
        f"{' or '.join(lines)}; print the summary in a wider terminal, or with line_length=200",
    )


def _names(known: _Rows) -> list[str]:
    """A name for each row: its own, what a connection calls it, or its beginning and a number."""
    used = {printed.row.name for printed in known.rows if not printed.cut}
    names: list[str] = []
    for index, printed in enumerate(known.rows):
        name = known.whole_names.get(index, printed.row.name)
        if printed.cut and not printed.row.depth:
            stem, number = name, 2
            while name in used:
                name, number = f"{stem}_{number}", number + 1
            used.add(name)
        names.append(name)
    return names
