"""Recognises the summaries of PyTorch, to say what they are rather than to read them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.summary.lines import Line, misread

_TORCHINFO = re.compile(r"\bLayer \(type(?::depth-idx| \(var_name\))|[├└]─\w+: [0-9]+-[0-9]+")
_TORCHSUMMARY = re.compile(
    r"^[\s|#>]{0,20}[A-Za-z]\w{0,80}-[0-9]+\s+\[+-?[0-9]+[,\]]|\bForward/backward pass size \(MB\)"
)
_SIGNS = {"torchinfo": _TORCHINFO, "torchsummary": _TORCHSUMMARY}


def refuse_pytorch(lines: Sequence[Line]) -> None:
    """Raise SummaryError where `lines` hold a summary of torchinfo or torchsummary."""
    for tool, sign in _SIGNS.items():
        found = next((line for line in lines if sign.search(line.text)), None)
        if found is not None:
            raise misread(
                found.piece(),
                f"a summary that Keras printed; this is a PyTorch summary, by {tool}: build the "
                "network in Keras and paste what its model.summary() prints",
            )
