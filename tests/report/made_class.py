"""A class of invented students, any number of them, who stumble over what students stumble over.

Trainings are those of one right submission, as they were on the built-in faces (trainings.json,
in which `seconds` are of computing: the machine had other work to do). Other settings and seeds
are told by accuracies moved a little.
"""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import data
from grader import messages
from grader.records import (
    AlignedRow,
    Check,
    CheckName,
    DataFacts,
    Grade,
    Hint,
    Match,
    Outcome,
    Part,
    PartGrade,
    Row,
    Rule,
    Run,
    Student,
    Totals,
    Training,
)
from grader.records.encoding import decode
from grader.sheets import load_sheets

FIRST = (
    "Aino", "Amal", "Anna", "Bela", "Chidi", "Chloé", "Dario", "Elif", "Emre", "Fatima",
    "Greta", "Hana", "Ines", "Ivo", "Jonas", "Kaito", "Lena", "Liang", "Luca", "Maja",
    "Mira", "Nadia", "Noor", "Oskar", "Priya", "Rosa", "Sofie", "Tarek", "Tom", "Zoë",
)  # fmt: skip
LAST = (
    "Ahlgren", "Berg", "Cardoso", "Demir", "Eze", "Ferri", "Gruber", "Haddad", "Ito", "Jansen",
    "Klee", "Lind", "Moreau", "Novák", "Osei", "Park", "Quist", "Rossi", "Sato", "Tanaka",
    "Ueda", "Vasquez", "Wang", "Ximénez", "Yilmaz", "Zhou",
)  # fmt: skip
ANSWER = "On the training images it is nearly perfect, on the others it is not: it knows by heart."
SPREAD = 0.02  # between settings and seeds

Slip = Callable[[Part], PartGrade]


def made_class(num_students: int) -> Run:
    """A run of so many students, always the same ones."""
    chance = random.Random(8)  # noqa: S311 - nothing secret
    faces = data.load()
    names = sorted({f"{f} {n}" for f in FIRST for n in LAST})
    grades = [_student(name, chance) for name in sorted(_names(names, num_students, chance))]
    return Run(
        grader="0.1.0",
        data=DataFacts(faces.name, faces.sha256, faces.names),
        versions={"python": "3.12.1", "keras": "3.15.1", "tensorflow": "2.21.0"},
        sandbox="bubblewrap, Landlock and seccomp; nothing writable, no network",
        grades=tuple(sorted(_shared(grades), key=lambda grade: grade.submission)),
        missing=(Student("Ulla Weber", "204117"), Student("Piet van Dam", "204131")),
        started_at="2026-05-04T08:00:00+00:00",
    )


@functools.cache
def all_parts() -> dict[str, Part]:
    """The parts of the two sheets."""
    return {part.id: part for sheet in load_sheets() for part in sheet.parts}


@functools.cache
def trained(part: str, variant: int = 0) -> Training:
    """The training of a right network: as it was, or moved a little for another variant."""
    file = Path(__file__).with_name("trainings.json")
    training = decode(json.dumps(json.loads(file.read_text("utf-8"))[part]), Training)
    if variant == 0:
        return training
    moved = random.Random(f"{part} {variant}").gauss(0, SPREAD)  # noqa: S311 - as above
    accuracy = replace(
        training.accuracy,
        valid=round((training.accuracy.valid or 0) + moved, 4),
        test=round((training.accuracy.test or 0) + moved, 4),
    )
    return replace(training, key=f"{training.key[:48]}{variant:016d}", accuracy=accuracy)


def right(part: Part, variant: int = 0) -> PartGrade:
    """The network of the table, trained."""
    training = trained(part.id, variant)
    test, threshold = training.accuracy.test or 0.0, _threshold(part)
    total = part.reference.totals.total or 0
    sentences = {
        CheckName.LOADS: messages.loads_message(len(part.reference.rows)),
        CheckName.ARCHITECTURE: f"All {len(part.reference.rows)} rows and {total:,} parameters "
        "are those of the table.",
        CheckName.OUTPUT: "For each image it gives 8 probabilities that sum to 1.",
        CheckName.TRAINING: messages.training_message(training),
        CheckName.ACCURACY: messages.accuracy_message(part, test, threshold),
    }
    rows = tuple(AlignedRow(Match.SAME, row, row) for row in part.reference.rows)
    made = _graded(part, Outcome.PASSED, 5, sentences, rows, part.reference.totals)
    notes = ("Counts as the same: one layer has its activation as an argument.",)
    return replace(
        made,
        training=training,
        threshold=threshold,
        answer=ANSWER,
        notes=notes if variant % 2 else (),
        output="x_train (2000, 48, 48, 3)\n" if variant % 3 == 0 else "",
    )


def unpadded(part: Part) -> PartGrade:
    """The padding forgotten: each of the convolutions takes a border of one pixel away."""
    rows, size = [], 48
    for row in part.reference.rows:
        shape = row.shape or ()
        if row.layer == "Conv2D":
            size -= 2
        elif row.layer == "MaxPooling2D":
            size //= 2
        other = replace(row, shape=(None, size, size, shape[-1])) if len(shape) == 4 else row
        if row.layer == "Flatten":
            other = replace(row, shape=(None, size * size * 64))
        elif row.params == 1_843_400:
            other = replace(row, params=size * size * 64 * 200 + 200)
        rows.append(AlignedRow(Match.SAME if other == row else Match.DIFFERENT, row, other))
    hint = Hint(
        Rule.PADDING,
        1,
        "All 4 of your Conv2D have padding='valid', the table padding='same', which keeps the "
        "border: set padding='same'.",
    )
    return _different(part, rows, hint)


def forgetting(layer: str) -> Slip:
    """One layer of this type is missing, the first."""

    def slip(part: Part) -> PartGrade:
        place = next(i for i, row in enumerate(part.reference.rows) if row.layer == layer)
        rows = [AlignedRow(Match.SAME, row, row) for row in part.reference.rows]
        rows[place] = AlignedRow(Match.MISSING, part.reference.rows[place], None)
        before = part.reference.rows[place - 1]
        sentence = f"After {before.layer} the table has a {layer}, and your network does not: "
        return _different(
            part, rows, Hint(Rule.MISSING_LAYER, place + 1, f"{sentence}add keras.layers.{layer}.")
        )

    return slip


def other_units(part: Part) -> PartGrade:
    """The first Dense has half of its units."""
    rows = [AlignedRow(Match.SAME, row, row) for row in part.reference.rows]
    place = next(i for i, row in enumerate(part.reference.rows) if row.layer == "Dense")
    row = part.reference.rows[place]
    units = (row.shape or (None, 2))[-1] or 2
    other = Row("Dense", (None, units // 2), (row.params or 0) // 2)
    rows[place] = AlignedRow(Match.DIFFERENT, row, other)
    sentence = f"Your Dense has {units // 2} units, the table {units}: write Dense({units})."
    return _different(part, rows, Hint(Rule.UNITS, place + 1, sentence))


def late_normalization(part: Part) -> PartGrade:
    """The first BatchNormalization stands behind its activation."""
    rows = [AlignedRow(Match.SAME, row, row) for row in part.reference.rows]
    place = next(
        i for i, row in enumerate(part.reference.rows) if row.layer == "BatchNormalization"
    )
    first, second = part.reference.rows[place : place + 2]
    rows[place] = AlignedRow(Match.DIFFERENT, first, second)
    rows[place + 1] = AlignedRow(Match.DIFFERENT, second, first)
    sentence = "Your BatchNormalization stands after the Activation, the table's before it."
    return _different(part, rows, Hint(Rule.ORDER, place + 1, f"{sentence} Swap the two."))


def old_keras(part: Part) -> PartGrade:
    """The file imports what Keras no longer has."""
    message = (
        f"{part.id}.py, line 1: ModuleNotFoundError: No module named 'keras.layers.core'\n"
        "from keras.layers.core import Activation, Dense"
    )
    hint = Hint(
        Rule.OLD_KERAS,
        None,
        "keras.layers.core is a spelling of an older Keras; today it is keras.layers.",
    )
    made = _graded(part, Outcome.ERROR, 0, {CheckName.LOADS: message})
    return replace(made, hints=(hint,))


def endless(part: Part) -> PartGrade:
    """The file does not come to an end."""
    message = f"{part.id}.py was stopped after 20 s of computing."
    made = _graded(part, Outcome.TIMED_OUT, 0, {CheckName.LOADS: message})
    return replace(made, hints=(Hint(Rule.TIME_LIMIT, None, "Is there a loop that never ends?"),))


def untouched(part: Part) -> PartGrade:
    """The stub as it was handed out."""
    message = f"{part.id}.py is still as it was handed out."
    return _graded(part, Outcome.NOT_ATTEMPTED, 0, {CheckName.LOADS: message})


def _student(name: str, chance: random.Random) -> Grade:
    parts = list(all_parts().values())
    variant = 0 if chance.random() < 0.6 else chance.randrange(1, 9)
    graded = [right(part, variant) for part in parts]
    (kind,) = chance.choices(range(9), (48, 11, 8, 5, 5, 5, 13, 3, 6))
    notices: tuple[str, ...] = ()
    if kind == 1:
        graded[2:] = [unpadded(part) for part in parts[2:]]
    elif kind == 2:
        graded[3:] = [forgetting("Dropout")(part) for part in parts[3:]]
    elif kind == 3:
        graded[4] = forgetting("BatchNormalization")(parts[4])
    elif kind == 4:
        graded[1] = other_units(parts[1])
    elif kind == 5:
        graded = [old_keras(parts[0]), *[untouched(part) for part in parts[1:]]]
    elif kind == 6:
        first = chance.choice((0, 2, 3, 4))
        graded[first:] = [untouched(part) for part in parts[first:]]
    elif kind == 7:
        graded[3] = endless(parts[3])
        notices = ("cnn_a (1).py was taken for cnn_a.py.",)
    elif kind == 8:
        graded[4] = late_normalization(parts[4])
    return _grade(name, graded, notices)


def _grade(name: str, parts: Sequence[PartGrade], notices: tuple[str, ...]) -> Grade:
    last, first = reversed(name.lower().split(maxsplit=1))
    plain = f"{last}_{first}".encode("ascii", "ignore").decode()
    submission = plain.replace(" ", "_")
    return Grade(
        submission=submission,
        student=Student(name),
        score=round(sum(part.score for part in parts), 2),
        max_score=sum(part.max_score for part in parts),
        parts=tuple(parts),
        report=f"students/{submission}/index.html",
        notices=notices,
    )


def _names(names: Sequence[str], num: int, chance: random.Random) -> Iterator[str]:
    """So many names, with a number where there are more students than names."""
    for turn in range(num // len(names) + 1):
        some = chance.sample(names, min(len(names), num - turn * len(names)))
        yield from (f"{name} {turn + 1}" if turn else name for name in some)


def _shared(grades: Sequence[Grade]) -> Iterator[Grade]:
    for grade in grades:
        parts = (replace(p, shared_with=100) if p.training else p for p in grade.parts)
        yield replace(grade, parts=tuple(parts))


def _different(part: Part, rows: Sequence[AlignedRow], hint: Hint) -> PartGrade:
    total = sum(row.submitted.params or 0 for row in rows if row.submitted)
    same = sum(row.match is Match.SAME for row in rows)
    sentence = f"{same} of {len(rows)} rows match. The first difference is in row {hint.row}."
    sentences = {
        CheckName.LOADS: messages.loads_message(len(rows)),
        CheckName.ARCHITECTURE: sentence,
    }
    totals = Totals(total, total, 0)
    made = _graded(part, Outcome.FAILED, 1, sentences, tuple(rows), totals)
    # Half of the points, for the share of rows that match.
    partial = round(part.points[CheckName.ARCHITECTURE] / 2 * same / len(rows), 2)
    checks = tuple(
        replace(check, score=partial) if check.name is CheckName.ARCHITECTURE else check
        for check in made.checks
    )
    return replace(
        made,
        checks=checks,
        score=made.score + partial,
        hints=(hint,),
        answer="I am not sure yet what to expect.",
    )


def _graded(
    part: Part,
    outcome: Outcome,
    num_passed: int,
    sentences: dict[CheckName, str],
    rows: tuple[AlignedRow, ...] = (),
    totals: Totals | None = None,
) -> PartGrade:
    """A part of which so many checks have passed, and the next has this outcome."""
    outcomes = [Outcome.PASSED] * num_passed + [outcome] + [Outcome.SKIPPED] * len(CheckName)
    checks = tuple(
        Check(
            name=name,
            outcome=found,
            score=part.points[name] if found is Outcome.PASSED else 0.0,
            max_score=part.points[name],
            message=sentences.get(name, messages.skipped_message("not yet")),
        )
        for name, found in zip(CheckName, outcomes, strict=False)
    )
    made = PartGrade(
        part=part.id,
        outcome=outcome,
        score=sum(check.score for check in checks),
        max_score=sum(part.points.values()),
        checks=checks,
        rows=rows,
    )
    return replace(
        made,
        reference_totals=part.reference.totals if rows else made.reference_totals,
        submitted_totals=totals or made.submitted_totals,
    )


def _threshold(part: Part) -> float:
    """The sheet's threshold, or what one would be of the order of."""
    found = part.calibrations[0].threshold if part.calibrations else None
    return found or {"cnn_a": 0.6, "cnn_b": 0.62, "cnn_c": 0.62}[part.id]
