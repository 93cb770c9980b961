"""Canonical form: the steps in an order of their own, with rows, totals and digest.

The order follows from the network alone: outputs first asked for, each layer after its inputs,
those in their order. Names and the order in which the layers were made have no part in it, and what
no output needs is left out.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from grader.architecture.effects import UNKNOWN, Effect, effect_of, settled
from grader.architecture.masks import without_masks
from grader.architecture.network import read_network
from grader.architecture.notes import Noted, counted, note
from grader.architecture.order import canonical_order
from grader.architecture.refusals import OutsideTableError, ReplyError, TooLargeError
from grader.architecture.steps import Steps, read_steps
from grader.architecture.table import Weights
from grader.records import Architecture, Json, Layer, Row, Shape, Summary, Totals


@dataclass(frozen=True)
class Caps:
    """What a network may have: parameters, and values that all layers give for one sample."""

    params: int = 100_000_000
    # Eight samples of them fit in 1 GiB.
    values: int = 32_000_000


DEFAULT_CAPS = Caps()
# So many times what the table has, in quarters: activations that are arguments have no row there.
_PARAM_QUARTERS, _VALUE_QUARTERS = 5, 10
_NO_WEIGHTS = Weights()


def caps_for(table: Summary) -> Caps:
    """The usual caps, or more for a table that comes near them itself."""
    params = table.totals.total or 0
    values = sum(math.prod(size or 1 for size in row.shape or ()) for row in table.rows)
    return Caps(
        max(DEFAULT_CAPS.params, params * _PARAM_QUARTERS // 4),
        max(DEFAULT_CAPS.values, values * _VALUE_QUARTERS // 4),
    )


def read_architecture(found: Mapping[str, Json], caps: Caps = DEFAULT_CAPS) -> Architecture:
    """The network of a reply, checked and in canonical form.

    Raises ReplyError, OwnCodeError or TooLargeError (see there).
    """
    return canonical(read_steps(without_masks(read_network(found))), caps)


def canonical(steps: Steps, caps: Caps = DEFAULT_CAPS) -> Architecture:
    """The steps in canonical order; raises ReplyError or TooLargeError."""
    order = canonical_order(
        steps.inputs, steps.outputs, lambda index: steps.steps[index].layer.inputs
    )
    place = {index: position for position, index in enumerate(order)}
    written = _Written(notes=list(steps.notes), caps=caps)
    for index in order:
        step = steps.steps[index]
        inputs = tuple(place[i] for i in step.layer.inputs)
        written.add(replace(step.layer, inputs=inputs), step.identity)
    layers = tuple(written.layers)
    outputs = tuple(place[index] for index in steps.outputs)
    num_inputs = len(steps.inputs)
    return Architecture(
        layers=layers,
        outputs=outputs,
        digest=digest(layers, outputs),
        rows=tuple(written.rows[num_inputs:]),
        totals=_totals(written.effects),
        input_shapes=tuple(input_shape(layer) for layer in layers[:num_inputs]),
        notes=counted(written.notes),
    )


def input_shape(layer: Layer) -> Shape:
    """The shape of an InputLayer, with the batch axis in front."""
    sizes = layer.config["shape"]
    kept = sizes if isinstance(sizes, list) else []
    return (None, *(size if isinstance(size, int) else None for size in kept))


def digest(layers: tuple[Layer, ...], outputs: tuple[int, ...]) -> str:
    """The SHA-256, in hexadecimal, of all that shapes the network: not of names and spelling."""
    shaping = [
        [y.class_name, dict(y.config), list(y.inputs), y.trainable, y.shares, y.known]
        for y in layers
    ]
    text = json.dumps([shaping, list(outputs)], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class _Written:
    notes: list[Noted]
    caps: Caps
    layers: list[Layer] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    first_uses: dict[tuple[int, ...], int] = field(default_factory=dict)
    num_params: int = 0
    num_values: int = 0

    def add(self, layer: Layer, identity: tuple[int, ...]) -> None:
        shapes = [self.effects[index].shape for index in layer.inputs]
        layer, effect = self._effect(layer, shapes, identity)
        first = self.first_uses.setdefault(identity, len(self.layers))
        weightless = effect.weights is not None and effect.weights.total == 0
        if weightless and layer.known:
            layer = replace(layer, trainable=True)
        elif first < len(self.layers):
            layer, effect = self._shared(layer, effect, first)
        self._measure(effect)
        config = settled(layer, shapes)
        typed = {key: layer.config[key] for key in config if config[key] != layer.config[key]}
        self.layers.append(replace(layer, config=config, typed=typed))
        self.effects.append(effect)
        count = None if effect.weights is None else effect.weights.total
        self.rows.append(Row(layer.class_name, effect.shape, count, layer.name))

    def _effect(
        self, layer: Layer, shapes: list[Shape | None], identity: tuple[int, ...]
    ) -> tuple[Layer, Effect]:
        if layer.class_name == "InputLayer":
            return layer, Effect(input_shape(layer), _NO_WEIGHTS)
        try:
            return layer, _frozen(layer, effect_of(layer, shapes))
        except OutsideTableError as error:
            code = note("unknown-setting", layer.class_name, str(error))
            self.notes.append(Noted(code, identity))
            return replace(layer, config={}, known=False), UNKNOWN

    def _shared(self, layer: Layer, effect: Effect, first: int) -> tuple[Layer, Effect]:
        weights = self.effects[first].weights
        if None not in (weights, effect.weights) and weights != effect.weights:
            raise ReplyError(f"{layer.name}: one layer with two numbers of weights")
        # Counted once, where the layer is used first.
        return replace(layer, shares=first), Effect(
            effect.shape, None if effect.weights is None else _NO_WEIGHTS
        )

    def _measure(self, effect: Effect) -> None:
        self.num_params += 0 if effect.weights is None else effect.weights.total
        if self.num_params > self.caps.params:
            raise TooLargeError("parameters", self.num_params, self.caps.params)
        self.num_values += math.prod(size or 1 for size in effect.shape or ())
        if self.num_values > self.caps.values:
            raise TooLargeError("values", self.num_values, self.caps.values)


def _frozen(layer: Layer, effect: Effect) -> Effect:
    if layer.trainable or effect.weights is None:
        return effect
    return Effect(effect.shape, Weights(fixed=effect.weights.total))


def _totals(effects: list[Effect]) -> Totals:
    weights = [effect.weights for effect in effects if effect.weights is not None]
    if len(weights) < len(effects):
        return Totals(None, None, None)
    trainable, fixed = sum(w.trainable for w in weights), sum(w.fixed for w in weights)
    return Totals(trainable + fixed, trainable, fixed)
