"""Telling: pages of HTML that hold all they need, from grades that are already decided."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

import jinja2

from data.builtin import SHIPPED_SHA256
from grader import messages
from grader.records import DataFacts, Grade, Match, Outcome, Part, PartGrade, Run, Training
from grader.report import figures, needs, overview, steps, views
from grader.report.drawings import Drawings
from grader.report.templating import make_environment, script, style

_STYLE = "style.css"
_MAX_WRONG = 24
_NUM_SHOWN = 8  # of these and of troubles, the others are folded away
_GLYPHS = {
    views.Status.DONE: "✓",
    views.Status.OPEN: "✗",
    views.Status.IDLE: "—",
    views.Status.TROUBLE: "?",
}
_MATCH_GLYPHS = {Match.SAME: "=", Match.DIFFERENT: "≠", Match.MISSING: "-", Match.EXTRA: "+"}
_MOST_NAMED = 40  # of those who have something in common; the table can be filtered for the others


def student_page(
    grade: Grade, run: Run, parts: Mapping[str, Part], drawings: Drawings | None = None
) -> str:
    """One student's page; without test images the wrong ones are a list of words.

    Of `run` only its facts are shown, so it may have been made before its grades.
    """
    drawings = drawings or Drawings()
    trainings = [part.training for part in grade.parts if part.training is not None]
    compared = steps.steps(grade, parts)
    return template("student.html").render(
        style=style(_STYLE),
        grade=grade,
        run=run,
        parts=parts,
        drawings=drawings,
        album=drawings.album,
        verdict=messages.verdict(grade, parts),
        next_step=messages.next_step(grade, parts),
        next_part=messages.next_part(grade),
        steps=compared,
        steps_verdict=steps_verdict(compared),
        on_run_data=_on_run_data(grade),
        settings=sorted({(training.seed, training.threads) for training in trainings}),
    )


def _on_run_data(*grades: Grade) -> bool:
    """Whether the run's data set has anything to do with these grades."""
    trainings = [part.training for grade in grades for part in grade.parts if part.training]
    return not trainings or any(training.data is None for training in trainings)


def steps_verdict(compared: Sequence[steps.Step]) -> str:
    """What the networks brought, one over the other; empty where there is nothing to compare."""
    tests = [step.accuracy.test or 0.0 for step in compared]
    return messages.steps_message([step.title for step in compared], tests) if compared else ""


def class_page(run: Run, parts: Mapping[str, Part]) -> str:
    """The page of a run: the class at a glance, what to look at, and a table of its students."""
    run = replace(run, grades=tuple(sorted(run.grades, key=_by_name)))
    by_id = {grade.submission: grade for grade in run.grades}
    overviews = overview.parts_of(run)
    tops = {grade.max_score for grade in run.grades}
    return template("class.html").render(
        style=style(_STYLE, "class.css"),
        script=script("class.js"),
        run=run,
        parts=parts,
        totals=overview.totals(run),
        distribution=overview.distribution(run),
        overviews=overviews,
        needs=needs.needs_of(run.grades),
        hints=overview.hints_of(run),
        groups=overview.groups_of(run),
        students=[
            (grade, [_part_of(grade, view.part) for view in overviews], _rules(grade))
            for grade in run.grades
        ],
        outcomes=[o for o in Outcome if any(s.outcome is o for v in overviews for s in v.shares)],
        on_run_data=_on_run_data(*run.grades),
        max_score=tops.pop() if len(tops) == 1 else None,
        troubles=[(grade, found) for grade in run.grades if (found := _troubles(grade))],
        noticed=[grade for grade in run.grades if grade.notices and not overview.troubles(grade)],
        adjusted=[grade for grade in run.grades if grade.adjustments],
        late=[grade for grade in run.grades if grade.late],
        same_files=[
            (same.part, [by_id[one] for one in same.submissions]) for same in run.same_files
        ],
        by_id=by_id,
        most_named=_MOST_NAMED,
    )


def _by_name(grade: Grade) -> tuple[str, str]:
    return grade.student.name.casefold(), grade.submission


def _part_of(grade: Grade, part_id: str) -> PartGrade | None:
    return next((part for part in grade.parts if part.part == part_id), None)


def _rules(grade: Grade) -> list[str]:
    """The ids of the hints that anyone can look for, each once."""
    return list(dict.fromkeys(hint.rule.value for part in grade.parts for hint in part.hints))


def _troubles(grade: Grade) -> list[str]:
    """Limits that were met and trouble of the grader's, with what else was noticed there."""
    found = overview.troubles(grade)
    outcomes = [f"{part.part}: {messages.outcome_word(part.outcome)}." for part in found]
    return [*outcomes, *grade.notices] if found else []


def _again_command(part: Part, training: Training, data: DataFacts) -> str:
    is_found = training.data is not None or data.sha256 == SHIPPED_SHA256
    return messages.again_command(part, training.threads, names_data=not is_found)


def template(name: str) -> jinja2.Template:
    """A template of this package, with all that templates call."""
    return _environment().get_template(name)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = make_environment()
    environment.globals |= {
        "frame": figures,
        "line": steps,
        "max_wrong": _MAX_WRONG,
        "num_shown": _NUM_SHOWN,
    }
    environment.filters |= {
        "adjustment": messages.adjustment_message,
        "address": quote,
        "deduction": messages.deduction_message,
        "mark": messages.mark_message,
        "again": _again_command,
        "difference": views.difference,
        "duration": messages.duration,
        "percent": views.percent,
        "rule": messages.rule_title,
        "surest": views.surest,
        "charts": figures.charts,
        "class_name": lambda label, names: views.class_name(names, label),
        "class_names": views.class_names,
        "error": lambda value: "—" if value is None else messages.error_text(value),
        "example": messages.example_word,
        "figure": views.threshold_text,
        "measured": views.measured,
        "confusion": views.confusion,
        "general_hints": views.general_hints,
        "glyph": lambda outcome: _GLYPHS[views.status(outcome)],
        "keras_shape": views.keras_shape,
        "is_as_table": views.is_as_table,
        "match_glyph": _MATCH_GLYPHS.__getitem__,
        "notes": views.notes,
        "most_confused": views.most_confused,
        "number": views.number,
        "segments": views.segments,
        "sentence_and_lines": views.sentence_and_lines,
        "share": views.share,
        "status": lambda outcome: views.status(outcome).value,
        "title_of": messages.check_title,
        "word": messages.outcome_word,
    }
    return environment
