"""Pages hold all they need, show what the grade says, and let no text become markup."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import Markup

from data.builtin import SHIPPED_SHA256
from grader.records import Check, Grade, Hint, Outcome, Part, PartGrade, Row, Rule, Run, Student
from grader.report.drawings import Drawings
from grader.report.images import Album
from grader.report.pages import class_page, student_page
from grader.report.writing import write_pages

INJECTED = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7 * 7 }}\x1b[31m\u202e"
CAUSES_REQUEST = {"src", "srcset", "href", "action", "data", "poster", "background", "xlink:href"}


OUTLINED = ("h1", "h2", "h3", "caption", "summary", "dt", "thead")


class Outline(HTMLParser):
    """What a reader goes by: titles, captions, heads of tables and what is folded, line by line."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._inside: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as HTMLParser calls it
        """Begin a line where there is something to go by."""
        if tag in OUTLINED:
            self._inside = tag
            self.lines.append(f"{tag}:")

    def handle_endtag(self, tag: str) -> None:
        """The line ends with its element."""
        if tag == self._inside:
            self._inside = None

    def handle_data(self, data: str) -> None:
        """Its words."""
        if self._inside and data.strip():
            self.lines[-1] += f" {' '.join(data.split())}"


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep its text."""
        self.text += data


def injected(part: PartGrade) -> PartGrade:
    """The part with markup in every text that can come from outside."""
    return replace(
        part,
        checks=tuple(replace(check, message=INJECTED) for check in part.checks),
        hints=(Hint(Rule.UNITS, 1, INJECTED), Hint(Rule.UNITS, None, INJECTED)),
        notes=(INJECTED,),
        rows=tuple(
            replace(row, submitted=Row(INJECTED, (None, 8), 1, INJECTED)) for row in part.rows
        ),
        answer=INJECTED,
        output=INJECTED,
        training=part.training and replace(part.training, message=INJECTED),
    )


@pytest.fixture
def hostile_run(perfect: Grade, as_run: Callable[..., Run]) -> Run:
    """A run in which every text field holds markup."""
    grade = replace(
        perfect,
        student=Student(INJECTED),
        notices=(INJECTED,),
        parts=tuple(injected(part) for part in perfect.parts),
    )
    run = as_run(grade)
    data = replace(run.data, name=INJECTED, names=(INJECTED,) * 8)
    return replace(run, data=data, sandbox=INJECTED, versions={INJECTED: INJECTED})


@pytest.fixture
def hostile_parts(parts: Mapping[str, Part]) -> dict[str, Part]:
    """Parts whose titles and questions hold markup."""
    return {
        key: replace(part, title=INJECTED, question=INJECTED, insight=INJECTED)
        for key, part in parts.items()
    }


def test_markup_in_any_text_stays_text(
    hostile_run: Run, hostile_parts: Mapping[str, Part], album: Album
) -> None:
    """No element or handler comes from a name, an answer, an output, a layer or a message."""
    pages = [
        student_page(hostile_run.grades[0], hostile_run, hostile_parts, Drawings(album)),
        class_page(hostile_run, hostile_parts),
    ]

    for page in pages:
        elements = Elements(page)
        scripts = [tag for tag, _ in elements.found if tag == "script"]
        assert len(scripts) == page.count('<script>"use strict";')
        assert not [a for _, attrs in elements.found for a in attrs if a.startswith("on")]
        assert not [a for tag, a in elements.found if tag == "img" and a.get("src") == "x"]
        assert "<script>alert(2)</script>{{ 7 * 7 }}<U+202E>" in elements.text
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", page)


def test_a_page_needs_nothing_but_itself(
    whole_run: Run, parts: Mapping[str, Part], album: Album
) -> None:
    """Whatever a browser could fetch is data in the page, a place in it, or a link to follow."""
    for grade in whole_run.grades:
        elements = Elements(student_page(grade, whole_run, parts, Drawings(album)))
        addresses = [a[k] for _, a in elements.found for k in CAUSES_REQUEST & set(a)]

        assert not [a for a in addresses if a and not a.startswith(("data:", "#"))]
        assert "url(" not in elements.text
        assert "@import" not in elements.text


def test_the_policy_admits_the_style_sheet_and_data_images_only(
    whole_run: Run, parts: Mapping[str, Part]
) -> None:
    """The page's policy names the digest of its one style sheet and has no other permission."""
    page = student_page(whole_run.grades[0], whole_run, parts)

    style = page.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(
        a["content"]
        for tag, a in Elements(page).found
        if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    expected = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    assert expected == policy
    assert 'style="' not in page


def test_verdict_points_and_next_step_stand_before_the_parts(
    padding_forgotten: Grade, whole_run: Run, parts: Mapping[str, Part]
) -> None:
    """The order of a student's page: verdict, points, one next step, parts, how to reproduce."""
    text = Elements(student_page(padding_forgotten, whole_run, parts)).text

    order = ["2 of 5 parts", "8.5", "Next step", "The parts", "Layer by layer", "How to reproduce"]
    places = [text.index(words) for words in order]
    assert sorted(places) == places
    assert text.count("Next step") == 1


def test_the_hint_stands_below_the_row_that_differs_first(
    padding_forgotten: Grade, whole_run: Run, parts: Mapping[str, Part]
) -> None:
    """The first difference is marked once, and the next row of the table is its hint."""
    page = student_page(padding_forgotten, whole_run, parts)

    marked = re.findall(
        r'<tr class="different first hinted">.*?</tr>\s*<tr class="([^"]*)"', page, re.DOTALL
    )
    expected = ["hint-row"]
    assert expected == marked


def test_grader_trouble_is_no_fault_of_the_student(
    slow_one: Grade, whole_run: Run, parts: Mapping[str, Part]
) -> None:
    """Grader trouble has a mark and a sentence of its own."""
    page = student_page(slow_one, whole_run, parts)

    section = page.split('<section class="card part" id="fc_b"')[1].split("</section>")[0]
    assert "This is not your fault" in section
    assert "badge trouble" in section
    assert "badge open" not in section


def test_wrong_images_are_shown_with_pixels_or_listed_in_words(
    perfect: Grade, whole_run: Run, parts: Mapping[str, Part], album: Album
) -> None:
    """Twenty-four images a part where there is an album, the same in words where there is none."""
    grade = replace(perfect, parts=perfect.parts[:1])

    with_pixels = student_page(grade, whole_run, parts, Drawings(album))
    in_words = student_page(grade, whole_run, parts)

    assert with_pixels.count("data:image/png") == 24
    assert in_words.count("data:image/png") == 0
    assert in_words.count('class="is-name"') == 24
    assert "119 test images it got wrong" in in_words


def test_the_insight_is_for_those_who_have_passed(
    padding_forgotten: Grade, whole_run: Run, parts: Mapping[str, Part]
) -> None:
    """Each part that is done earns its sentence; the others do not give it away."""
    told = {key: replace(part, insight=f"Insight of {key}.") for key, part in parts.items()}

    text = Elements(student_page(padding_forgotten, whole_run, told)).text

    expected = [True, True, False, False, False]
    assert expected == [f"Insight of {key}." in text for key in told]


def test_pages_have_their_outline(
    padding_forgotten: Grade,
    whole_run: Run,
    parts: Mapping[str, Part],
    golden: Callable[[str, bytes], None],
) -> None:
    """Sections, tables and folds stand in the order that the golden files tell."""
    student = Outline(student_page(padding_forgotten, whole_run, parts)).lines
    whole_class = Outline(class_page(whole_run, parts)).lines

    golden("student.txt", ("\n".join(student) + "\n").encode())
    golden("class.txt", ("\n".join(whole_class) + "\n").encode())


def test_places_in_a_page_are_there(whole_run: Run, parts: Mapping[str, Part]) -> None:
    """Every link to a place in the page has that place, and no id is given twice."""
    pages = [class_page(whole_run, parts)]
    pages += [student_page(grade, whole_run, parts) for grade in whole_run.grades]

    for page in pages:
        found = Elements(page).found
        ids = [a["id"] for _, a in found if "id" in a]
        places = {a["href"] or "" for tag, a in found if tag == "a"}
        assert len(set(ids)) == len(ids)
        assert {place[1:] for place in places if place.startswith("#")} <= set(ids)


def test_tables_have_captions_and_headers(whole_run: Run, parts: Mapping[str, Part]) -> None:
    """Every table says what it is, and every header cell what it is a header of."""
    pages = [class_page(whole_run, parts)]
    pages += [student_page(grade, whole_run, parts) for grade in whole_run.grades]

    for page in pages:
        tags = [tag for tag, _ in Elements(page).found]
        assert tags.count("table") == tags.count("caption") == tags.count("thead")
        assert not [a for tag, a in Elements(page).found if tag == "th" and "scope" not in a]


def test_a_part_that_no_sheet_knows_is_still_shown(perfect: Grade, whole_run: Run) -> None:
    """A page is made without titles and questions, from the grade alone."""
    assert 'id="cnn_c"' in student_page(perfect, whole_run, {})


def test_the_class_page_names_troubles_and_links_every_student(
    whole_run: Run, parts: Mapping[str, Part]
) -> None:
    """Every student has a link; time limits, grader trouble and notices are listed."""
    page = class_page(whole_run, parts)

    elements = Elements(page)
    addresses = {a["href"] or "" for tag, a in elements.found if tag == "a"}
    links = {address for address in addresses if not address.startswith("#")}
    expected = {grade.report for grade in whole_run.grades}
    assert expected == links
    assert "Dev Looping: fc_b: grader trouble. cnn_b: out of time." in elements.text
    assert "Bo Unpadded: cnn_a (1).py was taken for cnn_a.py." in elements.text


def test_an_empty_run_has_a_class_page(as_run: Callable[..., Run]) -> None:
    """Before the first student is done there is a page already."""
    assert "0 submissions" in class_page(as_run(), {})


def test_a_thousand_students_fit_two_megabytes(
    slow_one: Grade, parts: Mapping[str, Part], as_run: Callable[..., Run]
) -> None:
    """The class page of 1,000 students is smaller than 2 MB."""
    run = as_run(*[replace(slow_one, submission=f"s{n}") for n in range(1000)])

    assert len(class_page(run, parts).encode()) < 2_000_000


def test_pages_are_written_where_the_grades_say(
    whole_run: Run, parts: Mapping[str, Part], tmp_path: Path
) -> None:
    """Every link of the class page leads to a page, and nothing else is left in the folder."""
    write_pages(whole_run, tmp_path, parts)
    write_pages(whole_run, tmp_path, parts)

    expected = {"index.html", *(grade.report for grade in whole_run.grades)}
    files = (path for path in tmp_path.rglob("*") if path.is_file())
    assert expected == {path.relative_to(tmp_path).as_posix() for path in files}


def test_the_same_grade_gives_the_same_page(
    perfect: Grade, whole_run: Run, parts: Mapping[str, Part], album: Album
) -> None:
    """A page rendered again is equal byte for byte."""
    first = student_page(perfect, whole_run, parts, Drawings(album))

    assert first == student_page(perfect, whole_run, parts, Drawings(album))


def test_an_unfinished_training_shows_what_was_reached(
    perfect: Grade, whole_run: Run, parts: Mapping[str, Part]
) -> None:
    """A training that was stopped says so, and what has no number has a dash."""
    passed = perfect.parts[0]
    assert passed.training is not None
    nothing = replace(passed.training.accuracy, test=None)
    stopped = replace(passed.training, accuracy=nothing, message="Stopped after 12 epochs.")
    check = Check(passed.checks[3].name, Outcome.TIMED_OUT, 0.0, 0.5, "Over its limit.")
    part = replace(passed, training=stopped, checks=(*passed.checks[:3], check))

    text = Elements(student_page(replace(perfect, parts=(part,)), whole_run, parts)).text

    assert "Stopped after 12 epochs." in text
    assert "out of time" in text


def test_numbers_of_other_data_are_got_again_with_these_data(
    perfect: Grade, whole_run: Run, parts: Mapping[str, Part]
) -> None:
    """The command that gets the numbers again names a data set that is not the built-in one."""
    built_in = replace(whole_run, data=replace(whole_run.data, sha256=SHIPPED_SHA256))

    told = [
        re.findall(r"get these numbers again: <code>([^<]*)</code>", page)
        for page in (student_page(perfect, run, parts) for run in (built_in, whole_run))
    ]

    assert any(told[0])
    assert [f"{command} --data FILE" for command in told[0]] == told[1]


def test_what_students_have_in_common_is_drawn_once(
    perfect: Grade, whole_run: Run, parts: Mapping[str, Part]
) -> None:
    """Equal trainings and rows share their piece of a page; another threshold has its own."""
    first = perfect.parts[0]
    drawings, drawn = Drawings(), list[PartGrade]()

    def macro(part: PartGrade) -> Markup:
        drawn.append(part)
        return Markup("{}").format(part.threshold)

    other_answer = replace(first, answer="another", shared_with=7, notes=())
    other_threshold = replace(first, threshold=0.9)
    pieces = [drawings.training(macro, p) for p in (first, other_answer, other_threshold)]
    drawings.rows(macro, first)

    assert pieces == ["0.62", "0.62", "0.9"]
    assert len(drawn) == 3
    shared = Drawings()
    for grade in whole_run.grades:
        page = student_page(grade, whole_run, parts, shared)
        assert page == student_page(grade, whole_run, parts)
