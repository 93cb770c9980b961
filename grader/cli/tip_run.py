"""Face of the program: what `grader tip` shows; which came last is kept in the cache."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path

from data import cache_folder
from grader.authoring.checking import read_tips
from grader.cli.files import near
from grader.errors import UsageError
from grader.files import write_atomically
from grader.records import Part
from grader.sheets import find_part, load_sheets

_WIDTH = 88


def run(part_id: str, number: int | None) -> Iterator[str]:
    """The lines to show. Raises UsageError for a part or tip that there is not."""
    part = find_part(load_sheets(), part_id)
    tips = read_tips(part)
    shown = _last_shown(part)
    wanted = number or min(shown + 1, len(tips))
    if wanted > len(tips):
        raise UsageError(
            f"{part.id} has {len(tips)} tips, there is no tip {wanted}. "
            f"Write: grader tip {part.id} {len(tips)}"
        )
    _keep(part, wanted)
    yield f"Tip {wanted} of {len(tips)} for {part.id}:"
    yield ""
    yield textwrap.fill(tips[wanted - 1], _WIDTH, break_long_words=False, break_on_hyphens=False)
    yield ""
    if wanted < len(tips):
        yield f"The next one: grader tip {part.id} {wanted + 1}"
    else:
        yield f"That was the last one. Check your network with: pytest {near(part.stub)}"


def _file(part: Part) -> Path:
    return cache_folder() / "tips" / f"{part.id}.json"


def _last_shown(part: Part) -> int:
    """The number of the last tip that was shown for this stub; 0 for none."""
    try:
        kept = json.loads(_file(part).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0
    if not isinstance(kept, dict):
        return 0
    shown = kept.get(str(part.stub.resolve()))
    return shown if isinstance(shown, int) else 0


def _keep(part: Part, number: int) -> None:
    try:
        write_atomically(_file(part), json.dumps({str(part.stub.resolve()): number}))
    except OSError:
        return  # only the number of the next one is lost
