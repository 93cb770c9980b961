"""Pieces of the page in the output of a notebook, beside styles that are not theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import escape
from selenium import webdriver

from grader.records import Grade, Part, Progress, Run
from grader.report.drawings import Drawings
from grader.report.fragments import (
    Fragment,
    comparison_fragment,
    live_fragment,
    part_fragment,
)
from tests.report.browsing import chromium, show

# In the manner of JupyterLab and of VS Code.
STYLES = """
body { background: white; color: rgb(1, 2, 3); }
:root .jp-OutputArea .jp-RenderedHTMLCommon {
  td { color: red; text-align: right; border: 9px solid red; }
  tbody tr:nth-child(even) { background: red; }
  p { margin: 99px; }
}
"""
LOOKS = """
const style = (name) => getComputedStyle(document.querySelector(name));
return {
  outside: style('#outside').color,
  cell: style('.rows td.layer').textAlign, border: style('.rows td.layer').borderTopWidth,
  row: style('.rows tr.different > td').backgroundColor, hint: style('p.hint').marginTop,
};
"""
CARD = """
document.body.setAttribute(arguments[0], arguments[1]);
const found = getComputedStyle(document.querySelector('.card')).backgroundColor;
document.body.removeAttribute(arguments[0]);
return found;
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """One browser for all tests of this file."""
    with chromium(tmp_path_factory.mktemp("chromium")) as session:
        yield session


@pytest.fixture
def fragment(padding_forgotten: Grade, whole_run: Run, parts: dict[str, Part]) -> Fragment:
    """A part whose layers differ from the table."""
    unpadded = next(part for part in padding_forgotten.parts if part.hints)
    printed = replace(unpadded, output="<script>alert(1)</script>")
    return part_fragment(printed, whole_run, parts, ["Next: something."], Drawings())


def test_neither_styles_the_other(
    fragment: Fragment, browser: webdriver.Chrome, tmp_path: Path
) -> None:
    """The notebook looks as before, the piece as on the page, and as dark as the notebook."""
    page = tmp_path / "notebook.html"
    page.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><style>{STYLES}</style><p id="outside">text</p>'
        f'<div class="jp-OutputArea"><div class="jp-RenderedHTMLCommon">{fragment.html}'
    )

    # The system is dark: the notebook's own theme counts.
    show(browser, page, 1000, "dark")

    assert {
        "outside": "rgb(1, 2, 3)",
        "cell": "left",
        "border": "0px",
        "row": "rgb(243, 241, 236)",
        "hint": "0px",
    } == browser.execute_script(LOOKS)
    light, dark = "rgb(255, 255, 255)", "rgb(27, 31, 38)"
    themes = {
        ("data-jp-theme-light", "true"): light,
        ("data-jp-theme-light", "false"): dark,
        ("class", "vscode-light"): light,
        ("class", "vscode-dark"): dark,
        ("theme", "dark"): dark,
    }
    assert themes == {theme: browser.execute_script(CARD, *theme) for theme in themes}


def test_a_part_is_what_the_page_shows_of_it(fragment: Fragment, padding_forgotten: Grade) -> None:
    """Checks, rows and hints, in plain text too; what the student printed stays text."""
    hinted = next(part for part in padding_forgotten.parts if part.hints)

    assert "<script" not in fragment.html
    assert "Next: something." in fragment.html
    assert "x The layers match the table: not yet" in fragment.text
    assert "Next: something." in fragment.text
    for hint in hinted.hints:
        assert str(escape(hint.message)) in fragment.html
        assert hint.message.split()[0] in fragment.text


def test_a_training_grows_in_the_frame_of_all_its_epochs(parts: dict[str, Part]) -> None:
    """Before the first epoch there is no curve; what is still to come is left free."""
    part = next(iter(parts.values()))
    epochs = [Progress(e, part.protocol.epochs, 1.0 / e, 0.1 * e, 0.1 * e, 9.0) for e in (1, 2)]

    before = live_fragment(part, 0.5, [], "It begins.")
    after = live_fragment(part, 0.5, epochs, "Two are done.")

    assert "It begins." == before.text
    assert "chart" not in before.html.partition("</style>")[2]
    assert "2 of 30 epochs" in after.html
    assert f">{part.protocol.epochs}</text>" in after.html
    assert "nan" not in after.html.partition("</style>")[2]


def test_parts_stand_beside_each_other(perfect: Grade, parts: dict[str, Part]) -> None:
    """Each with its outcome, points and curve; nothing in it leads out of the notebook."""
    fragment = comparison_fragment(perfect, parts)

    for part in perfect.parts:
        assert part.part in fragment.text
        assert f"{part.part}: accuracy by epoch" in fragment.html
    assert "What each step bought you" in fragment.html
    assert "href" not in fragment.html
