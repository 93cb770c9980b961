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
    Totals,
)
from grader.training.build_layers import called, keras_layer
from grader.training.cost import OPEN_AXIS, affordable_samples, is_affordable
from grader.training.pieces import InPieces
from grader.training.sentences import sentence_of
from grader.training.task import Kernels
from grader.training.trunk import Trunk

_OUTPUT_SEED = 8


def build_model(
    architecture: Architecture,
    seed: int,
    kernels: Kernels = Kernels.KERAS,
    trunk: Trunk | None = None,
) -> keras.Model:
    """The architecture as a new functional model, its weights drawn with `seed`.

    `kernels` and `trunk` say how it is computed when it is trained; weights and inference are the
    same. Keras' global seed is set on the way. Raises what Keras raises where it cannot build a
    layer, and GraderError for a layer outside the table.
    """
    model, _ = _connected(architecture, _keras_layers(architecture, seed, kernels), trunk)
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
        layers = _keras_layers(architecture, seed=0, kernels=Kernels.KERAS)
        model, tensors = _connected(architecture, layers)
        count = affordable_samples(architecture, num_samples)
        output = _output(model, count) if is_affordable(architecture) else None
    except GraderError:
        raise
    except Exception as error:  # noqa: BLE001 -- TensorFlow's errors have no base in common
        return _not_built(architecture, error)
    rebuilt = Rebuilt(
        rows=_rows(architecture, layers, tensors),
        totals=_totals(model),
        input_shapes=tuple(tuple(tensor.shape) for tensor in model.inputs),
        output=output,
    )
    _agree(architecture, rebuilt)
    return rebuilt


def _keras_layers(architecture: Architecture, seed: int, kernels: Kernels) -> list[Any]:
    """For every layer the Keras layer, that of its first use where it is used again."""
    keras.utils.set_random_seed(seed)
    made: list[Any] = []
    for position, layer in enumerate(architecture.layers):
        if layer.class_name == "InputLayer":
            made.append(None)
        elif layer.shares is not None:
            made.append(made[layer.shares])
        else:
            made.append(keras_layer(layer, position, seed, kernels))
    return made


def _connected(
    architecture: Architecture, layers: list[Any], trunk: Trunk | None = None
) -> tuple[Any, list[Any]]:
    """The model, and what every layer gives: None inside of the trunk."""
    inputs = [
        keras.Input(shape[1:], name=f"input_{position}")
        for position, shape in enumerate(architecture.input_shapes)
    ]
    tensors: list[Any] = [*inputs]
    if trunk is not None:
        in_pieces = InPieces(layers[1 : trunk.last + 1], trunk.num_pieces, name="trunk")
        tensors += [None] * (trunk.last - 1) + [in_pieces(inputs[0])]
    for index in range(len(tensors), len(layers)):
        layer = architecture.layers[index]
        tensors.append(called(layer, layers[index], [tensors[given] for given in layer.inputs]))
    outputs = [tensors[index] for index in architecture.outputs]
    return keras.Model(_one_or_list(inputs), _one_or_list(outputs)), tensors


def _rows(architecture: Architecture, layers: list[Any], tensors: list[Any]) -> tuple[Row, ...]:
    rows = []
    for layer, made, tensor in zip(architecture.layers, layers, tensors, strict=True):
        if made is not None:
            # Shared weights count once, where they are used first.
            params = 0 if layer.shares is not None else int(made.count_params())
            rows.append(Row(layer.class_name, tuple(tensor.shape), params, layer.name))
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
