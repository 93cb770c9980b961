"""Reads the totals below the rows, in the spelling of every version."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from grader.records import Totals
from grader.summary.fields import read_number
from grader.summary.lines import Line, Piece, ended, misread

_LABEL = re.compile(
    r"(?<![\w-])(?P<label>total|trainable|non[-\u2010\u2011\u2013]trainable|optimizer) params"
    r"\s*:?\s*(?P<count>\S*)",
    re.IGNORECASE,
)
_RULE = re.compile(r"[\W_]+")


def read_totals(below: Sequence[Line]) -> tuple[Totals, Piece]:
    """The totals in these lines, the first of which begins them, and the place of the total.

    The total is that of the layers: what Keras 3 adds for the optimizer is taken off again.
    Keras 1.0 and 1.1 print no more than the total: then the other two are None.
    """
    found = _found(below)
    total_place = found["total"]
    counts = {label: read_number(piece) for label, piece in found.items()}
    total, trainable, non_trainable = map(counts.get, ("total", "trainable", "non-trainable"))
    if total is None:
        raise misread(below[0].piece(), "'Total params:' and a count")
    if trainable is None and non_trainable is None:
        # Where nothing else follows, the text may have been broken off; only those who print no
        # more write thousands without a comma and without what they take in memory.
        whole = len(below) > 1 or re.fullmatch(r"[0-9]{4,}", total_place.text)
        if not whole or _is_broken_off(below[1:]):
            raise ended(below, "'Trainable params:' and a count")
        return Totals(total, None, None), total_place
    if trainable is None:
        raise misread(below[1].piece(), "'Trainable params:' and a count")
    if non_trainable is None:
        raise ended(below[:2], "'Non-trainable params:' and a count")
    optimizer = counts.get("optimizer", 0)
    if trainable + non_trainable + optimizer != total:
        raise misread(total_place, _sum(trainable, non_trainable, found, optimizer))
    return Totals(trainable + non_trainable, trainable, non_trainable), total_place


def _is_broken_off(rest: Sequence[Line]) -> bool:
    return bool(rest) and "trainable params".startswith(rest[0].text.strip().lower())


def _found(below: Sequence[Line]) -> Mapping[str, Piece]:
    """The counts by their labels, up to the first line of something else."""
    found: dict[str, Piece] = {}
    for line in below:
        matches = list(_LABEL.finditer(line.text))
        if not matches and _RULE.fullmatch(line.text) is None:
            break
        for match in matches:
            label = re.sub(r"[\u2010\u2011\u2013]", "-", match["label"].lower())
            if label in found:
                return found
            found[label] = line.piece(match.start("count"), match.end("count"))
    if "total" not in found:
        raise misread(below[0].piece(), "'Total params:' and a count")
    return found


def _sum(trainable: int, non_trainable: int, found: Mapping[str, Piece], optimizer: int) -> str:
    added = f"{trainable:,} trainable + {non_trainable:,} non-trainable"
    if "optimizer" in found:
        added += f" + {optimizer:,} of the optimizer"
    return f"{added} = {trainable + non_trainable + optimizer:,}"
