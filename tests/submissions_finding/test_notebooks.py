"""Parts in notebooks: marked cells, what is left out of them, and files that are no notebooks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.messages import notice_messages
from grader.records import Submission
from grader.submissions.magics import without_magics
from grader.submissions.notebooks import read_notebook

Write = Callable[..., Path]
FindOne = Callable[[str], Submission]
Notebook = Callable[..., str]


def test_a_part_is_its_marked_cell_after_the_shared_ones(
    write: Write, find_one: FindOne, notebook: Notebook
) -> None:
    """Cells without a marker are never run; shared cells come first, in their order."""
    write(
        "work.ipynb",
        notebook(
            "\n# part: all\nimport keras",
            "evil()",
            "# part: fc_a\na = 1",
            "x = 1\n# part: fc_a",
            "# part: all\nb = 2",
        ),
    )

    sources = find_one("work.ipynb").sources

    assert {"fc_a"} == sources.keys()
    assert "work.ipynb, cell 3" == sources["fc_a"][0].path
    assert (b"\n# part: all\nimport keras\n# part: all\nb = 2\n# part: fc_a\na = 1") == sources[
        "fc_a"
    ][0].code


@pytest.mark.parametrize(
    "marker",
    [
        "# part: fc_a",
        "#part:FC_A",
        "  \n  #  Part :  fc_a  ",
        "## PART: fc_A",
        "%%time\n# part: fc_a",
        '#@title Part A { display-mode: "form" }\n# @markdown One layer.\n# part: fc_a',
    ],
)
def test_markers_are_read_whatever_their_case_and_blanks(
    marker: str, write: Write, find_one: FindOne, notebook: Notebook
) -> None:
    """A marker is found as people type it, after blank lines, magics and titles of Colab's."""
    write("work.ipynb", notebook(f"{marker}\na = 1"))

    assert {"fc_a"} == find_one("work.ipynb").sources.keys()


def test_of_two_cells_with_one_marker_the_last_counts(
    write: Write, find_one: FindOne, notebook: Notebook
) -> None:
    """A notice names both."""
    write("work.ipynb", notebook("# part: fc_a\na = 1", "x", "# part: fc_a\na = 2"))

    submission = find_one("work.ipynb")

    assert b"# part: fc_a\na = 2" == submission.sources["fc_a"][0].code
    assert (
        "work.ipynb: cells 1 and 3 are both marked as fc_a; the last one, cell 3, counts.",
    ) == notice_messages(submission.notices)


def test_notebooks_of_format_3_are_read(write: Write, find_one: FindOne) -> None:
    """They keep cells in worksheets, and sources under another name."""
    cells = [
        {"cell_type": "heading", "source": "8 faces", "level": 1},
        {"cell_type": "code", "input": ["# part: fc_a\n", "a = 1"], "language": "python"},
        {"cell_type": "code", "input": "# part: fc_b\nb = 1"},
    ]
    write(
        "old.ipynb", json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]})
    )

    sources = find_one("old.ipynb").sources

    assert ["old.ipynb, cell 2"] == [source.path for source in sources["fc_a"]]
    assert b"# part: fc_b\nb = 1" == sources["fc_b"][0].code


def test_an_unknown_or_missing_marker_is_pointed_out(
    write: Write, find_one: FindOne, notebook: Notebook
) -> None:
    """The notice names the cell and the parts that there are, or shows a marker."""
    write("typo.ipynb", notebook("# part: fca\na = 1"))
    write("none.ipynb", notebook("def build_model(): ..."))

    typo, none = find_one("typo.ipynb"), find_one("none.ipynb")

    assert (
        "typo.ipynb, cell 1: it is marked as fca, which is no part. "
        "Parts are: cnn_a, fc_a and fc_b."
    ) == notice_messages(typo.notices)[0]
    expected = (
        "No part was found: in none.ipynb no cell is marked. The cell of a part begins with a line "
        "like '# part: fc_a'."
    )

    assert (expected,) == notice_messages(none.notices)


def test_a_marker_that_is_not_the_first_line_is_pointed_out(
    write: Write, find_one: FindOne, notebook: Notebook
) -> None:
    """Below other lines it marks nothing, also where two cells were joined into one."""
    write("late.ipynb", notebook('"""Mine."""\n# part: fc_a\na = 1', "# part: of mine"))
    write("joined.ipynb", notebook("# part: fc_a\na = 1\n\n# part: fc_b\na = 2\n# part: fc_a"))

    late, joined = find_one("late.ipynb"), find_one("joined.ipynb")

    assert {} == late.sources
    assert (
        "late.ipynb: a line like '# part: fc_a' counts only where a cell begins with it, and not "
        "in line 2 of cell 1 (fc_a)."
    ) in notice_messages(late.notices)
    assert {"fc_a"} == joined.sources.keys()
    assert notice_messages(joined.notices)[0].endswith("not in line 4 of cell 1 (fc_b).")


def test_browser_copies_of_notebooks_are_told_apart_by_their_number(
    write: Write, find_one: FindOne, notebook: Notebook
) -> None:
    """For each part the copy with the highest number counts that holds it."""
    write("jane/work.ipynb", notebook("# part: fc_a\na = 1", "# part: fc_b"))
    write("jane/work (1).ipynb", notebook("# part: fc_a\na = 2"))

    sources = find_one("jane").sources

    assert ["work (1).ipynb, cell 1"] == [source.path for source in sources["fc_a"]]
    assert ["work.ipynb, cell 2"] == [source.path for source in sources["fc_b"]]


def test_future_imports_of_cells_come_first(
    write: Write, find_one: FindOne, notebook: Notebook
) -> None:
    """Python wants them at the top of a file, while every cell may have its own."""
    future = "from __future__ import annotations"
    write("work.ipynb", notebook("# part: all\nimport os", f"# part: fc_a\n{future}\na = 1"))

    code = find_one("work.ipynb").sources["fc_a"][0].code.decode()

    assert f"{future} # part: all\nimport os\n# part: fc_a\n\na = 1" == code
    compile(code, "work", "exec")


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("%matplotlib inline", ""),
        ("!pip install keras", ""),
        ("%%time", ""),
        ("?help", ""),
        ("model.summary?", ""),
        ("model??", ""),
        ("files = !ls", ""),
        ("t = %timeit -o f()", ""),
        ("pip install keras", ""),
        ("!echo (unclosed 'quote", ""),
        ("!pip install a \\\n  b", "\n"),
        ("if x:\n    !ls", "if x:\n    pass"),
        ("x = (1\n  % 2)", None),
        ("x = 1 \\\n  % 2", None),
        ("s = '''\n%matplotlib\n!ls\n'''", None),
        ('s = """\\"""\n%a\n"""', None),
        ("s = 'it' # don't (\ny = 5 % 3", None),
        ("x != y", None),
        ("x %= 2", None),
        ("print('%d' % 3)", None),
        ("d = {\n'a': 1}", None),
        ("s = 'unclosed\n", None),
    ],
)
def test_only_what_is_not_python_is_taken_out(line: str, left: str | None) -> None:
    """Magics, shell lines and help go, with the number of lines kept; strings and brackets stay."""
    source = f"a = 1\n{line}\nb = 2"

    kept, taken = without_magics(source)

    assert f"a = 1\n{line if left is None else left}\nb = 2" == kept
    assert (left is not None) == bool(taken)


def test_what_was_taken_out_is_named(write: Write, find_one: FindOne, notebook: Notebook) -> None:
    """Only for cells that are run."""
    write("w.ipynb", notebook("!ls", "# part: fc_a\n%matplotlib inline\n!pip install x\na = 1"))

    expected = (
        "w.ipynb, cell 2: left out 2 lines meant for the notebook, not for Python: "
        "%matplotlib inline and !pip install x."
    )

    assert (expected,) == notice_messages(find_one("w.ipynb").notices)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"{", "broken JSON, "),
        (b"[]", "its JSON is no object"),
        (b'{"a": 1}', "it has no cells"),
        (b"[" * 1_000_000, "nested too deeply"),
        (b'{"cells": [' + b"[]," * 12_000_000 + b"0]}", "too many single values"),
        (b"\xff\xfe\x00", "broken JSON"),
        (b"9" * 10_000, "a number is too long"),
    ],
)
def test_a_file_that_is_no_notebook_says_why(content: bytes, reason: str) -> None:
    """The notice names the file; nothing is raised."""
    notices = notice_messages(read_notebook(content, "work.ipynb", ["fc_a"]).notices)

    assert 1 == len(notices)
    assert notices[0].startswith("work.ipynb could not be read as a notebook: ")
    assert reason in notices[0]


def test_odd_cells_are_passed_over() -> None:
    """Cells of the wrong type, without source, or with broken text harm nobody."""
    cells = [
        1,
        None,
        {},
        {"cell_type": "code"},
        {"cell_type": "code", "source": [1, "# part: fc_a\n"]},
    ]
    cells += [{"cell_type": "code", "source": "# part: fc_b\nx = '\ud800'"}]

    notebook = read_notebook(json.dumps({"cells": cells}).encode(), "w", ["fc_a", "fc_b"])

    assert [("fc_a", 5), ("fc_b", 6)] == [(marked.part, marked.cell) for marked in notebook.parts]


def test_large_outputs_do_not_matter(write: Write, find_one: FindOne) -> None:
    """A notebook with 60 MB of images and text is read."""
    output = {"output_type": "display_data", "data": {"image/png": "A" * 60_000_000}}
    cell = {"cell_type": "code", "source": "# part: fc_a\na = 1", "outputs": [output]}
    write("big.ipynb", json.dumps({"cells": [cell], "nbformat": 4}))

    assert {"fc_a"} == find_one("big.ipynb").sources.keys()


def test_notebooks_over_the_limit_are_refused(write: Write, find_one: FindOne) -> None:
    """Over 100 MB the notice says so."""
    with write("huge.ipynb", b"{").open("r+b") as file:
        file.truncate(101 * 1024 * 1024)

    assert "it is larger than 100 MB" in notice_messages(find_one("huge.ipynb").notices)[0]
