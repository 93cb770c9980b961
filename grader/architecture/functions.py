"""Functions: the activation functions, and the layers and operations that only apply one.

The canonical form writes every one of them as an Activation layer whose config holds the function's
name under "activation" and its settings beside it, so that ReLU(), Activation("relu") and
keras.ops.relu are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.architecture.refusals import OutsideTableError, ReplyError
from grader.architecture.values import (
    Config,
    Setting,
    Settings,
    anything,
    axes,
    flag,
    number,
    optional,
    read_settings,
    shown,
)
from grader.records import Json

_AXIS = {"axis": Setting(axes(), -1)}
_RELU = {
    "negative_slope": Setting(number(), 0.0),
    "max_value": Setting(optional(number(0.0)), None),
    "threshold": Setting(number(), 0.0),
}

_NO_SETTINGS: Settings = {}
_BARE = (
    "linear",
    "selu",
    "silu",
    "softplus",
    "softsign",
    "sigmoid",
    "tanh",
    "exponential",
    "mish",
    "hard_sigmoid",
    "hard_silu",
    "hard_tanh",
    "log_sigmoid",
    "tanh_shrink",
    "sparse_plus",
    "sparse_sigmoid",
)

# keras 3.15 keras.activations; glu halves the last axis, threshold has no defaults: both left out.
ACTIVATIONS: Mapping[str, Settings] = {
    "relu": _RELU,
    "elu": {"alpha": Setting(number(), 1.0)},
    "celu": {"alpha": Setting(number(), 1.0)},
    "gelu": {"approximate": Setting(flag, default=False)},
    "softmax": _AXIS,
    "log_softmax": _AXIS,
    "sparsemax": {"axis": Setting(axes(), -1)},
    "squareplus": {"b": Setting(number(), 4.0)},
    "hard_shrink": {"threshold": Setting(number(), 0.5)},
    "soft_shrink": {"threshold": Setting(number(), 0.5)},
    **dict.fromkeys(_BARE, _NO_SETTINGS),
}


@dataclass(frozen=True)
class Spelling:
    """Another way to write a function, with the settings that it takes or fixes."""

    function: str
    settings: Settings = field(default_factory=dict)
    fixed: Mapping[str, Json] = field(default_factory=dict)


_LEAKY = {"negative_slope": Setting(number(), 0.2)}
NAMES: Mapping[str, Spelling] = {
    "swish": Spelling("silu"),
    "hard_swish": Spelling("hard_silu"),
    "relu6": Spelling("relu", fixed={"max_value": 6.0}),
    "leaky_relu": Spelling("relu", _LEAKY),
}
LAYERS: Mapping[str, Spelling] = {
    "ReLU": Spelling("relu", _RELU),
    "LeakyReLU": Spelling("relu", {"negative_slope": Setting(number(), 0.3)}),
    "ELU": Spelling("elu", ACTIVATIONS["elu"]),
    "Softmax": Spelling("softmax", _AXIS),
}
# Every class whose only work is an activation function.
ACTIVATION_CLASSES = frozenset({"Activation", *LAYERS})
OPERATIONS: Mapping[str, Spelling] = {
    "Relu": Spelling("relu"),
    "ReLU": Spelling("relu", _RELU),
    "Relu6": NAMES["relu6"],
    "LeakyRelu": Spelling("relu", _LEAKY),
    "Softmax": LAYERS["Softmax"],
    "LogSoftmax": Spelling("log_softmax", _AXIS),
    "Elu": LAYERS["ELU"],
    "Celu": Spelling("celu", ACTIVATIONS["celu"]),
    "Gelu": Spelling("gelu", {"approximate": Setting(flag, default=True)}),
    "Selu": Spelling("selu"),
    "Silu": Spelling("silu"),
    "Sigmoid": Spelling("sigmoid"),
    "Tanh": Spelling("tanh"),
    "Softplus": Spelling("softplus"),
    "Softsign": Spelling("softsign"),
    "HardSigmoid": Spelling("hard_sigmoid"),
    "HardSilu": Spelling("hard_silu"),
    "HardTanh": Spelling("hard_tanh"),
    "LogSigmoid": Spelling("log_sigmoid"),
    "Mish": Spelling("mish"),
    "Exp": Spelling("exponential"),
}
_DROPPED = {key: Setting(anything, kept=False) for key in ("name", "dtype", "trainable")}


def from_name(name: str) -> Config:
    """The canonical config of the function that Keras knows by this name.

    Raises OutsideTableError for a name that the table does not hold.
    """
    if name in ACTIVATIONS:
        return {"activation": name, **read_settings(ACTIVATIONS[name], {}, name)}
    if name not in NAMES:
        raise OutsideTableError(shown(name))
    return from_spelling(NAMES[name], {}, name)


def function_name(value: Json) -> Json:
    """A check for the name of a function inside a layer, such as an LSTM's; null is linear."""
    if value is None:
        return "linear"
    if not isinstance(value, str) or not {value} & (ACTIVATIONS.keys() | NAMES.keys()):
        raise OutsideTableError(shown(value))
    return value


def from_spelling(spelling: Spelling, config: Mapping[str, Json], what: str) -> Config:
    """The canonical config of the function that a layer or operation with this config applies."""
    given = read_settings({**spelling.settings, **_DROPPED}, config, what)
    full = read_settings(ACTIVATIONS[spelling.function], {**given, **spelling.fixed}, what)
    return {"activation": spelling.function, **full}


def from_value(value: Json, what: str) -> Config:
    """The canonical config of a layer's `activation`: a name, or a layer.

    Raises OutsideTableError for Keras' own beyond the table, ReplyError for anything else.
    """
    match value:
        case None:
            return from_name("linear")
        case str():
            return from_name(value)
        case {"class": str() as name, "origin": "keras", "config": dict() as config}:
            if name not in LAYERS:
                raise OutsideTableError(shown(name))
            return from_spelling(LAYERS[name], config, what)
        case _:
            raise ReplyError(f"{what}: {shown(value)} is no activation")
