"""Compare: both networks as steps, a row with the settings behind it.

The submission's settings are known; the reference's are inferred from its rows. Activation layers
of every class (ReLU, Softmax, ...) are one kind here, since the table's Activation row says no
more than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.architecture import ACTIVATION_CLASSES, layer_effect
from grader.compare.infer import Settings, infer_settings
from grader.records import Architecture, Json, Layer, Row, Shape, Summary, Value

FAMILIES = (
    ("Pooling1D", "Pooling2D", "Pooling3D"),
    ("Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
    ("Dropout", "Dropout1D", "Dropout2D", "Dropout3D", "GaussianNoise"),
    ("Normalization",),
    ("Flatten", "Reshape", "GlobalAveragePooling2D", "GlobalMaxPooling2D"),
)


@dataclass(frozen=True)
class Step:
    """A row, its kind (its class, all activations being one) and what its settings must be.

    `input_shapes` include the batch axis. `layer` is None for the reference.
    """

    row: Row
    kind: str
    settings: Settings
    input_shapes: tuple[Shape | None, ...]
    layer: Layer | None = None


def kind_of(layer_class: str) -> str:
    """The layer class that is compared: every activation layer counts as Activation."""
    return "Activation" if layer_class in ACTIVATION_CLASSES else layer_class


def related(kind: str, other: str) -> bool:
    """Whether one of these is easily taken for the other (max and average pooling, say)."""
    return any(kind.endswith(family) and other.endswith(family) for family in FAMILIES)


def reference_steps(reference: Summary, input_shape: tuple[int, ...]) -> tuple[Step, ...]:
    """The steps of a printed table, without its InputLayer rows. `input_shape` has no batch axis.

    A row's input is found by its connections, otherwise it is the row before.
    """
    shapes: dict[str, Shape | None] = {}
    before: Shape | None = (None, *input_shape)
    steps = []
    for row in reference.rows:
        if row.layer != "InputLayer":
            names = [name.split("[")[0] for name in row.connections]
            inputs = tuple(shapes[name] for name in names if name in shapes) or (before,)
            settings = infer_settings(row, inputs[0])
            steps.append(Step(row, kind_of(row.layer), settings, inputs))
        shapes[row.name] = before = row.shape
    return tuple(steps)


def submitted_steps(architecture: Architecture, rows: Sequence[Row]) -> tuple[Step, ...]:
    """The steps of a submission; `rows` are those of its layers, InputLayers left out."""
    shapes: dict[int, Shape | None] = dict(enumerate(architecture.input_shapes))
    first = len(architecture.input_shapes)
    steps = []
    for index, (layer, row) in enumerate(
        zip(architecture.layers[first:], rows, strict=True), first
    ):
        inputs = tuple(shapes[i] for i in layer.inputs)
        settings = {key: _plain(value) for key, value in layer.config.items()}
        steps.append(Step(row, kind_of(row.layer), settings, inputs, layer))
        shapes[index] = row.shape
    return tuple(steps)


def fits(reference: Step, submitted: Step) -> bool:
    """Whether the submitted layer, put in the reference's place, gives the reference's row.

    This tells a layer that is wrong itself from one that an earlier layer shifts.
    """
    if reference.kind != submitted.kind or submitted.layer is None:
        return False
    if (reference.row.shape, reference.row.params) == (submitted.row.shape, submitted.row.params):
        return True
    return gives(submitted.layer, reference)


def gives(layer: Layer, reference: Step) -> bool:
    """Whether `layer`, fed with the reference's input, gives the reference's row."""
    effect = layer_effect(layer, reference.input_shapes)
    return effect == (reference.row.shape, reference.row.params)


def _plain(value: Json) -> Value:
    """A JSON setting as a value: lists as tuples, objects (initializers, say) by their text."""
    if isinstance(value, list):
        return tuple(_plain(item) for item in value)
    return str(value) if isinstance(value, dict) else value
