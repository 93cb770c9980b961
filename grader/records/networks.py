"""Words: networks as rows, as checked architectures, and side by side.

Shapes of rows include the batch axis, as `None` in front. Shapes named `input_shape` leave it out,
as `keras.Input(shape=...)` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from typing import TypeAlias

from grader.records.outcomes import Match, Outcome, Rule

Shape: TypeAlias = tuple[int | None, ...]
Value: TypeAlias = "bool | int | float | str | tuple[Value, ...] | None"
Details: TypeAlias = Mapping[str, str | int]
Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True)
class Row:
    """One line of a summary: a layer class, its output shape (with batch axis) and parameter count.

    A shape or count that cannot be had is None. `depth` counts the networks of the same table
    that a printed row stands in: their rows' counts contain its count.
    """

    layer: str
    shape: Shape | None
    params: int | None
    name: str = ""
    connections: tuple[str, ...] = ()
    depth: int = 0

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the layers that it is connected to, one for each connection."""
        return tuple(connection.partition("[")[0] for connection in self.connections)


@dataclass(frozen=True)
class Totals:
    """Parameter counts: all, trainable, non-trainable; None where they cannot be had."""

    total: int | None
    trainable: int | None
    non_trainable: int | None

    def fit(self, table: Totals) -> bool:
        """Whether they are those of the table; what an old one does not print fits anything."""
        pairs = zip(astuple(self), astuple(table), strict=True)
        return all(printed is None or own == printed for own, printed in pairs)


UNKNOWN_TOTALS = Totals(None, None, None)


@dataclass(frozen=True)
class Summary:
    """A printed summary as it was read: rows in printed order and its three totals."""

    rows: tuple[Row, ...]
    totals: Totals


@dataclass(frozen=True)
class Fault:
    """Why a file gave no network that can be read; `details` holds the values for the sentence."""

    outcome: Outcome
    rule: Rule | None
    details: Details = field(default_factory=dict)


@dataclass(frozen=True)
class Layer:
    """One step of a canonical network: a layer, applied to the outputs of earlier steps.

    `config` holds only the settings that shape the result (JSON values, every key present).
    `inputs` are indices of earlier layers. `shares` is the index of an earlier step whose weights
    this one uses again. `known` is False for a Keras class outside the project's table: a row, but
    nothing to build. `name`, `fused` (this activation was written as an argument of the layer
    before it) and `typed` (settings as they were written, where canonical form has another
    spelling) serve the wording only.
    """

    class_name: str
    config: Mapping[str, Json]
    inputs: tuple[int, ...] = ()
    trainable: bool = True
    shares: int | None = None
    known: bool = True
    name: str = ""
    fused: bool = False
    typed: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class CompileConfig:
    """Optimizer and loss of a training, in canonical form: class name and every setting."""

    optimizer: str
    optimizer_config: Mapping[str, Json]
    loss: str
    loss_config: Mapping[str, Json]


@dataclass(frozen=True)
class Architecture:
    """A checked description in canonical form.

    The first layers are the InputLayers, in the order of the model's inputs; layers stand in
    topological order; `outputs` are indices. `rows` and `totals` follow by arithmetic, without
    Keras (None where a class is unknown). `notes` say what was written differently but counts as
    the same.
    """

    layers: tuple[Layer, ...]
    outputs: tuple[int, ...]
    digest: str
    rows: tuple[Row, ...]
    totals: Totals
    input_shapes: tuple[Shape, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Description:
    """What left the sandbox, checked: a network in canonical form, or the fault met instead.

    `compile` is None where the protocol's optimizer and loss are to be used.
    """

    architecture: Architecture | None
    fault: Fault | None
    compile: CompileConfig | None = None
    answer: str = ""
    output: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OutputCheck:
    """What the untrained network gave for a batch: its shape, smallest value, extreme row sums."""

    shape: Shape
    minimum: float
    smallest_sum: float
    largest_sum: float
    finite: bool


@dataclass(frozen=True)
class Rebuilt:
    """Rows (InputLayers left out), totals and output, read off the model that trusted code built.

    `rows` stand in the order of `Architecture.layers` without its InputLayers.
    `input_shapes` and `output.shape` include the batch axis. `fault` says why it could not be
    built.
    """

    rows: tuple[Row, ...]
    totals: Totals
    input_shapes: tuple[Shape, ...]
    output: OutputCheck | None
    fault: Fault | None = None


@dataclass(frozen=True)
class AlignedRow:
    """A row of the reference beside the submission's row that takes its place."""

    match: Match
    reference: Row | None
    submitted: Row | None


@dataclass(frozen=True)
class Finding:
    """A recognised cause of differences, before it is put into words.

    `row` counts the aligned rows from 1, None means the whole network. `kind` tells variants of a
    rule apart; `values` holds what the sentence is built from (numbers, shapes, layer classes).
    """

    rule: Rule
    row: int | None
    kind: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Hint:
    """A finding in words."""

    rule: Rule
    row: int | None
    message: str


@dataclass(frozen=True)
class Comparison:
    """A submitted network beside the reference; `matches` when nothing differs.

    `notes` are those of the architecture, without what is no difference from this table, and more.
    """

    rows: tuple[AlignedRow, ...]
    reference_totals: Totals
    submitted_totals: Totals
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    matches: bool
    reference_outputs: int = 1
    submitted_outputs: int = 1
