"""Whose line it is: found by the surest key, and never guessed."""

from __future__ import annotations

import unicodedata

import pytest

from grader.export.matching import Keys, Placement, Trouble, key, name_key, placed


def keys(number: str = "", email: str = "", name: str = "") -> Keys:
    """The keys of a hand-in or a line."""
    return (key(number), key(email), name_key(name))


ROWS = [
    keys("1", "ada@x.org", "Ada Grün"),
    keys("2", "bo@x.org", "Bo Roe"),
    keys("3", "bo2@x.org", "Bo Roe"),
]


@pytest.mark.parametrize(
    ("hand_in", "expected"),
    [
        (keys("2"), Placement((1,))),
        (keys("", "ADA@x.org"), Placement((0,))),
        (keys("", "", "Grün, Ada"), Placement((0,))),
        (keys("", "", unicodedata.normalize("NFD", "ADA GRÜN")), Placement((0,))),
        (keys("9", "", "Ada Grün"), Placement((0,))),
        (keys("3", "", "Bo Roe"), Placement((2,))),
        (keys("", "", "Bo Roe"), Placement((1, 2), Trouble.SEVERAL)),
        (keys("9", "no@x.org", "No One"), Placement((), Trouble.NOT_FOUND)),
        (keys(), Placement((), Trouble.NOT_FOUND)),
        (keys("1", "bo@x.org"), Placement((0, 1), Trouble.CONTRADICTION)),
        (keys("1", "", "Bo Roe"), Placement((0, 1, 2), Trouble.CONTRADICTION)),
    ],
)
def test_one_hand_in(hand_in: Keys, expected: Placement) -> None:
    """The surest key that is known decides; what several lines share or deny is told."""
    assert [expected] == placed([hand_in], ROWS)


def test_two_for_one_line() -> None:
    """Of two hand-ins that find one line neither gets it, and others are not disturbed."""
    found = placed([keys("1"), keys("", "ada@x.org"), keys("2")], ROWS)

    assert [(0,), (0,), (1,)] == [placement.rows for placement in found]
    assert [Trouble.CLAIMED, Trouble.CLAIMED, None] == [p.trouble for p in found]


def test_a_group() -> None:
    """By a kind of key that lines may share, a hand-in gets them all."""
    rows = [(*one, name_key(group)) for one, group in zip(ROWS, ("A", "B", "B"), strict=True)]

    def found(number: str, name: str) -> list[Placement]:
        hand_ins = [(*keys(number, "", name), name_key(name)), (*keys("3"), name_key(None))]
        return placed(hand_ins, rows, has_groups=True)

    assert [Placement((0,)), Placement((2,))] == found("77", "A")
    # One of its members handed in alone, too: neither is guessed for that one.
    alone = Placement((2,), Trouble.CLAIMED)
    assert [Placement((1,), claimed=(2,)), alone] == found("77", "B")


def test_a_group_that_is_called_like_a_student() -> None:
    """Whose such a hand-in is nobody can tell, unless there is a number."""
    rows = [(*one, name_key("Ada Grün")) for one in ROWS]
    by_name = (*keys("", "", "Ada Grün"), name_key("Ada Grün"))
    by_number = (*keys("1", "", "Ada Grün"), name_key("Ada Grün"))

    assert [Placement((0, 1, 2), Trouble.SEVERAL)] == placed([by_name], rows, has_groups=True)
    assert [Placement((0,))] == placed([by_number], rows, has_groups=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane Doe", "Doe, Jane"),
        ("Conor O'Brien", "Conor OBrien"),  # in Moodle's names of folders
        ("Müller_Lüdenscheidt", "müller lüdenscheidt"),
        ("שלום\u200f", "שלום"),
        ("Ada 🙂", "🙂 ada"),
        ("STRASSE Otto", "Otto Straße"),
    ],
)
def test_same_name(one: str, other: str) -> None:
    """Case, order, Unicode form, marks of direction and what Moodle leaves out make no name new."""
    assert name_key(one) == name_key(other) != frozenset()
