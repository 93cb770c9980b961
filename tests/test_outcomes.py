"""Every kind of submission in tests/submissions comes out as its expected.toml says.

A folder is one submission with its expectation:

- `parts`: outcome per part, several joined by `|` where more than one is right; a part that is not
  named was not handed in;
- `hints`: per part the hints in their order, each `rule@row`, `rule` for no row, `rule*` for any;
  `?` in front: may be missing; `...` at the end: further ones may follow. Without an entry
  the hints of a part that gave no network are free, and of any other there are none;
- `says`, `unsaid`: texts that checks, hints and notes of a part hold, or do not; `noted`: parts
  with a note; `notices`: texts that the notices of the submission hold.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.handing_in import hand_in

FOLDER = Path(__file__).parent / "submissions"
EXPECTED = {
    path.parent.name: tomllib.loads(path.read_text("utf-8"))
    for path in sorted(FOLDER.glob("*/expected.toml"))
}
QUICK = [name for name, expected in EXPECTED.items() if not expected.get("slow")]
SLOW = [name for name, expected in EXPECTED.items() if expected.get("slow")]
GAVE_NO_NETWORK = {"error", "timed_out", "out_of_memory"}

Results = Mapping[str, dict[str, Any]]


@pytest.fixture(scope="module")
def quick(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The results of the submissions that are graded at once and asked for."""
    return graded(asked_for(request.session, QUICK), tmp_path_factory.mktemp("quick"))


@pytest.fixture(scope="module")
def slow(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The results of those asked for that run into a limit."""
    return graded(asked_for(request.session, SLOW), tmp_path_factory.mktemp("slow"))


# Each is a process: `make test FAST=1` starts an eighth of them.
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] if i % 8 else []) for i, name in enumerate(QUICK)],
)
def test_outcome(name: str, quick: Results) -> None:
    """A submission of this kind gets the outcomes, hints and notes that are expected of it."""
    result = quick[name]

    assert "" == "\n".join(deviations(EXPECTED[name], result))


# Most that take a minute are ended by small limits in sandbox/test_attacks.py, in `make test`.
@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.nightly] if EXPECTED[name].get("nightly") else [])
        for name in SLOW
    ],
)
def test_outcome_at_a_limit(name: str, slow: Results) -> None:
    """A submission that never ends or wants too much is stopped, and says so."""
    result = slow[name]

    assert "" == "\n".join(deviations(EXPECTED[name], result))


def asked_for(session: pytest.Session, names: list[str]) -> list[str]:
    """Those of the names for which a test was chosen, as with -k or -m."""
    chosen = {
        item.callspec.params["name"]
        for item in session.items
        if isinstance(item, pytest.Function) and item.path == Path(__file__)
    }
    return [name for name in names if name in chosen]


def graded(names: list[str], folder: Path) -> Results:
    """The entries of results.json by name, from one run of `grader grade`."""
    for name in names:
        hand_in(FOLDER / name, folder / "class" / name)
    grader = Path(sys.executable).with_name("grader")
    command: list[str | Path] = [grader, "grade", folder / "class", "-o", folder / "out"]
    command.append("--no-train")
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    results = json.loads((folder / "out" / "results.json").read_text("utf-8"))
    return {entry["student"]["name"]: entry for entry in results["submissions"]}


def deviations(expected: Mapping[str, Any], result: Mapping[str, Any]) -> list[str]:
    """What differs from the expectation, a line each."""
    found = [
        line
        for part in result["parts"]
        for line in (
            outcome_deviation(expected, part),
            hints_deviation(expected, part),
            *text_deviations(expected, part),
        )
        if line
    ]
    listed = {part["part"] for part in result["parts"]}
    found += [f"{part} is not listed" for part in expected["parts"] if part not in listed]
    notices = "\n".join(result["notices"])
    found += [f"no notice says {t!r}" for t in expected.get("notices", ()) if t not in notices]
    return found


def outcome_deviation(expected: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    """How the part's outcome differs; with --no-train a passed part stays passed."""
    wanted = expected["parts"].get(part["part"], "not_attempted").split("|")
    if part["outcome"] in wanted:
        return ""
    said = [check["message"] for check in part["checks"] if check["outcome"] == part["outcome"]]
    return f"{part['part']} is {part['outcome']}, expected {' or '.join(wanted)}: {said[:1]}"


def hints_deviation(expected: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    """How the part's hints differ."""
    free = ["..."] if part["outcome"] in GAVE_NO_NETWORK else []
    wanted = expected.get("hints", {}).get(part["part"], free)
    found = [(hint["rule"], hint["row"]) for hint in part["hints"]]
    return "" if fits(wanted, found) else f"{part['part']} has hints {found}, expected {wanted}"


def fits(wanted: list[str], found: list[tuple[str, int | None]]) -> bool:
    """Whether the hints found are those wanted."""
    if not wanted:
        return not found
    first, rest = wanted[0], wanted[1:]
    if first == "...":
        return True
    if first.startswith("?"):
        return fits(rest, found) or fits([first[1:], *rest], found)
    return bool(found) and fits_one(first, *found[0]) and fits(rest, found[1:])


def fits_one(wanted: str, rule: str, row: int | None) -> bool:
    """Whether one hint is one of those joined by `|`."""
    exact = rule if row is None else f"{rule}@{row}"
    return bool({exact, f"{rule}*", f"*@{row}"} & set(wanted.split("|")))


def text_deviations(expected: Mapping[str, Any], part: Mapping[str, Any]) -> list[str]:
    """Texts that are missing, or not to be said."""
    name = part["part"]
    said = [entry["message"] for entry in (*part["checks"], *part["hints"])]
    text = "\n".join([*said, *part["notes"]])
    lines = [
        f"{name} does not say {wanted!r}: {text}"
        for wanted in expected.get("says", {}).get(name, ())
        if not any(alternative in text for alternative in wanted.split("|"))
    ]
    lines += [f"{name} says {t!r}" for t in expected.get("unsaid", {}).get(name, ()) if t in text]
    if name in expected.get("noted", ()) and not part["notes"]:
        lines.append(f"{name} has no note")
    return lines
