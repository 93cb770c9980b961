"""Compare: codes for what counts as the same, and for what the table does not show.

| code | values |
|---|---|
| separate-activation | activations that are layers of their own, where the table has no row |
| unusual | row, setting, value found, usual value: equal rows by an unusual setting |
| free | setting, value, layers: what no row shows, where it is not Keras' default |

The other codes are those of `grader.architecture.notes`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from grader.architecture import chosen_settings
from grader.compare.infer import Settings
from grader.compare.steps import Step
from grader.compare.wiring import Aligned
from grader.records import Architecture, Json

# Settings that change neither shape nor parameters, of whatever layer.
_UNSEEN = frozenset({"rate", "stddev", "momentum", "epsilon", "noise_shape", "interpolation"})
_UNSEEN_OBJECTS = ("_initializer", "_regularizer", "_constraint")
_USUAL_FUNCTIONS = ("relu", "softmax")


def architecture_notes(architecture: Architecture, free: Sequence[Aligned]) -> Iterator[str]:
    """The notes on the network, and on activations (`free`) that the table does not show.

    An activation as an argument is nothing else than the table's where that has no row for it.
    """
    layers = [pair.submitted.layer for pair in free if pair.submitted and pair.submitted.layer]
    num_fused = sum(layer.fused for layer in architecture.layers)
    others = num_fused - sum(layer.fused for layer in layers)
    for code in architecture.notes:
        if not code.startswith("fused-activation:"):
            yield code
        elif others:
            yield f"fused-activation:{others}"
    apart = sum(not layer.fused for layer in layers)
    if apart:
        yield f"separate-activation:{apart}"


def unusual_settings(pairs: Sequence[Aligned]) -> Iterator[str]:
    """Codes of layers that give the table's row by other settings than the usual ones."""
    for row, pair in enumerate(pairs, 1):
        if pair.reference and pair.submitted:
            for name, usual in _usual(pair.reference, pair.submitted).items():
                found = pair.submitted.settings.get(name, usual)
                if found != usual:
                    yield f"unusual:{row}:{name}:{found}:{usual}"


def _usual(reference: Step, submitted: Step) -> Settings:
    """The settings that the table's row implies, and those that no row shows at their defaults."""
    dilation = submitted.settings.get("dilation_rate")
    unseen: Settings = {"groups": 1}
    if isinstance(dilation, tuple):
        unseen["dilation_rate"] = (1,) * len(dilation)
    return {**unseen, **reference.settings}


def free_choices(pairs: Sequence[Aligned]) -> Iterator[str]:
    """Codes of settings that are the student's choice: no row of the table depends on them."""
    numbers: Counter[tuple[str, str]] = Counter()
    for layer in (pair.submitted.layer for pair in pairs if pair.submitted):
        for name, value in chosen_settings(layer).items() if layer else ():
            unseen = name in _UNSEEN or name.endswith(_UNSEEN_OBJECTS)
            function = layer is not None and layer.class_name == "Activation"
            if (unseen or function) and value not in _USUAL_FUNCTIONS:
                numbers[name, _text(value)] += 1
    for (name, text), number in numbers.items():
        yield f"free:{name}:{text}:{number}"


def _text(value: Json) -> str:
    """A setting as it may be typed; an object by its class and what it is given."""
    match value:
        case {"class": str() as name, "config": dict() as config}:
            return f"{name}({', '.join(f'{key}={_text(one)}' for key, one in config.items())})"
        case _:
            return repr(value)
