"""Rebuild and train: what Keras or TensorFlow said, without their inner names and places.

No Keras here.
"""

from __future__ import annotations

import re

_LONGEST_SENTENCE = 500
# Of a fault met in a graph: where the node came from, up to what is said of it.
_ORIGIN = re.compile(
    r"^Graph execution error:|^Detected at node .*|^<stack traces unavailable>"
    r'|^ *File ".*\n(?: {4}.*\n)?',
    re.MULTILINE,
)
# Keras prints in bold; TensorFlow names nodes, operations and what their inputs were.
_INNER = re.compile(
    r"\x1b\[[0-9;]*m|\{\{function_node .*?\}\}|\[\[.*?\{\{node .*?\}\}.*?\]\]|\[Op:.*?\](?: name:)?"
    r"|,? for '\{\{node .*|Arguments received by .*",
    re.DOTALL,
)


def sentence_of(error: Exception) -> str:
    """Class and message of the error in one line of a few hundred characters at most."""
    said = " ".join(_INNER.sub(" ", _ORIGIN.sub("", str(error))).split())
    name = type(error).__name__
    text = f"{name}: {said}" if said else name
    return text if len(text) <= _LONGEST_SENTENCE else f"{text[: _LONGEST_SENTENCE - 1]}…"
