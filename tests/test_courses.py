"""course.toml: the rule for late hand-ins, and which line is asked for where it is broken."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from grader.errors import SheetError
from grader.records import Amount, Due, LateRule, Unit
from grader.sheets import load_sheets, read_late_rule

COURSE = """\
[due]
faces_fc = 2026-03-01T23:59:00+01:00

[late]
per_day = "12.5 %"
cap = 2
grace_minutes = 15
"""


def read(folder: Path, text: str = COURSE) -> LateRule | None:
    """The rule in a course.toml with this text."""
    (folder / "course.toml").write_text(text, encoding="utf-8")
    return read_late_rule(folder, load_sheets())


def test_rule(tmp_path: Path) -> None:
    """Dates stand with the parts of their sheets, amounts with their units."""
    at = datetime.fromisoformat("2026-03-01T23:59:00+01:00")
    expected = LateRule(
        dues=(Due("faces_fc", ("fc_a", "fc_b"), at),),
        per_day=Amount(12.5, Unit.PERCENT),
        cap=Amount(2.0, Unit.POINTS),
        grace_minutes=15,
    )

    assert expected == read(tmp_path)


def test_documented(tmp_path: Path) -> None:
    """The example in the documentation is one."""
    document = (Path(__file__).parents[1] / "docs" / "grading.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(\[due\].*?)```", document, re.DOTALL)

    rule = read(tmp_path, example)

    assert rule is not None
    assert ["faces_fc", "faces_cnn"] == [due.sheet for due in rule.dues]


def test_no_file_no_rule(tmp_path: Path) -> None:
    """Without the file nothing is due."""
    assert read_late_rule(tmp_path, load_sheets()) is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("cap = 2\n", "", 'cap is missing in [late]. Write: cap = "50%", or points: cap = 2.0'),
        ("grace_minutes", "grace", "grace in [late] is an unknown key, expected per_day, cap, gr"),
        ("grace_minutes = 15", "grace_minutes = 1.5", "Write: grace_minutes = 15"),
        ("faces_fc", "faces_f", "[due] is an unknown key, expected faces_fc, faces_cnn. Write: f"),
        ("faces_fc", "faces_f", "Write: faces_fc = 2026-03-01T23:59:00+01:00"),
        ("+01:00", "", "is 2026-03-01 23:59:00, expected a date and time with its distance from"),
        ("+01:00", "", "Write: faces_fc = 2026-03-01T23:59:00+01:00"),
        ("T23:59:00+01:00", "", "faces_fc in [due] is 2026-03-01, expected a date and time with"),
        ("faces_fc = 2026-03-01T23:59:00+01:00", "", "due at the top has no date"),
        ("[due]\nfaces_fc = 2026-03-01T23:59:00+01:00", "", "due is missing at the top"),
        (
            "[late]",
            "[penalty]",
            "penalty at the top is an unknown key, expected time_zone, due, late.",
        ),
        ('"12.5 %"', '"120%"', "per_day in [late] is '120%', expected points or percent up to"),
        ('"12.5 %"', '"ten"', 'Write: per_day = "10%", or points: per_day = 0.5'),
        ('"12.5 %"', "-1", "per_day in [late] is -1, expected a number from 0 up"),
        ("[due]", "[due", "not in the TOML format"),
    ],
)
def test_broken(tmp_path: Path, old: str, new: str, message: str) -> None:
    """The file, the key, what was found and the line to write are named."""
    assert old in COURSE
    with pytest.raises(SheetError) as told:
        read(tmp_path, COURSE.replace(old, new))

    assert message in str(told.value)
    assert str(tmp_path / "course.toml") in str(told.value)
