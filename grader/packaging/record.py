"""Packages, the note inside: what is known when a package is made and needed where it runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from grader.errors import GraderError

NAME = "package.json"
# Of Gradescope: the longest timeout (autograder_samples, docs/troubleshooting.md).
MOST_MINUTES = 40


@dataclass(frozen=True)
class Package:
    """A package's facts. `data_file` lies beside the note; None for the data set built in.

    `versions` are those with which the trainings inside were computed. `minutes` is the time that
    the platform gives each submission.
    """

    grader: str
    sheets: tuple[str, ...]
    data_file: str | None
    data_sha256: str
    versions: Mapping[str, str]
    minutes: int

    def to_json(self) -> str:
        """The note, in UTF-8."""
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"


def read_package(folder: Path) -> Package:
    """The note in this folder; raises GraderError where it cannot be read."""
    try:
        kept = json.loads((folder / NAME).read_bytes())
        values = {field.name: kept[field.name] for field in fields(Package)}
        return Package(**values | {"sheets": tuple(values["sheets"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GraderError(
            f"{NAME} of this package cannot be read ({error}). Upload the package anew."
        ) from error
