"""Checking: whether the parts of sheets are fit for a class, each by its solution and its stub."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from grader.architecture.canonical import caps_for
from grader.authoring.slips import Slip, is_named, slips
from grader.compare import compare
from grader.errors import SheetError
from grader.grading import Evidence, describe, describe_solution, grade_part
from grader.grading.examining import Rebuild
from grader.records import Architecture, Comparison, Outcome, Part, Rebuilt, Row
from grader.sandbox.launcher import Sandbox
from grader.sheets import load_own_data
from grader.sheets.reading import read_toml
from grader.submissions import source_at

MOST_SLIPS = 250
FEWEST_SLIPS = 30
# Comparing takes the square of the rows; a network of 200 is tried at fewer places.
_MOST_PAIRS = 400_000
# So many of a hundred first hints have to be the slip: where two layers are alike, either will do.
ENOUGH_NAMED = 0.9


@dataclass(frozen=True)
class Tried:
    """How many slips were tried, and those that passed or were told otherwise, in words."""

    count: int = 0
    passed: tuple[str, ...] = ()
    misnamed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """What was found out about a part; `faults` have to be mended, in sentences."""

    part: Part
    tried: Tried = field(default_factory=Tried)
    stub_is_well: bool = True
    num_tips: int = 0
    threshold: float | None = None
    faults: tuple[str, ...] = ()

    @property
    def solution_passes(self) -> bool:
        """Whether nothing kept the slips from being tried."""
        return self.tried.count > 0


def check_part(sandbox: Sandbox, rebuild: Rebuild, part: Part, data_sha256: str) -> Checked:
    """The part's solution, stub, tips, own data, threshold and slips.

    Raises SheetError for broken files.
    """
    faults = list(_data(part))
    tried = Tried()
    try:
        tried = try_slips(part, describe_solution(sandbox, rebuild, part).architecture)
    except SheetError as error:
        faults.append(str(error))
    stub_faults = list(_stub(sandbox, part))
    faults += stub_faults
    num_tips = _num_tips(part, faults)
    faults += [f"{part.id}: a slip passes: {name}." for name in tried.passed]
    if tried.count and len(tried.misnamed) > (1 - ENOUGH_NAMED) * tried.count:
        faults.append(
            f"{part.id}: of {tried.count} slips {len(tried.misnamed)} get another first hint, "
            f"such as: {tried.misnamed[0]}."
        )
    calibration = part.calibration_for(data_sha256)
    threshold = calibration.threshold if calibration else None
    return Checked(part, tried, not stub_faults, num_tips, threshold, tuple(faults))


def _stub(sandbox: Sandbox, part: Part) -> Iterator[str]:
    """What is wrong with the stub."""
    source = source_at(part.stub, part.id)
    described = describe(sandbox, part, [source])
    outcome = grade_part(part, Evidence(described), "", with_training=False).outcome
    if outcome is not Outcome.NOT_ATTEMPTED:
        yield (
            f"{part.id}: the stub is taken for an attempt, expected not_attempted. Its "
            f"build_model is to end with `raise NotImplementedError`: mend {part.stub}."
        )
    if b"TODO" not in source.code:
        yield f"{part.id}: the stub has no # TODO. Add one in {part.stub}."


def _data(part: Part) -> Iterator[str]:
    """What is wrong with the numbers of the data set that the part brings."""
    if part.data:
        try:
            load_own_data(part)
        except SheetError as error:
            yield str(error)


def _num_tips(part: Part, faults: list[str]) -> int:
    try:
        return len(read_tips(part))
    except SheetError as error:
        faults.append(f"{part.id}: {error}")
        return 0


def read_tips(part: Part) -> tuple[str, ...]:
    """The part's tips in their order. Raises SheetError where there are none that can be read."""
    file = part.stub.with_suffix(".tips.toml")
    line = '[[tips]] with text = "Which rows have parameters?"'
    top = read_toml(file, f"Write it: {line}")
    top.only(("tips",))
    tips = top.tables("tips", line, where="[[tips]]")
    for tip in tips:
        tip.only(("text",))
    return tuple(tip.text("text", 'text = "Which rows have parameters?"') for tip in tips)


def try_slips(part: Part, architecture: Architecture) -> Tried:
    """Every usual slip in the network, compared with the part's table."""
    rows = _rows(compared(part, architecture))
    found = list(slips(architecture, caps_for(part.reference)))
    # Evenly over a large network: of each kind, at each depth.
    fitting = _MOST_PAIRS // max(len(architecture.rows), 1) ** 2
    step = max(len(found) // max(min(fitting, MOST_SLIPS), FEWEST_SLIPS), 1)
    passed, misnamed, count = [], [], 0
    for slip in found[::step]:
        if _looks(slip.architecture) == _looks(architecture):
            continue  # the table shows nothing of it, so that it is no slip
        count += 1
        comparison = compared(part, slip.architecture)
        if comparison.matches:
            passed.append(slip.name)
        elif not is_named(slip, comparison.findings, rows):
            misnamed.append(_told(slip, comparison))
    return Tried(count, tuple(passed), tuple(misnamed))


def compared(part: Part, architecture: Architecture) -> Comparison:
    """The network beside the part's table, by arithmetic and without Keras."""
    rebuilt = Rebuilt(architecture.rows, architecture.totals, architecture.input_shapes, None)
    return compare(part, architecture, rebuilt)


def _rows(comparison: Comparison) -> dict[tuple[str, str], int]:
    rows = enumerate(comparison.rows, start=1)
    return {_key(row.submitted): place for place, row in rows if row.submitted is not None}


def _key(row: Row) -> tuple[str, str]:
    return row.layer, row.name


def _looks(architecture: Architecture) -> object:
    """What of a network a table shows: rows, connections and totals."""
    shown = [(row.layer, row.shape, row.params) for row in architecture.rows]
    inputs = [layer.inputs for layer in architecture.layers]
    return shown, inputs, architecture.outputs, architecture.totals


def _told(slip: Slip, comparison: Comparison) -> str:
    found = [f"{finding.rule.value} at row {finding.row}" for finding in comparison.findings[:2]]
    return f"{slip.name} is {slip.rule.value}, told as {' and '.join(found) or 'nothing'}"


def check_sheets(
    sandbox: Sandbox, rebuild: Rebuild, parts: Sequence[Part], data_sha256: str
) -> Iterator[Checked]:
    """Each part checked, in the order of the sheets."""
    for part in parts:
        yield check_part(sandbox, rebuild, part, data_sha256)
