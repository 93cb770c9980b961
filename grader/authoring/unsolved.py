"""Authoring: the fault of a row of which no exercise can be made, from whatever step."""

from __future__ import annotations


class UnsolvedError(Exception):
    """A row that no known layer gives; `row` is its name, the text says what was tried."""

    def __init__(self, row: str, found: str) -> None:
        super().__init__(found)
        self.row = row
