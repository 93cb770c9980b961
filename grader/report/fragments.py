"""Telling: pieces of the page for the output of a notebook's cell, each with the styles it needs.

They keep to themselves: neither do their styles reach the notebook, nor those of Jupyter, VS Code
or Colab them.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from grader.records import (
    Grade,
    History,
    Outcome,
    Part,
    PartGrade,
    Progress,
    Run,
    Splits,
    Training,
)
from grader.report import figures, pages, steps
from grader.report.drawings import Drawings
from grader.report.templating import style
from grader.report.terminal import as_text, part_details, part_line

_SCOPE = "eight-faces"
# With an id in it, if one that no element has: these rules are to outweigh all around them.
_SELECTOR = f".{_SCOPE}:not(#none)"
# How JupyterLab, VS Code and Colab say that their theme is dark; the system's may be another.
_IS_DARK = ':is([data-jp-theme-light="false"], .vscode-dark, .vscode-high-contrast, [theme="dark"])'
_FROM_PAGE = (
    ("@media screen and (prefers-color-scheme: dark) {", f"{_IS_DARK} & {{"),
    (":root", "&"),
    ("\nhtml {", "\n& {"),
)


@dataclass(frozen=True)
class Fragment:
    """The same as HTML and, where none can be shown, as plain text."""

    html: str
    text: str


def part_fragment(
    part_grade: PartGrade,
    run: Run,
    parts: Mapping[str, Part],
    lines: Sequence[str],
    drawings: Drawings,
) -> Fragment:
    """What the page shows of a part, and then the `lines`."""
    html = _rendered(
        "part",
        part=part_grade,
        run=run,
        parts=parts,
        lines=lines,
        drawings=drawings,
        album=drawings.album,
    )
    told = as_text(part_line(part_grade, parts)), as_text(part_details(part_grade)), *lines
    return Fragment(html, "\n".join(told))


def live_fragment(
    part: Part, threshold: float | None, epochs: Sequence[Progress], said: str
) -> Fragment:
    """A training under way: the curves so far in the frame of all epochs, and what is `said`."""
    charts = [
        replace(chart, words=f"{chart.title} after {len(epochs)} epochs", best=None)
        for chart in figures.charts(_so_far(part, threshold, epochs))
    ]
    html = _rendered("live", part=part, said=said, done=len(epochs), charts=charts)
    return Fragment(html, said)


def comparison_fragment(grade: Grade, parts: Mapping[str, Part]) -> Fragment:
    """The parts of the grade in a table, their curves, and what each network brought."""
    curves = [
        replace(chart, title=f"{part_grade.part}: {chart.title.lower()}")
        for part_grade in grade.parts
        for chart in figures.charts(part_grade)[:1]
    ]
    html = _rendered(
        "comparison",
        given=grade.parts,
        parts=parts,
        curves=curves,
        steps=(compared := steps.steps(grade, parts)),
        steps_verdict=pages.steps_verdict(compared),
    )
    lines = [as_text(part_line(part_grade, parts)) for part_grade in grade.parts]
    return Fragment(html, "\n".join(lines))


def _rendered(kind: str, **values: object) -> str:
    return pages.template(f"fragment_{kind}.html").render(
        is_fragment=True,
        scope=_SCOPE,
        style=_style(),
        **values,
    )


@functools.cache
def _style() -> Markup:
    """The page's styles for what stands inside a fragment, light or dark as the notebook is."""
    text = str(style("notebook.css", "style.css").text)
    for of_page, of_fragment in _FROM_PAGE:
        text = text.replace(of_page, of_fragment)
    return Markup(f"{_SELECTOR} {{\n{text}}}")  # noqa: S704 - the project's own file


def _so_far(part: Part, threshold: float | None, epochs: Sequence[Progress]) -> PartGrade:
    """The part with a training of which these epochs are finished, and the others still to come."""
    to_come = (math.nan,) * (part.protocol.epochs - len(epochs))
    accuracy = [epoch.accuracy for epoch in epochs if epoch.accuracy is not None]
    valid = [epoch.val_accuracy for epoch in epochs if epoch.val_accuracy is not None]
    history = History(
        loss=(*(epoch.loss for epoch in epochs), *to_come),
        accuracy=(*accuracy, *to_come) if len(accuracy) == len(epochs) else (),
        val_accuracy=(*valid, *to_come) if len(valid) == len(epochs) else (),
    )
    none = Splits(None, None, None)
    training = Training(
        key="",
        outcome=Outcome.SKIPPED,
        accuracy=none,
        loss=none,
        epochs=len(epochs),
        seconds=0.0,
        cpu_seconds=0.0,
        seed=part.protocol.seed,
        threads=0,
        history=history if epochs else History(),
    )
    return PartGrade(
        part.id,
        Outcome.SKIPPED,
        0.0,
        0.0,
        (),
        training=training,
        threshold=threshold,
        target=part.target,
    )
