"""Refusals: why a reply, or a layer in it, cannot be taken."""

from __future__ import annotations


class ReplyError(Exception):
    """The reply breaks a rule; the text says what was found, as a detail for whoever looks into it.

    `code` is what a student is told of: "form" where only a changed Keras or a made-up reply leads,
    "too-large" and "sparse-input" where a file can, too.
    """

    def __init__(self, found: str, code: str = "form") -> None:
        super().__init__(found)
        self.code = code


class OutsideTableError(Exception):
    """A layer of Keras' own that the project's table does not hold: it gets a row, and no more."""


class OwnCodeError(Exception):
    """The network holds code of the student's own, which cannot be rebuilt.

    `what` is "function" for a function in a setting of a layer, "" for a layer.
    """

    def __init__(self, name: str, layer: str, what: str = "") -> None:
        super().__init__(f"{name} in {layer}")
        self.what = what
        self.name = name
        self.layer = layer


class TooLargeError(Exception):
    """The network asks for more memory than a worker has; `what` is "parameters" or "values"."""

    def __init__(self, what: str, found: int, limit: int) -> None:
        super().__init__(f"{found} {what}, at most {limit}")
        self.what = what
        self.found = found
        self.limit = limit
