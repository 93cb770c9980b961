"""Inputs that once broke a law of a reader keep it now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

CORPUS = sorted(path for path in (Path(__file__).parent / "corpus").glob("*/*") if path.is_file())


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_is_mended(
    path: Path, checks: Mapping[str, Callable[[bytes], None]]
) -> None:
    """The folder in the corpus names the reader; its laws hold, in time and memory too."""
    checks[path.parent.name](path.read_bytes())
