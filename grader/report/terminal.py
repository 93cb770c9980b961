"""Telling: a grade as text for a terminal, 80 columns wide, coloured where the terminal is."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.text import Text

from grader import messages
from grader.records import Grade, Match, Part, PartGrade, Row
from grader.report import views
from grader.text import printable, printable_line

PLAIN_WIDTH = 80

_GAP = 3
_MIN_LAYER = 8
_INDENT = 5  # of what stands below a row: mark, number and a space
_MATCH_MARKS = {Match.SAME: " ", Match.DIFFERENT: "!", Match.MISSING: "-", Match.EXTRA: "+"}
_CHECK_MARKS = {
    views.Status.DONE: "+",
    views.Status.OPEN: "x",
    views.Status.IDLE: "-",
    views.Status.TROUBLE: "?",
}
_STYLES = {
    views.Status.DONE: "green",
    views.Status.OPEN: "yellow",
    views.Status.IDLE: "dim",
    views.Status.TROUBLE: "magenta",
}
_LEGEND = "> first difference   ! differs   - missing in yours   + only in yours"


def student_summary(grade: Grade, parts: Mapping[str, Part]) -> RenderableType:
    """Verdict, parts with their points, the first open part in detail, and one next step."""
    lines: list[RenderableType] = [Text(printable(messages.verdict(grade, parts)), style="bold")]
    lines += [part_line(part_grade, parts) for part_grade in grade.parts]
    open_part = next((p for p in grade.parts if views.status(p.outcome) is views.Status.OPEN), None)
    if open_part is not None:
        lines += [Text(), _part_head(open_part, parts), part_details(open_part)]
    step = Text.assemble(("Next: ", "bold"), printable(messages.next_step(grade, parts)))
    return Group(*lines, Text(), step)


def part_line(part_grade: PartGrade, parts: Mapping[str, Part]) -> Text:
    """A part's outcome, points and title in one line."""
    status = views.status(part_grade.outcome)
    title = parts[part_grade.part].title if part_grade.part in parts else ""
    points = f"{views.number(part_grade.score)} of {views.number(part_grade.max_score)}"
    word = messages.outcome_word(part_grade.outcome)
    line = Text(f"{_CHECK_MARKS[status]} {part_grade.part:7} ", style=_STYLES[status])
    line.append(f"{word:16}{points:>12}   ")
    line.append(printable_line(title), "dim")
    return line


def part_details(part_grade: PartGrade) -> RenderableType:
    """The checks of a part with their sentences, its table where that differs, what it printed."""
    lines: list[RenderableType] = []
    for check in part_grade.checks:
        status = views.status(check.outcome)
        mark, title = _CHECK_MARKS[status], messages.check_title(check.name, part_grade.target)
        word = messages.outcome_word(check.outcome)
        lines.append(Text(f"{mark} {title}: {word}", style=_STYLES[status]))
        if status in {views.Status.OPEN, views.Status.TROUBLE}:
            lines.append(Padding(Text(printable(check.message)), (0, 0, 0, 2)))
    if part_grade.rows and not views.is_as_table(part_grade):
        lines += [Text(), DifferenceTable(part_grade)]
    else:
        lines += [_hint(hint.message) for hint in part_grade.hints]
    if part_grade.output.strip():
        lines += [Text(), Text("It printed:", style="dim"), Text(printable(part_grade.output))]
    return Group(*lines)


@dataclass(frozen=True)
class DifferenceTable:
    """The rows of the table and of the submission side by side, hints below their rows.

    Fits the console's width by cutting layer names. Equal rows away from differences are folded.
    """

    part_grade: PartGrade

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        columns = _Columns.fitting(self.part_grade, options.max_width)
        yield columns.head()
        for segment in views.segments(self.part_grade):
            if segment.folded:
                yield Text(f"{'':{_INDENT}}… {len(segment.rows)} equal rows", style="dim")
                continue
            for row in segment.rows:
                yield columns.line(row)
                yield from (Padding(_hint(h.message), (0, 0, 0, _INDENT)) for h in row.hints)
        yield from _totals(self.part_grade)
        yield Text(_LEGEND, style="dim")
        yield from (_hint(hint.message) for hint in views.general_hints(self.part_grade))


def difference_table(
    part_grade: PartGrade, *, width: int = PLAIN_WIDTH, colour: bool = False
) -> str:
    """The table of differences as text of at most `width` columns, with ANSI colours if wanted."""
    return as_text(DifferenceTable(part_grade), width=width, colour=colour)


def as_text(renderable: RenderableType, *, width: int = PLAIN_WIDTH, colour: bool = False) -> str:
    """What a terminal of this width would show, for places that take only text."""
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colour,
        force_jupyter=False,  # in a notebook it would print, besides
        color_system="standard" if colour else None,
        highlight=False,
        _environ={},  # neither NO_COLOR nor COLUMNS of the surroundings: the caller has decided
    )
    with console.capture() as capture:
        console.print(renderable)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


@dataclass(frozen=True)
class _Columns:
    """Widths of layer, shape and parameters, the same on both sides."""

    layer: int
    shape: int
    params: int

    @classmethod
    def fitting(cls, part_grade: PartGrade, width: int) -> _Columns:
        rows = [r for a in part_grade.rows for r in (a.reference, a.submitted) if r is not None]
        shape = max(len(_shape(row)) for row in rows)
        params = max(len(_params(row)) for row in rows)
        layer = max(len(_layer(row)) for row in rows)
        room = (width - _INDENT - _GAP) // 2 - shape - params - 2
        return cls(max(_MIN_LAYER, min(layer, room)), shape, params)

    @property
    def side(self) -> int:
        return self.layer + self.shape + self.params + 2

    def head(self) -> Text:
        return Text(f"{'':{_INDENT}}{'table':{self.side}}{'':{_GAP}}yours", style="bold")

    def line(self, row: views.RowView) -> Text:
        aligned = row.aligned
        mark = (">" if row.is_first_difference else " ") + _MATCH_MARKS[aligned.match]
        text = Text(f"{mark}{row.number:>2} ", no_wrap=True, overflow="ignore")
        text.append_text(self._cells(aligned.reference, None, "not in the table"))
        text.append(" " * _GAP)
        text.append_text(self._cells(aligned.submitted, aligned.reference, "missing"))
        text.stylize("dim" if aligned.match is Match.SAME else "")
        text.stylize("bold yellow" if row.is_first_difference else "", 0, _INDENT)
        text.rstrip()
        return text

    def _cells(self, row: Row | None, other: Row | None, absent: str) -> Text:
        if row is None:
            return Text(f"{absent:{self.side}}", style="yellow")
        layer = _layer(row)
        if len(layer) > self.layer:
            layer = layer[: self.layer - 1] + "…"
        cells = Text()
        cells.append(f"{layer:{self.layer}}", _style(other is None or row.layer == other.layer))
        cells.append(" ")
        same_shape = other is None or row.shape == other.shape
        cells.append(f"{_shape(row):{self.shape}}", _style(same_shape))
        cells.append(" ")
        same_params = other is None or row.params == other.params
        cells.append(f"{_params(row):>{self.params}}", _style(same_params))
        return cells


def _part_head(part_grade: PartGrade, parts: Mapping[str, Part]) -> Text:
    title = parts[part_grade.part].title if part_grade.part in parts else ""
    return Text(printable_line(f"{part_grade.part}  {title}".rstrip()), style="bold")


def _totals(part_grade: PartGrade) -> Iterator[Text]:
    if part_grade.reference_totals == part_grade.submitted_totals:
        return
    for name, totals in (
        ("table", part_grade.reference_totals),
        ("yours", part_grade.submitted_totals),
    ):
        counts = (totals.total, totals.trainable, totals.non_trainable)
        total, trainable, frozen = map(views.number, counts)
        yield Text(
            f"{'':{_INDENT}}{name}: {total} parameters, "
            f"{trainable} trainable, {frozen} non-trainable"
        )


def _hint(message: str) -> Text:
    return Text.assemble(("Hint: ", "bold"), printable_line(message))


def _style(same: bool) -> str:  # noqa: FBT001 - private, and the name says it
    return "" if same else "yellow"


def _layer(row: Row) -> str:
    return printable_line(row.layer)


def _shape(row: Row) -> str:
    """The shape without its batch axis, in few columns: `48x48x32`."""
    if row.shape is None:
        return "?"
    return "x".join("?" if size is None else str(size) for size in row.shape[1:])


def _params(row: Row) -> str:
    return "?" if row.params is None else str(row.params)
