"""Train, set-up: the optimizer and the loss that a training uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from grader.architecture.compiled import protocol_compile
from grader.architecture.optimizers import SCHEDULES
from grader.records import CompileConfig, Json, Protocol
from grader.training.adam import FusedAdam
from grader.training.build_layers import argument, keras_object
from grader.training.task import Kernels

# keras 3.15 keras.losses; all others take labels as probabilities.
_OF_INTEGERS = frozenset({"SparseCategoricalCrossentropy", "CategoricalGeneralizedCrossEntropy"})


def optimizer_and_loss(
    compile_: CompileConfig | None, protocol: Protocol, kernels: Kernels
) -> tuple[Any, Any, bool]:
    """The Keras optimizer and loss, and whether that loss takes integer labels.

    They are those of `compile_`, or the protocol's where it is None; with the fast `kernels` Adam
    updates each weight in one operation. Raises SheetError for a protocol with an optimizer or loss
    outside the table, and what Keras raises where it refuses their settings.
    """
    config = protocol_compile(protocol) if compile_ is None else compile_
    settings = {key: _setting(key, value) for key, value in config.optimizer_config.items()}
    fused = config.optimizer == "Adam" and kernels is Kernels.FAST
    optimizer = (FusedAdam if fused else getattr(keras.optimizers, config.optimizer))(**settings)
    # Keras would sum the gradients of all replicas. There is one, and in TensorFlow 2.21 what takes
    # part in that is held for good, and with it all of the network.
    optimizer._all_reduce_sum_gradients = list  # noqa: SLF001 - nothing public leaves it out
    loss = keras_object(keras.losses, config.loss, config.loss_config)
    return optimizer, loss, config.loss in _OF_INTEGERS


def _setting(key: str, value: Json) -> Any:  # noqa: ANN401 - whatever Keras takes
    match value:
        case {"class": str() as name, "config": dict() as config} if name in SCHEDULES:
            return _schedule(name, config)
        case _:
            return argument(key, value)


def _schedule(name: str, config: Mapping[str, Json]) -> Any:  # noqa: ANN401 - Keras ships no types
    # Lists stay lists: PiecewiseConstantDecay converts them itself.
    return getattr(keras.optimizers.schedules, name)(**config)
