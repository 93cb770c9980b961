"""Rebuild: a Keras model from a checked architecture, and what can be read off it."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from grader.errors import GraderError
from grader.records import (
    Architecture,
    Fault,
    Outcome,
    OutputCheck,
    Rebuilt,
    Row,
    Rule,
    Shape,
    Totals,
)
from grader.training.build_layers import called, keras_layer
from grader.training.cost import OPEN_AXIS, affordable_samples, is_affordable
from grader.training.sentences import sentence_of
from grader.training.task import Kernels

_OUTPUT_SEED = 8


def build_model(
    architecture: Architecture,
    seed: int,
    kernels: Kernels = Kernels.KERAS,
) -> keras.Model:
    """The architecture as a new functional model, its weights drawn with `seed`.

    `kernels` say how it is computed when it is trained. Keras' global seed is set on the way.
    Raises what Keras raises where it cannot build a layer, and GraderError for a layer outside the
    table.
    """
    model, _ = _built(architecture, seed, kernels)
    return model


def rebuild(architecture: Architecture, num_samples: int = 8) -> Rebuilt:
    """Rows, totals and an output read off the model, all from trusted code.

    A network with a layer outside the table has its rows by arithmetic and no output; one that
    takes far more computing than those of the sheets is not tried, and has no output either. Raises
    GraderError where the arithmetic of the table and Keras disagree.
    """
    if not all(layer.known for layer in architecture.layers):
        return Rebuilt(
            architecture.rows, architecture.totals, architecture.input_shapes, output=None
        )
    try:
        model, layers = _built(architecture, seed=0, kernels=Kernels.KERAS)
        count = affordable_samples(architecture, num_samples)
        output = _output(model, count) if is_affordable(architecture) else None
    except GraderError:
        raise
    except Exception as error:  # noqa: BLE001 -- TensorFlow's errors have no base in common
        return _not_built(architecture, error)
    rebuilt = Rebuilt(
        rows=_rows(architecture, layers),
        totals=_totals(model),
        input_shapes=tuple(tuple(tensor.shape) for tensor in model.inputs),
        output=output,
    )
    _agree(architecture, rebuilt)
    return rebuilt


def _built(
    architecture: Architecture, seed: int, kernels: Kernels
) -> tuple[Any, list[tuple[Any, Shape]]]:
    """The model, and for every layer the Keras layer with the shape that this use of it gives."""
    keras.utils.set_random_seed(seed)
    built: list[tuple[Any, Shape]] = []
    tensors: list[Any] = []
    for position, layer in enumerate(architecture.layers):
        if layer.class_name == "InputLayer":
            tensor = keras.Input(architecture.input_shapes[position][1:], name=f"input_{position}")
            made = None
        else:
            again = layer.shares
            made = keras_layer(layer, position, seed, kernels) if again is None else built[again][0]
            given = [tensors[index] for index in layer.inputs]
            tensor = called(layer, made, given)
        tensors.append(tensor)
        built.append((made, tuple(tensor.shape)))
    inputs = tensors[: len(architecture.input_shapes)]
    outputs = [tensors[index] for index in architecture.outputs]
    model = keras.Model(_one_or_list(inputs), _one_or_list(outputs))
    return model, built


def _rows(architecture: Architecture, built: list[tuple[Any, Shape]]) -> tuple[Row, ...]:
    rows = []
    for layer, (made, shape) in zip(architecture.layers, built, strict=True):
        if made is not None:
            # Shared weights count once, where they are used first.
            params = 0 if layer.shares is not None else int(made.count_params())
            rows.append(Row(layer.class_name, shape, params, layer.name))
    return tuple(rows)


def _totals(model: Any) -> Totals:  # noqa: ANN401 - Keras ships no types
    trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    total = int(model.count_params())
    return Totals(total, trainable, total - trainable)


def _output(model: Any, num_samples: int) -> OutputCheck:  # noqa: ANN401 - Keras ships no types
    """What the model (its first output) gives for a fixed batch of normal numbers."""
    random = np.random.default_rng(_OUTPUT_SEED)
    batches = [
        random.standard_normal(
            (num_samples, *(size or OPEN_AXIS for size in tensor.shape[1:])), dtype=np.float32
        )
        for tensor in model.inputs
    ]
    given = model(_one_or_list(batches), training=False)
    first = given[0] if isinstance(given, list | tuple) else given
    values = np.asarray(keras.ops.convert_to_numpy(first), dtype=np.float64)
    sums = values.sum(axis=-1)
    return OutputCheck(
        shape=tuple(model.outputs[0].shape),
        minimum=float(values.min()),
        smallest_sum=float(sums.min()),
        largest_sum=float(sums.max()),
        finite=bool(np.isfinite(values).all()),
    )


def _one_or_list(items: list[Any]) -> Any:  # noqa: ANN401 - Keras ships no types
    return items[0] if len(items) == 1 else items


def _not_built(architecture: Architecture, error: Exception) -> Rebuilt:
    memory = isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"
    details = {"sentence": sentence_of(error), "step": "rebuild"}
    fault = (
        Fault(Outcome.OUT_OF_MEMORY, Rule.MEMORY_LIMIT, details)
        if memory
        else Fault(Outcome.ERROR, Rule.NOT_BUILT, details)
    )
    return Rebuilt(
        rows=architecture.rows,
        totals=architecture.totals,
        input_shapes=architecture.input_shapes,
        output=None,
        fault=fault,
    )


def _agree(architecture: Architecture, rebuilt: Rebuilt) -> None:
    pairs = [
        *zip(architecture.rows, rebuilt.rows, strict=True),
        (architecture.totals, rebuilt.totals),
        (architecture.input_shapes, rebuilt.input_shapes),
    ]
    for counted, built in pairs:
        if counted != built:
            raise GraderError(f"The table of layers gives {counted}, Keras gives {built}.")
