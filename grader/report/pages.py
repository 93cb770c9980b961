"""Telling: pages of HTML that hold all they need, from grades that are already decided."""

from __future__ import annotations

import functools
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import quote

import jinja2

from grader import messages
from grader.records import Grade, Match, Outcome, Part, PartGrade, Run
from grader.report import figures, steps, views
from grader.report.images import Album
from grader.report.templating import make_environment, style

_STYLE = "style.css"
_MAX_WRONG = 24
_NUM_SHOWN = 8  # of these, the others are folded away
_GLYPHS = {
    views.Status.DONE: "✓",
    views.Status.OPEN: "✗",
    views.Status.IDLE: "—",
    views.Status.TROUBLE: "?",
}
_MATCH_GLYPHS = {Match.SAME: "=", Match.DIFFERENT: "≠", Match.MISSING: "-", Match.EXTRA: "+"}
_TROUBLES = (Outcome.GRADER_ERROR, Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY)


def student_page(
    grade: Grade, run: Run, parts: Mapping[str, Part], album: Album | None = None
) -> str:
    """One student's page; without an album the wrong test images are a list of words.

    Of `run` only its facts are shown, so it may have been made before its grades.
    """
    trainings = [part.training for part in grade.parts if part.training is not None]
    compared = steps.steps(grade, parts)
    return _template("student.html").render(
        style=style(_STYLE),
        grade=grade,
        run=run,
        parts=parts,
        album=album,
        verdict=messages.verdict(grade, parts),
        next_step=messages.next_step(grade, parts),
        next_part=messages.next_part(grade),
        steps=compared,
        steps_verdict=_steps_verdict(compared),
        line=steps,
        settings=sorted({(training.seed, training.threads) for training in trainings}),
        frame=figures,
        max_wrong=_MAX_WRONG,
        num_shown=_NUM_SHOWN,
    )


def _steps_verdict(compared: Sequence[steps.Step]) -> str:
    tests = [step.accuracy.test or 0.0 for step in compared]
    return messages.steps_message([step.title for step in compared], tests) if compared else ""


def class_page(run: Run, parts: Mapping[str, Part]) -> str:
    """The page of a run: outcomes by part, what to look at, and a table of students with links."""
    tallies = _tallies(run)
    students = [(grade, [_part_of(grade, part_id) for part_id in tallies]) for grade in run.grades]
    seen = {outcome for counts in tallies.values() for outcome in counts}
    return _template("class.html").render(
        style=style(_STYLE),
        run=run,
        parts=parts,
        tallies=tallies,
        outcomes=[outcome for outcome in Outcome if outcome in seen],
        students=students,
        troubles=[(grade, found) for grade in run.grades if (found := _troubles(grade))],
        adjusted=[grade for grade in run.grades if grade.adjustments],
        late=[grade for grade in run.grades if grade.late],
        by_id={grade.submission: grade for grade in run.grades},
        median=statistics.median(g.score for g in run.grades) if run.grades else None,
    )


def _tallies(run: Run) -> dict[str, Counter[Outcome]]:
    tallies: dict[str, Counter[Outcome]] = {}
    for grade in run.grades:
        for part in grade.parts:
            tallies.setdefault(part.part, Counter())[part.outcome] += 1
    return tallies


def _part_of(grade: Grade, part_id: str) -> PartGrade | None:
    return next((part for part in grade.parts if part.part == part_id), None)


def _troubles(grade: Grade) -> list[str]:
    outcomes = [
        f"{part.part}: {messages.outcome_word(part.outcome)}."
        for part in grade.parts
        if part.outcome in _TROUBLES
    ]
    return [*outcomes, *grade.notices]


def _template(name: str) -> jinja2.Template:
    return _environment().get_template(name)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = make_environment()
    environment.filters |= {
        "adjustment": messages.adjustment_message,
        "address": quote,
        "deduction": messages.deduction_message,
        "mark": messages.mark_message,
        "again": messages.again_command,
        "difference": views.difference,
        "duration": messages.duration,
        "percent": views.percent,
        "surest": views.surest,
        "charts": figures.charts,
        "class_name": lambda label, names: views.class_name(names, label),
        "confusion": views.confusion,
        "general_hints": views.general_hints,
        "glyph": lambda outcome: _GLYPHS[views.status(outcome)],
        "keras_shape": views.keras_shape,
        "is_as_table": views.is_as_table,
        "match_glyph": _MATCH_GLYPHS.__getitem__,
        "number": views.number,
        "segments": views.segments,
        "share": views.share,
        "status": lambda outcome: views.status(outcome).value,
        "title_of": messages.check_title,
        "word": messages.outcome_word,
    }
    return environment
