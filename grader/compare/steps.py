"""Compare: both networks as steps, a row with the settings behind it and the steps that feed it.

The submission's settings are known; the reference's are inferred from its rows. Activation layers
of every class (ReLU, Softmax, ...) are one kind here, since the table's Activation row says no
more than that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from grader.architecture import ACTIVATION_CLASSES, layer_effect, plain_settings
from grader.compare.infer import Settings
from grader.records import Architecture, Layer, Row, Shape

INPUT = "InputLayer"
# Layers that take the same values whatever the order of their inputs.
COMMUTATIVE = frozenset({"Add", "Multiply", "Average", "Maximum", "Minimum", "Merge"})
# What a Merge row of Keras 1 may stand for where its inputs and its output have one shape.
ELEMENTWISE = COMMUTATIVE | {"Subtract"}
FAMILIES = (
    ("Pooling1D", "Pooling2D", "Pooling3D"),
    ("Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
    ("Dropout", "Dropout1D", "Dropout2D", "Dropout3D", "GaussianNoise"),
    ("Normalization",),
    ("Flatten", "Reshape", "GlobalAveragePooling2D", "GlobalMaxPooling2D"),
    (*ELEMENTWISE, "Concatenate", "Dot"),
)
# What a layer gives where that cannot be said.
_UNKNOWN = (None, None)


@dataclass(frozen=True, eq=False)
class Step:
    """A row, its kind (its class, all activations being one) and what its settings must be.

    Steps are told apart by identity: two rows may be equal in everything. `feeders` are the steps
    that it takes its values from; the steps of kind INPUT have none. `ordinal` of `num_alike` says
    which of its class it is in its network. `input_shapes` include the batch axis. `layer` is None
    for the reference, whose settings are the usual ones that give its row; `other_settings` would,
    too.
    """

    row: Row
    kind: str
    settings: Settings = field(default_factory=dict)
    input_shapes: tuple[Shape | None, ...] = ()
    feeders: tuple[Step, ...] = field(default=(), repr=False)
    layer: Layer | None = None
    ordinal: int = 1
    num_alike: int = 1
    other_settings: tuple[Settings, ...] = ()


@dataclass(frozen=True)
class Network:
    """The steps of one side, INPUT steps among them, each after its feeders; and the last ones."""

    steps: tuple[Step, ...]
    outputs: tuple[Step, ...]


def kind_of(layer_class: str, *, merge_rows: bool = False) -> str:
    """The layer class that is compared: every activation layer counts as Activation.

    With `merge_rows`, which do not say more, every sum, product and such counts as Merge.
    """
    if layer_class in ACTIVATION_CLASSES:
        return "Activation"
    return "Merge" if merge_rows and layer_class in ELEMENTWISE else layer_class


def related(kind: str, other: str) -> bool:
    """Whether one of these is easily taken for the other (max and average pooling, say)."""
    return any(kind.endswith(family) and other.endswith(family) for family in FAMILIES)


def submitted_network(
    architecture: Architecture, rows: Sequence[Row], *, merge_rows: bool = False
) -> Network:
    """The steps of a submission; `rows` are those of its layers, InputLayers left out."""
    num_inputs = len(architecture.input_shapes)
    all_rows = [Row(INPUT, shape, 0) for shape in architecture.input_shapes] + list(rows)
    number = numbering(row.layer for row in all_rows)
    steps: list[Step] = []
    for index, (layer, row) in enumerate(zip(architecture.layers, all_rows, strict=True)):
        feeders = tuple(steps[i] for i in layer.inputs)
        step = Step(
            row=row,
            kind=kind_of(row.layer, merge_rows=merge_rows),
            settings=plain_settings(layer.config),
            input_shapes=tuple(feeder.row.shape for feeder in feeders),
            feeders=feeders,
            layer=layer if index >= num_inputs else None,
        )
        steps.append(number(step))
    return Network(tuple(steps), tuple(steps[index] for index in architecture.outputs))


def numbering(classes: Iterable[str]) -> Callable[[Step], Step]:
    """A function that gives each step, in turn, its ordinal among the steps of these classes."""
    totals, so_far = Counter(classes), Counter[str]()

    def numbered(step: Step) -> Step:
        so_far[step.row.layer] += 1
        return replace(step, ordinal=so_far[step.row.layer], num_alike=totals[step.row.layer])

    return numbered


def fits(reference: Step, submitted: Step) -> bool:
    """Whether the submitted layer, put in the reference's place, gives the reference's row.

    This tells a layer that is wrong itself from one that an earlier layer shifts.
    """
    if reference.kind != submitted.kind:
        return False
    layer = submitted.layer
    effect = layer_effect(layer, reference.input_shapes) if layer else _UNKNOWN
    if layer is None or layer.shares is not None or effect == _UNKNOWN:
        return same_row(reference, submitted)
    # Equal rows are not enough: 201 inputs without a bias count as many as 200 with one.
    return effect == (reference.row.shape, reference.row.params)


def same_row(reference: Step, submitted: Step) -> bool:
    """Whether kind, shape and parameters are equal."""
    one, other = reference.row, submitted.row
    return (reference.kind, one.shape, one.params) == (submitted.kind, other.shape, other.params)


def gives(layer: Layer, reference: Step) -> bool:
    """Whether `layer`, fed with the reference's input, gives the reference's row."""
    effect = layer_effect(layer, reference.input_shapes)
    return effect == (reference.row.shape, reference.row.params)
