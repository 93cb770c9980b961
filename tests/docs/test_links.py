"""Links between pages of the docs lead to files that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.examples import PAGES, ROOT

_LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """From the page's own folder."""
    links = _LINK.findall(page.read_text("utf-8"))

    assert [] == [link for link in links if not (page.parent / link).exists()]
