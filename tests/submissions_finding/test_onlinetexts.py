"""Code that students pasted into a text box."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.messages import notice_messages
from grader.submissions.onlinetexts import read_online_text

if TYPE_CHECKING:
    from grader.submissions import Found

Write = Callable[..., Path]
Find = Callable[..., "Found"]

PART_IDS = ("fc_a", "fc_b", "cnn_a")
CODE = """\
# part: fc_a
import keras
def build_model():
    if 1 < 2 and "ä&b":
        return keras.Sequential([
            keras.layers.Dense(8),
        ])
"""
ESCAPED = CODE.replace("&", "&amp;").replace("<", "&lt;").replace("ä", "&auml;")
LINES = ESCAPED.splitlines()


def _no_break(line: str) -> str:
    """The line with its blanks as editors write them, every second one a no-break space."""
    indent = len(line) - len(line.lstrip())
    return "&nbsp; " * (indent // 2) + line.lstrip()


PAGES = {
    "paragraphs": "".join(f"<p>{_no_break(line)}</p>\n" for line in LINES),
    "paragraphs with styles": "".join(
        f'<p dir="ltr" title="a>b"><span style="x">{_no_break(line)}</span></p>' for line in LINES
    ),
    "breaks": "<p>" + "<br />".join(map(_no_break, LINES)) + "</p>",
    "plain text made a page": '<div class="text_to_html">' + "<br />\n".join(LINES) + "</div>",
    "preformatted": f"<pre><code>{ESCAPED}</code></pre>",
    "divisions, laid out": "".join(f"\n\t<div>\n\t\t{_no_break(line)}\n\t</div>" for line in LINES),
    "lines of Windows": ESCAPED.replace("\n", "\r\n"),
    "after words": "<p>Hello!</p><ul><li>my work</li></ul>"
    + "".join(f"<p>{_no_break(line)}</p>" for line in LINES),
}


@pytest.mark.parametrize("page", PAGES)
def test_the_code_is_as_it_was_typed(page: str) -> None:
    """Lines, indentation and characters, whatever the editor made of them."""
    document = f"<!DOCTYPE html><html><head><meta charset='UTF-8'></head><body>{PAGES[page]}</body>"

    found = read_online_text(document.encode(), "onlinetext.html", PART_IDS)

    lines = [line.rstrip() for line in found.parts[0].code.decode().splitlines() if line.strip()]
    assert ["fc_a"] == [part.part for part in found.parts]
    assert CODE.splitlines() == lines


def test_several_parts_in_one_text_begin_at_their_markers() -> None:
    """As the cells of a notebook do, with what all of them share."""
    page = "<p># part: all</p><p>import keras</p><p># part: fc_a</p><p>x = 1</p><p># part: fc_b</p>"

    found = read_online_text(page.encode(), "onlinetext.html", PART_IDS)

    assert ["fc_a", "fc_b"] == [part.part for part in found.parts]
    assert all(b"import keras" in part.code for part in found.parts)
    assert b"x = 1" not in found.parts[1].code


def test_without_a_marker_a_text_counts_where_it_can_be_of_one_part_only(
    write: Write, find: Find
) -> None:
    """One `build_model` and the name of one part; otherwise the page says what is missing."""
    model = "<br>def build_model():<br>&nbsp; &nbsp; return None"
    texts = {"Jane": f'"""Part fc_a: one layer."""{model}', "Jim": model, "Joan": "<p>Done!</p>"}
    for number, (name, text) in enumerate(texts.items()):
        write(f"class/{name}_{number}_assignsubmission_onlinetext/onlinetext.html", text)

    jane, jim, joan = sorted(find("class").submissions, key=lambda s: s.student.name)

    assert {"fc_a"} == jane.sources.keys()
    assert not jim.sources
    assert (
        "onlinetext.html holds Python, but does not say for which part. The code of a part begins "
        "with a line like '# part: fc_a'."
    ) == notice_messages(jim.notices)[0]
    assert notice_messages(joan.notices)[0].startswith("No part was found. Found: onlinetext.html.")


def test_the_text_beside_an_equal_file_is_no_second_candidate(write: Write, find: Find) -> None:
    """A different one is: the part then has two, which the student is told."""
    folder = "class/Jane Doe_1_assignsubmission_"
    write(f"{folder}file/fc_a.py", "# part: fc_a\nx = 1\n")
    write(f"{folder}onlinetext/onlinetext.html", "<p># part: fc_a</p><p>x = 1</p>")

    equal = find("class").submissions[0]
    write(f"{folder}onlinetext/onlinetext.html", "<p># part: fc_a</p><p>x = 2</p>")
    different = find("class").submissions[0]

    assert (1, 2) == (len(equal.sources["fc_a"]), len(different.sources["fc_a"]))


@pytest.mark.parametrize(
    "piece", ["<a ", '<a "', "<a '\"", "<!--", "<b>a</b>", "<head ", "<p>", "\n", "&", "&#1", "#"]
)
def test_no_page_makes_the_reading_slow(piece: str) -> None:
    """Half a megabyte of any beginning is read in seconds."""
    start = time.process_time()

    read_online_text(piece.encode() * (500_000 // len(piece)), "x", PART_IDS)

    assert time.process_time() - start < 10


def test_numbers_of_no_character_are_replaced() -> None:
    """Also those with more digits than Python reads."""
    page = "# part: fc_a<br>x = '&#" + "1" * 5000 + ";'"

    found = read_online_text(page.encode(), "x", PART_IDS)

    assert "x = '\ufffd'" in found.parts[0].code.decode()


def test_a_page_that_is_too_large_is_not_read() -> None:
    """And said so."""
    found = read_online_text(b" " * (2 * 1024 * 1024 + 1), "onlinetext.html", PART_IDS)

    assert ("onlinetext.html was not read: it is larger than 2 MB.",) == notice_messages(
        found.notices
    )
