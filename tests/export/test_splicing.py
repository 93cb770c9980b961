"""A CSV file of other people's keeps every byte that is not in a cell with a new value."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.export.splicing import read_table, spliced

ENCODINGS = {
    "utf-8": b"",
    "utf-8 with mark": b"\xef\xbb\xbf",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
}
values = st.text(st.characters(codec="utf-8", exclude_characters="\r\0\ufeff"), max_size=8)
names = values | st.sampled_from(
    ['Doe, "Jane"', "Grün", "Gru\u0308n", "🙂", "שלום", "a;b\tc", "\n"]
)


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, list[list[str]], str]:
    """A CSV file with its rows as Python's csv module would read them."""
    width = draw(st.integers(2, 5))
    separator = draw(st.sampled_from(",;\t"))
    header = [f"column {number}" for number in range(width)]
    body = draw(st.lists(st.lists(names, min_size=width, max_size=width), max_size=5))
    written = io.StringIO()
    end = draw(st.sampled_from(["\n", "\r\n"]))
    writer = csv.writer(
        written,
        delimiter=separator,
        quoting=csv.QUOTE_ALL if draw(st.booleans()) else csv.QUOTE_MINIMAL,
        lineterminator=end,
    )
    writer.writerows([header, *body])
    text = written.getvalue()
    if draw(st.booleans()):
        text = text.removesuffix(end)
    kind = draw(st.sampled_from(list(ENCODINGS)))
    content = ENCODINGS[kind] + text.encode(kind.removesuffix(" with mark"))
    return content, [header, *body], separator


@settings(max_examples=50)
@given(files())
def test_what_is_read(file: tuple[bytes, list[list[str]], str]) -> None:
    """The cells are those that were written, whatever separates, quotes and encodes them."""
    content, rows, separator = file

    table = read_table(content, "their.csv")

    assert rows == [[cell.text for cell in row] for row in table.rows]
    assert separator == table.separator


@settings(max_examples=50)
@given(files())
def test_old_values_change_nothing(file: tuple[bytes, list[list[str]], str]) -> None:
    """Splicing in the values that are there gives the same bytes."""
    table = read_table(file[0], "their.csv")
    same = {(r, c): cell.text for r, row in enumerate(table.rows) for c, cell in enumerate(row)}

    assert file[0] == spliced(table, same)


@settings(max_examples=50)
@given(files(), st.data())
def test_new_values_change_their_cells(
    file: tuple[bytes, list[list[str]], str], data: st.DataObject
) -> None:
    """New values are read again, other cells keep their bytes, and the old ones can come back."""
    table = read_table(file[0], "their.csv")
    rows = range(1, len(table.rows))
    places = st.tuples(st.sampled_from(rows), st.just(1)) if rows else st.nothing()
    new = data.draw(st.dictionaries(places, names, max_size=3)) if rows else {}

    changed = spliced(table, new)

    again = read_table(changed, "ours.csv")
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row):
            other = again.rows[r][c]
            assert new.get((r, c), cell.text) == other.text
            if (r, c) not in new:
                assert table.text[cell.start : cell.end] == again.text[other.start : other.end]
    back = read_table(spliced(again, {place: table.rows[place[0]][1].text for place in new}), "")
    assert [[c.text for c in row] for row in table.rows] == [
        [c.text for c in row] for row in back.rows
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a,b\r\n1,\r\n\r\n2,x\r\n", b"a,b\r\n1,new\r\n\r\n2,x\r\n"),
        (b'a;b\n1;""', b'a;b\n1;"new"'),
        (b"a,b\n1,", b"a,b\n1,new"),
        (b"a,b\r1,x\r", b"a,b\r1,new\r"),
        (b"\xef\xbb\xbfa,b\n\xc3\xbc,x\n", b"\xef\xbb\xbfa,b\n\xc3\xbc,new\n"),
        (b"a;b;c, d\n1,5;x;\n2,5;y;\n", b"a;b;c, d\n1,5;new;\n2,5;y;\n"),
        (b"a,b\nM\xfcller,x\n", b"a,b\nM\xfcller,new\n"),
    ],
)
def test_place_of_a_cell(content: bytes, expected: bytes) -> None:
    """Quotes, line ends, a missing last line end, blank lines and old encodings stay."""
    assert expected == spliced(read_table(content, "their.csv"), {(1, 1): "new"})


def test_written_so_that_it_is_one_cell() -> None:
    """A value with separators, quotes or line breaks is quoted, and only where it has to be."""
    table = read_table(b"a,b\n1,x\n", "their.csv")

    assert b'a,b\n1,"say ""1,5"""\n' == spliced(table, {(1, 1): 'say "1,5"'})


def test_old_encoding_without_the_character() -> None:
    """What Windows-1252 cannot write becomes a character reference, and the rest stays."""
    table = read_table(b"a,b\nM\xfcller,x\n", "their.csv")

    assert b"a,b\nM\xfcller,\xe4 &#128578;\n" == spliced(table, {(1, 1): "ä 🙂"})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'a,b\n1,"open\n2,x\n', "line 2: a quotation mark is opened and never closed"),
        (b"just one line\n", "this is no table"),
        (b"", "this is no table"),
        (b"a,b\n\x81,x\n", "byte 4 is no text in cp1252"),
        (b"\xff\xfea\x00,\x00b", "is no text in utf-16-le"),
    ],
)
def test_no_table(content: bytes, words: str) -> None:
    """What cannot be read for certain is refused, with its name and place."""
    with pytest.raises(UsageError, match=r"^their\.csv") as error:
        read_table(content, "their.csv")

    assert words in str(error.value)
