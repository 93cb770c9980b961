"""Objects: the initializers, regularizers and constraints of the table, with their settings.

In canonical form such an object is {"class": name, "config": every setting}, null where there is
none.
"""

from __future__ import annotations

from collections.abc import Mapping

from grader.architecture.refusals import OutsideTableError, ReplyError
from grader.architecture.values import (
    Check,
    Setting,
    Settings,
    anything,
    axes,
    choice,
    nothing,
    number,
    or_outside_table,
    read_settings,
    shown,
)
from grader.records import Json

_SEED = {"seed": Setting(anything, kept=False)}
_FAN = {
    **_SEED,
    "input_axes": Setting(nothing, kept=False),
    "output_axes": Setting(nothing, kept=False),
}
_SPREAD = {"mean": Setting(number(), 0.0), "stddev": Setting(number(0.0), 0.05), **_SEED}
_AMOUNT = number(0.0)

# keras 3.15 keras.initializers, keras.regularizers, keras.constraints
INITIALIZERS: Mapping[str, Settings] = {
    "Zeros": {},
    "Ones": {},
    "Constant": {"value": Setting(or_outside_table(number()), 0.0)},
    "RandomNormal": _SPREAD,
    "TruncatedNormal": _SPREAD,
    "RandomUniform": {
        "minval": Setting(number(), -0.05),
        "maxval": Setting(number(), 0.05),
        **_SEED,
    },
    "GlorotNormal": _FAN,
    "GlorotUniform": _FAN,
    "HeNormal": _FAN,
    "HeUniform": _FAN,
    "LecunNormal": _FAN,
    "LecunUniform": _FAN,
    "VarianceScaling": {
        "scale": Setting(number(0.0), 1.0),
        "mode": Setting(choice("fan_in", "fan_out", "fan_avg"), "fan_in"),
        "distribution": Setting(
            choice("normal", "truncated_normal", "untruncated_normal", "uniform"),
            "truncated_normal",
        ),
        **_FAN,
    },
    "Orthogonal": {"gain": Setting(number(), 1.0), **_SEED},
    "Identity": {"gain": Setting(number(), 1.0)},
}
REGULARIZERS: Mapping[str, Settings] = {
    "L1": {"l1": Setting(or_outside_table(_AMOUNT), 0.01)},
    "L2": {"l2": Setting(or_outside_table(_AMOUNT), 0.01)},
    "L1L2": {"l1": Setting(_AMOUNT, 0.0), "l2": Setting(_AMOUNT, 0.0)},
    "OrthogonalRegularizer": {
        "factor": Setting(number(), 0.01),
        "mode": Setting(choice("rows", "columns"), "rows"),
    },
}
CONSTRAINTS: Mapping[str, Settings] = {
    "MaxNorm": {"max_value": Setting(number(0.0), 2.0), "axis": Setting(axes(), 0)},
    "MinMaxNorm": {
        "min_value": Setting(number(0.0), 0.0),
        "max_value": Setting(number(0.0), 1.0),
        "rate": Setting(number(0.0, 1.0), 1.0),
        "axis": Setting(axes(), 0),
    },
    "NonNeg": {},
    "UnitNorm": {"axis": Setting(axes(), 0)},
}


def one_of(table: Mapping[str, Settings]) -> Check:
    """A check for an object of Keras' own that stands in the table; gives its canonical form."""

    def check(value: Json) -> Json:
        match value:
            case None:
                return None
            case {
                "class": str() as name,
                "origin": "keras",
                "config": dict() as config,
                **rest,
            } if not rest:
                if name not in table:
                    raise OutsideTableError(shown(name))
                return {"class": name, "config": read_settings(table[name], config, name)}
            case _:
                raise ReplyError(f"{shown(value)} is no object of Keras")

    return check


def initializer(name: str) -> Setting:
    """The setting of a layer that starts its weights by this initializer unless told otherwise."""
    return Setting(_initializer, {"class": name, "origin": "keras", "config": {}})


def _initializer(value: Json) -> Json:
    # Which weights null stands for is Keras' secret.
    if value is None:
        raise OutsideTableError("no initializer")
    return one_of(INITIALIZERS)(value)


REGULARIZER = Setting(one_of(REGULARIZERS))
CONSTRAINT = Setting(one_of(CONSTRAINTS))
