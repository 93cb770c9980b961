"""Authoring, step 3: a printed table as layers with all their settings, solved row by row.

Every solution is checked by the arithmetic of the table of layers. What no row shows (rates,
functions) is chosen here, and told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

from grader.architecture import ACTIVATION_CLASSES, layer_effect, supposed_layer
from grader.architecture.effects import effect_of
from grader.architecture.functions import ACTIVATIONS, NAMES
from grader.architecture.layers import LAYERS, takes_activation, takes_steps
from grader.architecture.refusals import OutsideTableError, ReplyError
from grader.authoring.frozen import frozen_layers
from grader.authoring.neutral import INPUT
from grader.authoring.unsolved import UnsolvedError
from grader.compare.infer import Settings
from grader.compare.pairs import is_silent
from grader.compare.steps import Network, Step
from grader.compare.tables import reference_network
from grader.records import Layer, Row, Shape, Summary, Value
from grader.summary import Told

# What Keras has to be told and no row shows; usual values.
_CHOSEN: Mapping[str, Settings] = {
    **{f"{kind}Dropout": {"rate": 0.1} for kind in ("Gaussian", "Alpha")},
    **{f"SpatialDropout{ndim}D": {"rate": 0.3} for ndim in (1, 2, 3)},
    "Dropout": {"rate": 0.3},
    "GaussianNoise": {"stddev": 0.1},
    "Rescaling": {"scale": 1 / 255},
    "Dot": {"axes": -1},
}
MOST_CLASSES = 10_000
NOTHING_TOLD = Told()
_IMAGE_AXES = 4
_COLOURS = (1, 3)


@dataclass(frozen=True)
class Solved:
    """A step of a table with its settings; `others` would give the same row.

    `inputs` are indices of earlier steps. `activation` is what a layer takes as its argument, ""
    for none. Uses of one layer have one `identity`.
    """

    step: Step
    layer: Layer
    settings: Settings
    inputs: tuple[int, ...]
    identity: int
    others: tuple[Settings, ...] = ()
    activation: str = ""


@dataclass(frozen=True)
class Plan:
    """A table solved: steps in printed order, INPUT steps among them, and what is the output."""

    summary: Summary
    input_shape: Shape
    steps: tuple[Solved, ...]
    outputs: tuple[int, ...]
    num_classes: int | None


def solved(summary: Summary, input_shape: Shape, told: Told = NOTHING_TOLD) -> Plan:
    """The table with the settings that give it. Raises UnsolvedError at the row where none do.

    `input_shape` is without the batch axis; open axes are None. `told` is what the summary says
    beside its rows.
    """
    network = reference_network(summary, tuple(size or 0 for size in input_shape))
    place = {step: index for index, step in enumerate(network.steps)}
    names: dict[str, int] = {}
    steps: list[Solved] = []
    for index, step in enumerate(network.steps):
        inputs = tuple(place[feeder] for feeder in step.feeders)
        first = names.setdefault(step.row.name or str(index), index)
        if first < index and step.kind != INPUT:
            steps.append(replace(steps[first], step=step, inputs=inputs, identity=first))
        else:
            one = _solved(step, input_shape)
            if step.row.layer == "Embedding" and step.row.name in told.masking:
                one = _masking(one)
            steps.append(replace(one, inputs=inputs, identity=index))
    outputs = tuple(place[step] for step in network.outputs)
    num_classes = _num_classes(network, input_shape)
    active = _with_activations(steps, network, outputs)
    frozen = _frozen(active, summary, told)
    return Plan(summary, input_shape, tuple(frozen), outputs, num_classes)


def _solved(step: Step, input_shape: Shape) -> Solved:
    row = step.row
    _refuse_lonely_join(step)
    if step.kind == INPUT:
        shape = (row.shape or (None, *input_shape))[1:]
        return Solved(step, supposed_layer(INPUT, {"shape": shape}, row.name), {}, (), 0)
    if row.shape is None or row.params is None:
        raise UnsolvedError(row.name, unprinted(row))
    if row.layer in ACTIVATION_CLASSES:
        function = {"activation": _named_function(row)}
        return Solved(step, supposed_layer("Activation", function, row.name), {}, (), 0)
    fitting = [found for found in _candidates(step) if _gives(step, found)]
    if not fitting:
        raise UnsolvedError(row.name, _told(step))
    first, *others = fitting
    layer = supposed_layer(row.layer, first, row.name)
    return Solved(step, layer, first, (), 0, tuple(others))


def _named_function(row: Row) -> str:
    """The function that an Activation row has in its name, as tf.nn.sigmoid_2 has; usually relu."""
    words = re.split(r"[\W_\d]+", row.name.lower())
    found = [word for word in words if word in ACTIVATIONS.keys() | NAMES.keys()]
    return found[-1] if found and row.layer == "Activation" else "relu"


def _masking(one: Solved) -> Solved:
    settings = {**one.settings, "mask_zero": True}
    return replace(one, layer=supposed_layer("Embedding", settings, one.step.row.name))


def _refuse_lonely_join(step: Step) -> None:
    """Raise UnsolvedError for a layer that joins several where only one is known."""
    kind = LAYERS.get(step.row.layer)
    if kind is not None and kind.merges and len(step.feeders) < 2:  # noqa: PLR2004 - a join
        raise UnsolvedError(
            step.row.name,
            f"{step.row.name!r} joins several layers, and the summary does not show which. Print "
            "it with the column 'Connected to': of a functional model (keras.Model(inputs, "
            "outputs)), with another version than Keras 2.0.0 to 2.0.3, and a network inside the "
            "network on its own",
        )


def unprinted(row: Row) -> str:
    """What is missing of a row, and how to come by it."""
    if row.shape is None and row.params is not None and takes_steps(row.layer):
        return (
            f"{row.name!r} gives its states, too (return_state=True), and the grader builds layers "
            "with one output alone. Print a network without them: one of which the decoder gets "
            "what the encoder gives by RepeatVector, say"
        )
    if row.shape is None and row.params is not None:
        return (
            f"the summary gives no shape for {row.name!r}: it has several outputs, or was called "
            "on inputs of several shapes. Write its one shape into the summary, such as (None, 64)"
        )
    return (
        f"{row.name!r} was printed before it was built, so that "
        f"{'its shape and its' if row.shape is None else 'its'} number of parameters "
        f"{'are' if row.shape is None else 'is'} missing. Print the summary again after "
        "model.build((None, ...)), or with keras.Input(shape=...) as the first layer"
    )


def _candidates(step: Step) -> list[Settings]:
    chosen = _CHOSEN.get(step.row.layer, {})
    solutions = [step.settings, *step.other_settings]
    if step.row.layer == "Dot":
        ranks = [len(shape or ()) for shape in step.input_shapes]
        axes: list[Value] = [
            -1,
            1,
            *((a, b) for a in range(1, ranks[0]) for b in range(1, ranks[-1])),
        ]
        solutions = [{"axes": axis} for axis in axes]
    return [{**chosen, **solution} for solution in solutions]


def _gives(step: Step, settings: Settings) -> bool:
    try:
        layer = supposed_layer(step.row.layer, settings)
    except (ReplyError, OutsideTableError):
        return False
    return layer_effect(layer, step.input_shapes) == (step.row.shape, step.row.params)


def _told(step: Step) -> str:
    """Why no settings of the layer give its row, in words."""
    row = step.row
    given = " and ".join(_written(shape) for shape in step.input_shapes)
    return (
        f"no {row.layer} turns {given} into {_written(row.shape)} with {row.params:,} parameters: "
        "compare this row and those that feed it with what Keras printed"
    )


def _written(shape: Shape | None) -> str:
    return "an unknown shape" if shape is None else f"({', '.join(map(str, shape))})"


def _num_classes(network: Network, input_shape: Shape) -> int | None:
    """Classes that the table's one output may tell apart; None where it gives something else."""
    if len(network.outputs) != 1:
        return None
    shape = network.outputs[0].row.shape or ()
    last = shape[-1] if len(shape) == 2 else None  # noqa: PLR2004 - batch and classes
    flat = prod(size or 0 for size in input_shape)
    return last if last is not None and 1 < last <= MOST_CLASSES and last != flat else None


def _with_activations(
    steps: Sequence[Solved], network: Network, outputs: Sequence[int]
) -> list[Solved]:
    """The steps with an activation where the table leaves it free; the last one gives the output.

    A table with Activation rows says where they are; one without leaves all of them out.
    """
    has_rows = any(step.step.kind == "Activation" for step in steps)
    result = []
    for index, one in enumerate(steps):
        last = _last_function(one.step.row.shape or (None,), steps)
        is_last = index in outputs or _leads_out(index, steps, outputs)
        if one.step.kind == "Activation" and index in outputs:
            layer = supposed_layer("Activation", {"activation": last}, one.step.row.name)
            result.append(replace(one, layer=layer))
        elif not takes_activation(one.step.row.layer) or not is_silent(one.step, network):
            result.append(one)
        elif is_last:
            result.append(replace(one, activation=last))
        else:
            inside = one.settings.get("wrapped") not in (None, "Dense", "Conv1D", "Conv2D")
            result.append(one if has_rows or inside else replace(one, activation="relu"))
    return result


def _last_function(shape: Shape, steps: Sequence[Solved]) -> str:
    """What gives the output: probabilities of classes, of one thing, or the values of an image."""
    inputs = _input_shapes(steps)
    if len(shape) == _IMAGE_AXES and shape[-1] in _COLOURS:
        # Out of a vector, as in a generator, it is usually an image scaled to -1..1.
        return "tanh" if all(len(one) == 1 for one in inputs) else "sigmoid"
    units = shape[-1] or 1
    # As many outputs as inputs are no classes: they say the input again.
    again = units in {prod(size or 0 for size in one) for one in inputs}
    return "softmax" if units > 1 and not again else "sigmoid"


def _input_shapes(steps: Sequence[Solved]) -> list[Shape]:
    return [(one.step.row.shape or ())[1:] for one in steps if one.step.kind == INPUT]


def _leads_out(index: int, steps: Sequence[Solved], outputs: Sequence[int]) -> bool:
    """Whether only layers that keep the values stand between this one and an output."""
    keeping = {"Dropout", "Flatten", "Reshape"}
    for output in outputs:
        place = output
        while steps[place].step.row.layer in keeping and len(steps[place].inputs) == 1:
            place = steps[place].inputs[0]
        if place == index:
            return True
    return False


def _frozen(steps: Sequence[Solved], summary: Summary, told: Told) -> list[Solved]:
    """The steps, frozen where the totals say that so many parameters are.

    Raises UnsolvedError where the totals fit no usual choice of layers.
    """
    counts = [
        (one.step.row.layer, _first_count(index, one), _fixed(one))
        for index, one in enumerate(steps)
    ]
    named = [index for index, one in enumerate(steps) if one.step.row.name in told.frozen]
    frozen = frozen_layers(counts, summary.totals, named)
    if frozen is None:
        due = (summary.totals.total or 0) - (summary.totals.trainable or 0)
        raise UnsolvedError(
            steps[-1].step.row.name,
            f"{due:,} parameters are not trainable, and it does not show of which layers: print "
            "the summary with show_trainable=True, or the network without frozen layers",
        )
    identities = {steps[index].identity for index in frozen}
    return [
        replace(one, layer=replace(one.layer, trainable=False))
        if one.identity in identities
        else one
        for one in steps
    ]


def _first_count(index: int, one: Solved) -> int:
    """The parameters of a layer where it is used first."""
    return (one.step.row.params or 0) if one.identity == index else 0


def _fixed(one: Solved) -> int:
    if one.step.kind == INPUT or not one.step.row.params:
        return 0
    weights = effect_of(one.layer, one.step.input_shapes).weights
    return weights.fixed if weights else 0
