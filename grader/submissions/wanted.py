"""Finding: what is looked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wanted:
    """The ids of parts, the names of folders that hold sheets, and the untouched stubs by part."""

    part_ids: Collection[str]
    sheet_ids: Collection[str] = ()
    stubs: Mapping[str, bytes] = field(default_factory=dict)
