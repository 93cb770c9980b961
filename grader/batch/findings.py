"""Batch, at rest: what one's own files were found to say, as files in the user's cache.

For a student who runs the same checks again: where nothing was changed, no sandbox, no worker and
no TensorFlow has to start. A class has its gradebook instead.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from data import cache_folder
from grader.batch.tasks import DescribeTask
from grader.files import write_atomically
from grader.grading import Evidence, examine, examined
from grader.grading.describing import chosen
from grader.grading.examining import Rebuild
from grader.records import Description, Fault, Part, Rebuilt, Rule, Source
from grader.records.encoding import decode, encode
from grader.sandbox.launcher import Sandbox


@dataclass(frozen=True)
class _Kept:
    """What one file said, and what was read off its network; None where there is none."""

    description: Description
    rebuilt: Rebuilt | None


class Findings:
    """Findings by the contents of files, one small file each; several processes may share them."""

    def __init__(self, versions: Mapping[str, str], folder: Path | None = None) -> None:
        """`versions` are those of what computes; `folder` None is `cache_folder()`."""
        self._versions = versions
        self._folder = folder or cache_folder()

    def recall(self, part: Part, source: Source) -> Evidence | None:
        """All that is known of this file without training, as it was found before; else None."""
        try:
            kept = decode(self._file(part, source).read_text("utf-8"), _Kept)
        except (OSError, ValueError):
            return None
        described = chosen(part, [(source.path, kept.description)])
        return examined(part, described, kept.rebuilt)

    def examine(self, sandbox: Sandbox, rebuild: Rebuild, part: Part, source: Source) -> Evidence:
        """All that is known of this file without training, found out now or before."""
        known = self.recall(part, source)
        if known is not None:
            return known
        evidence = examine(sandbox, rebuild, part, [source])
        self._keep(part, source, evidence)
        return evidence

    def _keep(self, part: Part, source: Source, evidence: Evidence) -> None:
        """Remember what was found, unless it may be otherwise the next time."""
        if evidence.fault is not None and _may_pass(evidence.fault):
            return
        kept = _Kept(evidence.described.description, evidence.rebuilt)
        # A cache that cannot be written costs time, and no more.
        with contextlib.suppress(OSError):
            write_atomically(self._file(part, source), encode(kept))

    def _file(self, part: Part, source: Source) -> Path:
        key = DescribeTask(part, source, self._versions).key
        return self._folder / "findings" / f"{key}.json"


def _may_pass(fault: Fault) -> bool:
    """Whether it says something of the machine in that minute, or of what is installed there."""
    return fault.outcome.is_trouble or fault.rule is Rule.IMPORT_ERROR
