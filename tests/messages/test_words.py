"""Numbers, times and titles in words, as every report and the terminal have them."""

from __future__ import annotations

import pytest

from grader.messages import duration, rule_title
from grader.records import Rule


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "0 s"),
        (42, "42 s"),
        (59.4, "59 s"),
        (59.7, "1 min"),
        (100, "2 min"),
        (3599, "1 h 0 min"),
        (3900, "1 h 5 min"),
    ],
)
def test_a_time_is_told_in_the_unit_that_fits(seconds: float, words: str) -> None:
    """Seconds below a minute, then minutes, then hours and minutes."""
    assert words == duration(seconds)


def test_every_cause_has_a_title_of_its_own() -> None:
    """The class page lists causes by their titles; two of one name could not be told apart."""
    titles = [rule_title(rule) for rule in Rule]

    assert len(Rule) == len(set(titles))
