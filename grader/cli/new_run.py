"""Face of the program: what `grader new` does, from the pasted text to written files."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from data import load
from grader.authoring.code import shape_code
from grader.authoring.files import NewPart, part_files, sheet_toml, solution_source
from grader.authoring.making import Made, make
from grader.authoring.solving import Solved
from grader.cli.files import near
from grader.compare.infer import Settings
from grader.errors import GraderError, UsageError
from grader.files import write_atomically
from grader.grading import examine
from grader.messages.words import joined
from grader.records import CheckName, Part, Protocol, Shape, Source
from grader.sandbox.launcher import Sandbox
from grader.sheets import exercises_folder, load_sheet, load_sheets
from grader.training.limits import Limits as WorkerLimits
from grader.training.worker import Worker

_MOST_OTHERS = 3
_MOST_ROWS = 5
_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    summary: Path
    sheet: str
    part: str
    input_shape: str | None
    folder: Path | None


def run(request: Request) -> list[str]:
    """Write the part; the lines that say what was written and chosen.

    Everything is written before anything is said, since nobody may be there to read it. Raises
    UsageError where something is missing, wrong or there already; then nothing is written.
    """
    folder = (request.folder or exercises_folder()).resolve() / request.sheet
    solution = folder.parents[1] / "solutions" / request.sheet / f"{request.part}.py"
    _refuse_wrong_names(request, folder)
    toml = folder / "sheet.toml"
    usual = load_sheet(folder).parts[0].input_shape if toml.exists() else None
    made = make(request.summary, _shape(request.input_shape), usual)
    part = NewPart(request.part, request.sheet, made.plan, made.table, _is_trained(made))
    files = part_files(part, folder, solution)
    _refuse_present(files)
    _verify(part, made)
    text = toml.read_text(encoding="utf-8") if toml.exists() else None
    if part.trained and text is not None and "[protocol]" not in text:
        part = replace(part, trained=False)
    for path, content in {**files, toml: sheet_toml(part, text)}.items():
        try:
            write_atomically(path, content)
        except OSError as error:
            raise UsageError(f"{path}: cannot be written ({error.strerror}).") from error
    written = [f"wrote {near(path)}" for path in (*files, toml)]
    return [*written, *_told(part, made, near(solution))]


def _refuse_wrong_names(request: Request, folder: Path) -> None:
    for name, option in ((request.part, "--part"), (request.sheet, "--sheet")):
        if _ID.fullmatch(name) is None:
            raise UsageError(
                f"{option} is {name!r}, expected lower-case letters, digits and '_', a letter "
                f"first: {option} lenet_a"
            )
    if not any(folder.parent.glob("*/sheet.toml")):
        return
    for sheet in load_sheets(folder.parent):
        if request.part in {part.id for part in sheet.parts}:
            raise UsageError(
                f"There is a part '{request.part}' already, in {near(sheet.folder)}. Give "
                f"another id: --part {request.part}_2"
            )


def _refuse_present(files: dict[Path, str]) -> None:
    present = [near(path) for path in files if path.exists()]
    if present:
        raise UsageError(
            f"Already there, and never overwritten: {', '.join(present)}. Give another --part, or "
            "delete them first."
        )


def _shape(text: str | None) -> Shape | None:
    """The sizes that were given; 0 is an axis of any size."""
    if text is None:
        return None
    sizes = re.split(r"[ ,x]+", text.strip("()[] ,"))
    if not all(re.fullmatch(r"\d{1,7}", size) for size in sizes):
        raise UsageError(
            f"--input-shape is {text!r}, expected sizes without the batch: --input-shape 28,28,1"
        )
    return tuple(int(size) or None for size in sizes)


def _is_trained(made: Made) -> bool:
    """Whether the data set at hand goes with the network."""
    if None in made.plan.input_shape or not made.plan.num_classes:
        return False
    data = load()
    numbers = math.prod(size or 0 for size in made.plan.input_shape)
    return numbers == math.prod(data.x_train.shape[1:]) and len(data.names) == made.plan.num_classes


def _verify(part: NewPart, made: Made) -> None:
    """Raise GraderError unless Keras builds of the solution what the table shows."""
    reference = _as_part(part)
    source = Source(part.id, f"{part.id}.py", solution_source(part).encode())
    with Sandbox() as sandbox, Worker(threads=1) as worker:
        worker.start()
        evidence = examine(sandbox, worker.rebuild, reference, [source])
    comparison = evidence.comparison
    if comparison is None or not comparison.matches:
        fault = evidence.fault
        if fault is not None and fault.outcome.met_limit:
            raise UsageError(
                f"{made.plan.summary.totals.total or 0:,} parameters take more memory or time to "
                f"build than grading may use ({WorkerLimits().memory_mib:,} MiB). Print the "
                "summary of a smaller network: without its dense top (include_top=False), say, or "
                "for smaller images."
            )
        rows = comparison.rows if comparison else ()
        first = next((row for row in rows if row.match != "same"), None)
        raise GraderError(
            f"The solution made of {made.plan.summary.rows[0].name!r} and the rows below it does "
            f"not give the table: {fault or first}. Please report the summary."
        )


def _as_part(part: NewPart) -> Part:
    """The part as it is compared before its files are there."""
    plan = part.plan
    return Part(
        id=part.id,
        sheet=part.sheet,
        title="",
        question="",
        reference=plan.summary,
        input_shape=tuple(size or 32 for size in plan.input_shape),
        num_classes=plan.num_classes or 0,
        protocol=Protocol(1, 1, "adam", "categorical_crossentropy", "standardize-per-pixel", 1),
        points=dict.fromkeys((CheckName.LOADS, CheckName.ARCHITECTURE), 1.0),
        time_limit_seconds=60,
        calibrations=(),
        stub=Path(f"{part.id}.py"),
    )


def _told(part: NewPart, made: Made, solution: str) -> Iterator[str]:
    """What was taken where several things would do, and what to do next."""
    plan = made.plan
    yield f"The network takes {shape_code(plan.input_shape)}; Keras builds the table's rows of it."
    if made.other_inputs:
        others = " or ".join(shape_code(shape) for shape in made.other_inputs[:_MOST_OTHERS])
        yield f"  The first row would also come from {others}: --input-shape says which is meant."
    for change in made.changes:
        yield f"  In the table {change}."
    ambiguous = [
        one
        for index, one in enumerate(plan.steps)
        if one.identity == index and any(_is_sensible(o) and _differs(one, o) for o in one.others)
    ]
    if ambiguous:
        yield (
            f"Rows that other settings would give as well; what was taken stands in {solution} and "
            "may be changed there:"
        )
        yield from (f"  {line}" for line in _choices(ambiguous))
    if any(row.layer.endswith("Dropout") for row in plan.summary.rows):
        yield "No row shows the rates of Dropout: 0.3 was taken."
    for name in (one.step.row.name for one in plan.steps if one.activation == "sigmoid"):
        yield (
            f"No row shows the activation of {name}: sigmoid was taken, as for a probability. If "
            f"it is to tell a number, take it out of {solution} and of the last tip."
        )
    if not part.trained:
        yield "The part is built and compared, not trained: docs/authoring.md says how to add data."
    else:
        yield f"Next: grader calibrate {part.id} measures the threshold for its accuracy."
    yield "See whether all is well with: grader check-sheets"


def _is_sensible(settings: Settings) -> bool:
    """Whether someone might mean it: a pool or kernel looks at every place that it passes."""
    window, strides = (
        settings.get("pool_size", settings.get("kernel_size")),
        settings.get("strides"),
    )
    if not isinstance(window, tuple) or not isinstance(strides, tuple):
        return True
    pairs = list(zip(window, strides, strict=True))
    skips = any(isinstance(w, int) and isinstance(s, int) and w < s for w, s in pairs)
    return not (skips and "pool_size" in settings)


def _differs(one: Solved, other: Settings) -> bool:
    """Whether more is other about a pool than a padding that nothing falls under."""
    changed = {name for name, value in other.items() if one.settings.get(name) != value}
    return changed != {"padding"} or "pool_size" not in other


def _choices(ambiguous: Sequence[Solved]) -> Iterator[str]:
    """What was taken and what else would give the row, said once for all rows of which it holds."""
    rows: dict[str, list[str]] = {}
    for one in ambiguous:
        rows.setdefault(_choice(one), []).append(one.step.row.name)
    for choice, names in rows.items():
        more = len(names) - _MOST_ROWS
        listed = [*names[:_MOST_ROWS], f"{more} more"] if more > 0 else names
        yield f"{joined(listed)}: {choice}"


def _choice(one: Solved) -> str:
    """The settings that were taken, and what else would give the row."""
    sensible = [other for other in one.others if _is_sensible(other) and _differs(one, other)]
    changed = [
        {name: value for name, value in other.items() if one.settings.get(name) != value}
        for other in sensible
    ]
    names = dict.fromkeys(name for other in changed[:_MOST_OTHERS] for name in other)
    taken = {name: one.settings[name] for name in names if name in one.settings}
    shown = " or ".join(_written(other) for other in changed[:_MOST_OTHERS] if other)
    more = f", and {len(changed) - _MOST_OTHERS} more" if len(changed) > _MOST_OTHERS else ""
    return f"{one.step.row.layer} with {_written(taken)}; also {shown}{more}"


def _written(settings: Settings) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in settings.items())
