"""A worked notebook is all that a student hands in, whatever program saved it last."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.noise import write_noise
from tests.notebook import making

pytestmark = pytest.mark.slow

FC, CNN = making.NAMES[1:]
MANY_BYTES = 50_000_000
MAIN = "from grader.cli import main; main()"


def grade(folder: Path, *arguments: str | Path, data: Path | None = None) -> dict[str, Any]:
    """The results of `grader grade` with these arguments, on the built-in data or on this."""
    kept = {name: text for name, text in os.environ.items() if name != "GRADER_DATA"}
    if data is not None:
        kept["GRADER_DATA"] = str(data)
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "grade", *map(str, arguments), "-o", folder / "out"],
        env=kept | {"GRADER_CACHE": str(folder / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    results: dict[str, Any] = json.loads((folder / "out" / "results.json").read_bytes())
    return results


@pytest.mark.parametrize(
    "is_noise",
    [
        True,
        # That it reaches its thresholds on faces, its run in test_execution.py shows as well.
        pytest.param(False, marks=pytest.mark.nightly),
    ],
    ids=["noise", "faces"],
)
def test_the_worked_notebook_alone_is_enough_for_all_points(
    tmp_path: Path, *, is_noise: bool
) -> None:
    """Trained by the protocol, the question answered, and nothing to remark on."""
    data = write_noise(tmp_path / "small.npz") if is_noise else None
    (submission,) = grade(tmp_path, making.SOLUTIONS / FC, data=data)["submissions"]

    assert submission["max_score"] == submission["score"] > 0
    assert ["fc_a", "fc_b"] == [part["part"] for part in submission["parts"]]
    assert all(part["outcome"] == "passed" and part["answer"] for part in submission["parts"])
    assert [] == submission["notices"]


def test_notebooks_of_all_programs_are_read(tmp_path: Path) -> None:
    """One class of them: Colab, VS Code, format 3, much output, and one that is not begun."""
    worked = json.dumps(making.read(making.SOLUTIONS / CNN))
    saved = {
        "jupyter": (making.SOLUTIONS / CNN).read_text("utf-8"),
        "colab": json.dumps(of_colab(json.loads(worked))),
        "vs_code": json.dumps(of_vs_code(json.loads(worked)), indent=1).replace("\n", "\r\n"),
        "format_3": json.dumps(nbformat.convert(nbformat.reads(worked, as_version=4), 3)),
        "much_output": json.dumps(with_outputs(json.loads(worked))),
        "not_started": json.dumps(making.read(making.EXERCISES / CNN)),
    }
    assert len(saved["much_output"]) > MANY_BYTES
    for name, text in saved.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "8_faces_cnn.ipynb").write_text(text, "utf-8")

    submissions = grade(tmp_path, "--no-train", tmp_path / "class")["submissions"]

    outcomes = {s["submission"]: {part["outcome"] for part in s["parts"]} for s in submissions}
    assert {"not_attempted"} == outcomes.pop("not_started")
    assert set(saved) - {"not_started"} == set(outcomes)
    assert all(found == {"passed"} for found in outcomes.values())
    assert all(not submission["notices"] for submission in submissions)


def of_colab(document: dict[str, Any]) -> dict[str, Any]:
    """As Colab saves it: no ids of cells, ids in their metadata, and much of its own."""
    document["nbformat_minor"] = 0
    document["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
        "accelerator": "GPU",
        "widgets": {"application/vnd.jupyter.widget-state+json": {}},
    }
    for cell in document["cells"]:
        ended = {"status": "ok", "timestamp": 1e12, "user_tz": -60, "elapsed": 7, "user": {}}
        told = {"colab": {"base_uri": "https://localhost:8080/"}, "executionInfo": ended}
        cell["metadata"] = {"id": cell.pop("id"), "outputId": "0a", **told}
        cell["source"] = cell["source"].splitlines(keepends=True)
    return document


def of_vs_code(document: dict[str, Any]) -> dict[str, Any]:
    """As VS Code saves it: no kernel was chosen, and cells say their language."""
    document["metadata"] = {"language_info": {"name": "python", "version": "3.12.1"}}
    for cell in document["cells"]:
        cell["metadata"] = {"vscode": {"languageId": "python"}}
    return document


def with_outputs(document: dict[str, Any]) -> dict[str, Any]:
    """With lines, numbers and a picture in the outputs, as much as anybody has."""
    lines = [f"Epoch {epoch}: loss 0.123456\n" for epoch in range(500_000)]
    numbers = {"application/json": {"y": [number / 7 for number in range(500_000)]}}
    picture = {"image/png": "iVBORw0KGgo" * 3_000_000}
    for cell, data in zip(document["cells"][-3:], (numbers, picture, numbers), strict=True):
        cell["cell_type"], cell["execution_count"] = "code", 1
        shown = {"output_type": "display_data", "metadata": {}, "data": data}
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": lines}, shown]
        cell["source"] = "nothing(of_all_this)"
    return document
