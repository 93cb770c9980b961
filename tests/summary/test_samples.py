"""Printed summaries of every version and in every carrier, with what is to be read from them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.records import Row, Summary, Totals
from grader.summary import read_summary

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.txt"))


def expected_of(sample: Path) -> Summary:
    """What the file beside the sample says that it holds."""
    document = json.loads(sample.with_suffix(".json").read_text(encoding="utf-8"))
    rows = [
        Row(
            row["layer"],
            None if row["shape"] is None else tuple(row["shape"]),
            row["params"],
            row["name"],
            tuple(row["connections"]),
            row["depth"],
        )
        for row in document["rows"]
    ]
    return Summary(tuple(rows), Totals(*document["totals"]))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_sample_is_read_as_the_network_that_it_shows(sample: Path) -> None:
    """Rows, names, connections and totals are those of the network that was printed."""
    assert expected_of(sample) == read_summary(sample.read_text(encoding="utf-8"))
