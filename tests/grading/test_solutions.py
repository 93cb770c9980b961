"""Solutions: what does not pass is no solution, and the error names the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import SheetError
from grader.grading import Evidence, describe_solution
from grader.grading.describing import Described
from grader.records import Description, Fault, Outcome, Part, Rule, Source
from grader.sandbox.launcher import Sandbox


@pytest.fixture
def own_part(part: Part, tmp_path: Path) -> Part:
    """The part in a course whose solutions are still to be written."""
    return replace(part, stub=tmp_path / "exercises" / "faces_fc" / "fc_a.py")


def test_part_without_a_solution(own_part: Part) -> None:
    """The error names the file that is to be written."""
    with pytest.raises(SheetError, match=r"no solution\. Write .*/solutions/faces_fc/fc_a\.py\."):
        describe_solution(Sandbox(), lambda _: pytest.fail("nothing to rebuild"), own_part)


def test_solution_that_is_wrong(
    own_part: Part, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the file, and why it would not pass."""
    path = tmp_path / "solutions" / "faces_fc" / "fc_a.py"
    path.parent.mkdir(parents=True)
    path.write_text("build_model = 1\n", "utf-8")
    fault = Fault(Outcome.ERROR, Rule.NO_BUILD_MODEL)

    def examine(_sandbox: object, _rebuild: object, _part: Part, sources: list[Source]) -> Evidence:
        assert [path.read_bytes()] == [source.code for source in sources]
        return Evidence(Described("fc_a.py", Description(None, fault)))

    monkeypatch.setattr("grader.grading.solutions.examine", examine)

    with pytest.raises(SheetError) as caught:
        describe_solution(Sandbox(), lambda _: pytest.fail("nothing to rebuild"), own_part)

    assert str(caught.value).startswith("fc_a: the solution does not pass. ")
    assert "build_model" in str(caught.value)
    assert str(caught.value).endswith(f" Mend {path}.")
