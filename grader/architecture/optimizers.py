"""Optimizers: those of the table, with learning rate schedules, losses and their settings."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from grader.architecture.objects import one_of
from grader.architecture.values import (
    Setting,
    Settings,
    anything,
    axes,
    choice,
    flag,
    listed,
    number,
    optional,
    whole,
)
from grader.records import Json

_NAME = {"name": Setting(anything, kept=False)}
_EPSILON = {"epsilon": Setting(number(0.0), 1e-7)}
_STEPS = Setting(number(0.0), required=True)
_START = {"initial_learning_rate": Setting(number(), required=True), **_NAME}


def float32(value: float) -> float:
    """The shortest decimal for the same float32: 0.0010000000474974513 is 0.001."""
    packed = struct.pack("f", value)
    candidates = (float(f"{value:.{digits}g}") for digits in range(1, 10))
    return next((c for c in candidates if struct.pack("f", c) == packed), value)


def _float32(value: Json) -> Json:
    checked = number()(value)
    return float32(checked) if isinstance(checked, float) else checked


_FLOATS = listed(number(), 1000, 1)

# keras 3.15 keras.optimizers.schedules
SCHEDULES: Mapping[str, Settings] = {
    "ExponentialDecay": {
        **_START,
        "decay_steps": _STEPS,
        "decay_rate": Setting(number(), required=True),
        "staircase": Setting(flag, default=False),
    },
    "InverseTimeDecay": {
        **_START,
        "decay_steps": _STEPS,
        "decay_rate": Setting(number(), required=True),
        "staircase": Setting(flag, default=False),
    },
    "PolynomialDecay": {
        **_START,
        "decay_steps": _STEPS,
        "end_learning_rate": Setting(number(), 0.0001),
        "power": Setting(number(), 1.0),
        "cycle": Setting(flag, default=False),
    },
    "CosineDecay": {
        **_START,
        "decay_steps": _STEPS,
        "alpha": Setting(number(), 0.0),
        "warmup_target": Setting(optional(number())),
        "warmup_steps": Setting(number(0.0), 0.0),
    },
    "CosineDecayRestarts": {
        **_START,
        "first_decay_steps": _STEPS,
        "t_mul": Setting(number(), 2.0),
        "m_mul": Setting(number(), 1.0),
        "alpha": Setting(number(), 0.0),
    },
    "PiecewiseConstantDecay": {
        "boundaries": Setting(_FLOATS, required=True),
        "values": Setting(_FLOATS, required=True),
        **_NAME,
    },
}
_schedule = one_of(SCHEDULES)


def _rate(value: Json) -> Json:
    return _schedule(value) if isinstance(value, dict) else _float32(value)


def _optimizer(learning_rate: float, own: Settings, weight_decay: float | None = None) -> Settings:
    return {
        "learning_rate": Setting(_rate, learning_rate),
        **own,
        "weight_decay": Setting(optional(number(0.0)), weight_decay),
        "clipnorm": Setting(optional(number(0.0))),
        "clipvalue": Setting(optional(number(0.0))),
        "global_clipnorm": Setting(optional(number(0.0))),
        "use_ema": Setting(flag, default=False),
        "ema_momentum": Setting(number(0.0, 1.0), 0.99),
        "ema_overwrite_frequency": Setting(optional(whole(1))),
        "loss_scale_factor": Setting(optional(number(0.0))),
        "gradient_accumulation_steps": Setting(optional(whole(2, 10**6))),
        **_NAME,
    }


def _betas(beta_2: float = 0.999) -> Settings:
    return {"beta_1": Setting(number(), 0.9), "beta_2": Setting(number(), beta_2)}


_ADAM = {**_betas(), **_EPSILON, "amsgrad": Setting(flag, default=False)}
_START_SUM = {"initial_accumulator_value": Setting(number(0.0), 0.1)}
_MOMENTUM = {"momentum": Setting(number(0.0, 1.0), 0.0)}

# keras 3.15 keras.optimizers
OPTIMIZERS: Mapping[str, Settings] = {
    "Adam": _optimizer(0.001, _ADAM),
    "AdamW": _optimizer(0.001, _ADAM, weight_decay=0.004),
    "Adamax": _optimizer(0.001, {**_betas(), **_EPSILON}),
    "Nadam": _optimizer(0.001, {**_betas(), **_EPSILON}),
    "Lamb": _optimizer(0.001, {**_betas(), **_EPSILON}),
    "Lion": _optimizer(0.001, _betas(0.99)),
    "SGD": _optimizer(0.01, {**_MOMENTUM, "nesterov": Setting(flag, default=False)}),
    "RMSprop": _optimizer(
        0.001,
        {
            "rho": Setting(number(), 0.9),
            **_MOMENTUM,
            **_EPSILON,
            "centered": Setting(flag, default=False),
        },
    ),
    "Adadelta": _optimizer(0.001, {"rho": Setting(number(), 0.95), **_EPSILON}),
    "Adagrad": _optimizer(0.001, {**_START_SUM, **_EPSILON}),
    "Adafactor": _optimizer(
        0.001,
        {
            "beta_2_decay": Setting(number(), -0.8),
            "epsilon_1": Setting(number(0.0), 1e-30),
            "epsilon_2": Setting(number(0.0), 1e-3),
            "clip_threshold": Setting(number(0.0), 1.0),
            "relative_step": Setting(flag, default=True),
        },
    ),
    "Ftrl": _optimizer(
        0.001,
        {
            "learning_rate_power": Setting(number(), -0.5),
            **_START_SUM,
            "l1_regularization_strength": Setting(number(0.0), 0.0),
            "l2_regularization_strength": Setting(number(0.0), 0.0),
            "l2_shrinkage_regularization_strength": Setting(number(0.0), 0.0),
            "beta": Setting(number(), 0.0),
        },
    ),
}

_REDUCTION: Settings = {
    "reduction": Setting(
        choice("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight"),
        "sum_over_batch_size",
    ),
    "dtype": Setting(anything, kept=False),
    **_NAME,
}
_SMOOTHED = {
    "from_logits": Setting(flag, default=False),
    "label_smoothing": Setting(number(0.0, 1.0), 0.0),
    "axis": Setting(axes(), -1),
}
_FOCUS = {"alpha": Setting(number(), 0.25), "gamma": Setting(number(), 2.0)}
_OVER = {"axis": Setting(optional(axes()))}


def _loss(own: Settings) -> Settings:
    return {**own, **_REDUCTION}


_BARE_LOSSES = (
    "CategoricalHinge",
    "Hinge",
    "SquaredHinge",
    "KLDivergence",
    "Poisson",
    "LogCosh",
    "MeanSquaredError",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredLogarithmicError",
)

# keras 3.15 keras.losses
LOSSES: Mapping[str, Settings] = {
    **{name: _loss({}) for name in _BARE_LOSSES},
    "CategoricalCrossentropy": _loss(_SMOOTHED),
    "SparseCategoricalCrossentropy": _loss(
        {
            "from_logits": Setting(flag, default=False),
            "ignore_class": Setting(optional(whole(-(10**6), 10**6))),
            "axis": Setting(axes(), -1),
        }
    ),
    "BinaryCrossentropy": _loss(_SMOOTHED),
    "CategoricalFocalCrossentropy": _loss({**_SMOOTHED, **_FOCUS}),
    "BinaryFocalCrossentropy": _loss(
        {**_SMOOTHED, **_FOCUS, "apply_class_balancing": Setting(flag, default=False)}
    ),
    "CategoricalGeneralizedCrossEntropy": _loss({"q": Setting(number(0.0, 1.0), 0.5)}),
    "CosineSimilarity": _loss({"axis": Setting(axes(), -1)}),
    "Huber": _loss({"delta": Setting(number(), 1.0)}),
    "Dice": _loss(_OVER),
    "Tversky": _loss({"alpha": Setting(number(), 0.5), "beta": Setting(number(), 0.5), **_OVER}),
}
# Names of functions in keras.losses that do not follow from the class name.
_LOSS_NAMES = {"mse": "MeanSquaredError", "mae": "MeanAbsoluteError", "huber": "Huber"}


def optimizer_class(name: str) -> str | None:
    """The class of the optimizer that Keras knows by this name ("adam"), None outside the table."""
    return next((known for known in OPTIMIZERS if known.lower() == name.lower()), None)


def loss_class(name: str) -> str | None:
    """The class of the loss that Keras knows by this name, None outside the table.

    It may be the name of a class or of a function ("categorical_crossentropy").
    """
    plain = _LOSS_NAMES.get(name, name).replace("_", "").lower()
    return next((known for known in LOSSES if known.lower() == plain), None)
