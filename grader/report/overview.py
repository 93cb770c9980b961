"""Telling: a class at a glance; its points, parts, hints and networks, counted and never judged."""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from grader import messages
from grader.records import Grade, Hint, Outcome, PartGrade, Rule, Run, Target
from grader.report.views import Status, percent, status

_MOST_BARS = 12
# How wide a bar may be, in points, times a power of ten.
_WIDTHS = (1.0, 2.0, 2.5, 5.0)
_MOST_GROUPS = 6  # of a part; of the others only their number is told

# A hint of these only says what to do about the sentence of the check above it.
_BELOW_CHECK = frozenset(
    {Rule.EXCEPTION, Rule.SYNTAX_ERROR, Rule.IMPORT_ERROR, Rule.BELOW_THRESHOLD, Rule.TIME_LIMIT}
)
_Told: TypeAlias = tuple[Grade, str, str]  # of whom, in which part, with which sentence


@dataclass(frozen=True)
class Totals:
    """What stands in the tiles; `points` is the median, `seconds` those of all trainings."""

    num_submissions: int
    num_done: int
    num_idle: int
    points: float | None
    max_points: float
    num_trainings: int
    num_results: int
    seconds: float


@dataclass(frozen=True)
class Bar:
    """So many submissions with points from `low` on; the last bar has those with all points, too.

    `height` is of a hundred, of the highest bar.
    """

    low: float
    high: float
    count: int
    height: float


@dataclass(frozen=True)
class Share:
    """How many submissions have this outcome in a part, and where they stand in a bar of 100."""

    outcome: Outcome
    count: int
    start: float
    width: float


@dataclass(frozen=True)
class Spot:
    """Submissions of one part that reached the same test accuracy."""

    accuracy: float
    count: int


@dataclass(frozen=True)
class PartOverview:
    """One part over the class: outcomes, and test accuracies from the lowest to the highest.

    Where an error is measured there are no such spots; `median` and `threshold` are errors then.
    """

    part: str
    shares: tuple[Share, ...]
    passed: float
    spots: tuple[Spot, ...]
    median: float | None
    threshold: float | None
    target: Target


@dataclass(frozen=True)
class HintOverview:
    """A cause that was recognised, how often in which part, the usual sentence, and for whom.

    The sentence is the hint's, or the check's where a hint only makes sense below that.
    """

    rule: Rule
    example: str
    by_part: tuple[tuple[str, int], ...]
    who: tuple[Grade, ...]


@dataclass(frozen=True)
class Group:
    """The submissions whose networks are the same in a part, and what came of one of them."""

    sample: PartGrade
    who: tuple[Grade, ...]


@dataclass(frozen=True)
class PartGroups:
    """The largest groups of a part, how many smaller ones there are, and their submissions."""

    part: str
    groups: tuple[Group, ...]
    num_more: int
    num_in_more: int


def totals(run: Run) -> Totals:
    """The class in a few numbers."""
    grades = run.grades
    trained = [part.training for grade in grades for part in grade.parts if part.training]
    different = {training.key: training for training in trained}
    return Totals(
        num_submissions=len(grades),
        num_done=sum(_all_are(grade, Outcome.PASSED) for grade in grades),
        num_idle=sum(_all_are(grade, Outcome.NOT_ATTEMPTED) for grade in grades),
        points=statistics.median(grade.score for grade in grades) if grades else None,
        max_points=max((grade.max_score for grade in grades), default=0.0),
        num_trainings=len(different),
        num_results=len(trained),
        seconds=sum(training.seconds for training in different.values()),
    )


def distribution(run: Run) -> tuple[Bar, ...]:
    """The submissions by their points, from none to all; empty where there are no points."""
    top = max((grade.max_score for grade in run.grades), default=0.0)
    if top <= 0:
        return ()
    width = _bar_width(top)
    num_bars = math.ceil(top / width)
    counts = Counter(min(int(grade.score / width), num_bars - 1) for grade in run.grades)
    highest = max(counts.values())
    return tuple(
        Bar(i * width, min((i + 1) * width, top), counts[i], percent(counts[i], highest))
        for i in range(num_bars)
    )


def parts_of(run: Run) -> tuple[PartOverview, ...]:
    """Every part that anyone has, in the order of the grades."""
    return tuple(_part(part, graded) for part, graded in _by_part(run).items())


def hints_of(run: Run) -> tuple[HintOverview, ...]:
    """The recognised causes, the most frequent first; nobody counts twice for one."""
    found: dict[Rule, list[_Told]] = defaultdict(list)
    for grade in run.grades:
        for part in grade.parts:
            for hint in part.hints:
                found[hint.rule].append((grade, part.part, _example(part, hint)))
    views = [_hint(rule, told) for rule, told in found.items()]
    return tuple(sorted(views, key=lambda view: (-len(view.who), view.rule)))


def groups_of(run: Run) -> tuple[PartGroups, ...]:
    """The parts in which two submissions or more have the same network, with those networks.

    Networks are the same when one training serves them, or without one when their rows are equal.
    """
    return tuple(
        groups for part, graded in _by_part(run).items() if (groups := _groups(part, graded)).groups
    )


def troubles(grade: Grade) -> tuple[PartGrade, ...]:
    """The parts that ran into a limit, or into trouble of the grader's."""
    return tuple(part for part in grade.parts if part.outcome.is_trouble)


def _bar_width(top: float) -> float:
    """The narrowest of the round widths that makes no more bars than fit."""
    power = 10.0 ** math.floor(math.log10(top / _MOST_BARS))
    widths = (power * width for width in (*_WIDTHS, 10.0))
    return next(width for width in widths if top / width <= _MOST_BARS)


def _by_part(run: Run) -> Mapping[str, list[tuple[Grade, PartGrade]]]:
    graded: dict[str, list[tuple[Grade, PartGrade]]] = {}
    for grade in run.grades:
        for part in grade.parts:
            graded.setdefault(part.part, []).append((grade, part))
    return graded


def _part(part_id: str, graded: Sequence[tuple[Grade, PartGrade]]) -> PartOverview:
    counts = Counter(part.outcome for _, part in graded)
    reached = [test for _, part in graded if (test := _test(part)) is not None]
    target = graded[0][1].target
    spots = [] if target.has_error else sorted(Counter(reached).items())
    return PartOverview(
        part=part_id,
        shares=tuple(_shares(counts)),
        passed=counts[Outcome.PASSED] / len(graded),
        spots=tuple(Spot(value, n) for value, n in spots),
        median=statistics.median(reached) if reached else None,
        threshold=next((p.threshold for _, p in graded if p.threshold is not None), None),
        target=target,
    )


def _shares(counts: Counter[Outcome]) -> Iterator[Share]:
    order = list(Status)
    total, start = counts.total(), 0.0
    for outcome in sorted(counts, key=lambda outcome: order.index(status(outcome))):
        width = 100 * counts[outcome] / total
        yield Share(outcome, counts[outcome], round(start, 2), round(width, 2))
        start += width


def _example(part: PartGrade, hint: Hint) -> str:
    check = messages.first_open_check(part)
    if check is None or hint.rule not in _BELOW_CHECK:
        return hint.message
    return check.message.partition("\n")[0]


def _hint(rule: Rule, told: Sequence[_Told]) -> HintOverview:
    who = {grade.submission: grade for grade, _, _ in told}
    by_part = Counter(part for _, part in {(grade.submission, part) for grade, part, _ in told})
    ((example, _),) = Counter(sentence for _, _, sentence in told).most_common(1)
    order = dict.fromkeys(part for grade in who.values() for part in _ids(grade))
    return HintOverview(
        rule=rule,
        example=example,
        by_part=tuple((part, by_part[part]) for part in order if by_part[part]),
        who=tuple(who.values()),
    )


def _groups(part_id: str, graded: Sequence[tuple[Grade, PartGrade]]) -> PartGroups:
    same: dict[object, list[tuple[Grade, PartGrade]]] = defaultdict(list)
    for grade, part in graded:
        if part.rows:
            same[_network(part)].append((grade, part))
    by_size = sorted(same.values(), key=len, reverse=True)
    several = [members for members in by_size if len(members) > 1]
    shown, rest = several[:_MOST_GROUPS], by_size[len(several[:_MOST_GROUPS]) :]
    groups = tuple(Group(m[0][1], tuple(grade for grade, _ in m)) for m in shown)
    return PartGroups(part_id, groups, len(rest), sum(map(len, rest)))


def _network(part: PartGrade) -> object:
    if part.training is not None:
        return part.training.key
    return tuple(row.submitted for row in part.rows), part.submitted_totals


def _test(part: PartGrade) -> float | None:
    test = None if part.training is None else part.target.measured(part.training).test
    return test if test is not None and math.isfinite(test) else None


def _all_are(grade: Grade, outcome: Outcome) -> bool:
    return bool(grade.parts) and all(part.outcome is outcome for part in grade.parts)


def _ids(grade: Grade) -> Iterable[str]:
    return (part.part for part in grade.parts)
