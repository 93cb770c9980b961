"""Telling: what to try when an import failed."""

from __future__ import annotations

import re

from grader.messages.exceptions import near_layer
from grader.messages.words import meant, near
from grader.records import Details

_PACKAGES = ("keras", "tensorflow", "numpy")
_KERAS_MODULES = (
    *("layers", "models", "optimizers", "losses", "activations", "initializers", "regularizers"),
    *("callbacks", "metrics", "utils", "backend", "datasets", "constraints", "applications"),
)


def import_advice(details: Details) -> str:
    """What fits Python's sentence; "" where nothing is known."""
    said = str(details.get("sentence", ""))
    module = re.search(r"No module named '([^']+)'", said)
    if module:
        return _no_module(module[1])
    if "relative import" in said:
        return "Import the file beside this one by its name alone, without the dot."
    name = re.search(r"cannot import name '([^']+)' from (?:partially initialized module )?'", said)
    if name:
        owner = said[name.end() :].partition("'")[0]
        return _no_name(name[1], owner, details)
    return ""


def _no_module(module: str) -> str:
    package, _, rest = module.partition(".")
    if rest and package in _PACKAGES:
        inner = rest.removeprefix("keras.")
        known = near(inner, _KERAS_MODULES)
        if known:
            return meant(module, module.removesuffix(inner) + known)
        return f"{package} has no module {module}: look it up in the documentation of Keras 3."
    known = near(package, _PACKAGES)
    if known:
        return meant(package, known)
    return (
        f"{package} is not there when your file is graded; Keras, TensorFlow and NumPy are. Leave "
        f"it out, or if {package}.py is a file of yours, hand it in beside this one."
    )


def _no_name(name: str, owner: str, details: Details) -> str:
    files = re.findall(r'  File "([^"]+)"', str(details.get("traceback", "")))
    if f"{owner}.py" in files[:-1]:
        return (
            f"{files[-1]} imports {owner}.py while {owner}.py is still waiting for its own import: "
            "move what both need into a third file that imports neither."
        )
    if owner.partition(".")[0] in _PACKAGES:
        known = near_layer(name)
        if known:
            return meant(name, known)
        return f"{owner} has no {name}: look it up in the documentation of Keras 3."
    return f"{owner}.py has no {name}: is it spelt the same in both files?"
