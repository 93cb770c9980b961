"""What Moodle's worksheet tells of hand-ins: when they came, and who is in a group."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from grader.export.moodle_hand_ins import completed
from grader.records import HandIn, Student, Submission, System

BERLIN = ZoneInfo("Europe/Berlin")
GERMAN = (
    'ID,"Vollständiger Name",E-Mail-Adresse,Status,Gruppe,Bewertung,Bestwertung,'
    '"Bewertung kann geändert werden","Zuletzt geändert (Abgabe)",'
    '"Zuletzt geändert (Bewertung)","Feedback als Kommentar"\n'
    'Teilnehmer/in11,"Grün, Ada",ada@x.org,Abgegeben,Team,,"100,00",Ja,{0},-,\n'
    'Teilnehmer/in12,"Bo Roe",bo@x.org,Abgegeben,Team,,"100,00",Ja,{0},-,\n'
    'Teilnehmer/in13,"Cy Low",cy@x.org,"Keine Abgabe",,,"100,00",Ja,-,-,\n'
)
ENGLISH = (
    "Identifier,Full name,Grade,Maximum Grade,Last modified (submission)\n"
    "Participant 12,Bo Roe,,10,{0}\n"
)


def submission(name: str, number: int) -> Submission:
    """What was in a folder of Moodle's."""
    folder = f"{name}_{number}_assignsubmission_file"
    hand_in = HandIn(System.MOODLE, folder)
    return Submission(folder, Student(name, str(number)), {}, hand_in=hand_in)


def time_in(worksheet: str, zone: ZoneInfo | None = BERLIN) -> str | None:
    """When the worksheet says that Bo Roe handed in."""
    return (
        completed([submission("Bo Roe", 12)], worksheet.encode(), "w.csv", zone)
        .submissions[0]
        .submitted_at
    )


@pytest.mark.parametrize(
    ("worksheet", "text", "expected"),
    [
        (GERMAN, '"Dienstag, 2. Dezember 2025, 22:37"', "2025-12-02T21:37:00+00:00"),
        (GERMAN, '"Sonntag, 1. März 2026, 00:05"', "2026-02-28T23:05:00+00:00"),
        (ENGLISH, '"Tuesday, 2 December 2025, 10:37 PM"', "2025-12-02T21:37:00+00:00"),
        (ENGLISH, '"Sunday, 5 July 2026, 12:05 AM"', "2026-07-04T22:05:00+00:00"),
        (ENGLISH, '"Sunday, July 5, 2026, 12:05\u202fpm"', "2026-07-05T10:05:00+00:00"),
        # This hour there is twice: it may have been the first.
        (ENGLISH, '"Sunday, 25 October 2026, 2:30 AM"', "2026-10-25T00:30:00+00:00"),
        (ENGLISH, '"mardi 2 décembre 2025, 22:37"', None),
        (ENGLISH, '"Tuesday, 31 June 2025, 10:37 PM"', None),
        (ENGLISH, "-", None),
    ],
)
def test_times(worksheet: str, text: str, expected: str | None) -> None:
    """Times in German and English are read by the clock of the zone, summer or winter."""
    assert expected == time_in(worksheet.format(text))


def test_student() -> None:
    """The worksheet has the address, and the name that Moodle simplified for its folder."""
    worksheet = GERMAN.format("-").replace('"Grün, Ada"', '"Grün, ""Ada"" O\'Hara"')
    one = submission("Grün, Ada OHara", 11)
    (found,) = completed([one], worksheet.encode(), "w.csv", BERLIN).submissions

    assert Student('Grün, "Ada" O\'Hara', "11", "ada@x.org") == found.student


def test_without_zone() -> None:
    """Nobody knows whose clock it was: no time is taken, and the line to write is told."""
    worksheet = ENGLISH.format('"Tuesday, 2 December 2025, 10:37 PM"')
    found = completed([submission("Bo Roe", 12)], worksheet.encode(), "w.csv", None)

    assert [None] == [one.submitted_at for one in found.submissions]
    assert "w.csv says when 1 submission came ('Last modified (submission)')" in found.remarks[0]
    assert found.remarks[0].endswith('time_zone = "Europe/Berlin"')


def test_another_language() -> None:
    """A time that is not understood is told, and no part of it is guessed."""
    worksheet = ENGLISH.format('"mardi 2 décembre 2025, 22:37"')
    found = completed([submission("Bo Roe", 12)], worksheet.encode(), "w.csv", BERLIN)

    assert "1 time in 'Last modified (submission)' could not be read" in found.remarks[0]
    assert "'mardi 2 décembre 2025, 22:37'" in found.remarks[0]


def test_group() -> None:
    """A group's submission gets its members, of whom the download names none, and its time."""
    worksheet = GERMAN.format('"Dienstag, 2. Dezember 2025, 22:37"')
    (found,) = completed([submission("Team", 77)], worksheet.encode(), "w.csv", BERLIN).submissions

    assert found.hand_in is not None
    assert (
        Student("Grün, Ada", None, "ada@x.org"),
        Student("Bo Roe", None, "bo@x.org"),
    ) == found.hand_in.members
    assert "2025-12-02T21:37:00+00:00" == found.submitted_at
    assert ["together"] == [notice.code for notice in found.notices]


@pytest.mark.parametrize(
    "one",
    [submission("Bo Roe", 99), submission("Ada", 12), Submission("bo", Student("Bo Roe"), {})],
)
def test_nobody_elses_time(one: Submission) -> None:
    """Another's number, and what comes from elsewhere, get no time by the number alone."""
    worksheet = GERMAN.format('"Dienstag, 2. Dezember 2025, 22:37"').replace("Bo Roe", "Bo Low")
    found = completed([one], worksheet.encode(), "w.csv", BERLIN)

    assert (one,) == found.submissions


@pytest.mark.parametrize("content", [b"name,id\nBo Roe,12\n", b"Name\nBo\n", b""])
def test_no_worksheet(content: bytes) -> None:
    """Any other list of students changes nothing, and stops nothing."""
    one = submission("Bo Roe", 12)

    assert ((one,), ()) == (
        (found := completed([one], content, "w.csv", BERLIN)).submissions,
        found.remarks,
    )
