"""Authoring, step 8: the files of a new part, and its entry in sheet.toml."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from grader.authoring.code import body, shape_code
from grader.authoring.printing import student_table
from grader.authoring.solving import Plan
from grader.authoring.tips import tips_text

QUESTION = "Which layer of this network has the most parameters, and why? What does it learn?"
_OPEN_AXIS = 32


@dataclass(frozen=True)
class NewPart:
    """A part to be written: `trained` where the data at hand goes with it."""

    id: str
    sheet: str
    plan: Plan
    table: str
    trained: bool


def part_files(part: NewPart, folder: Path, solution: Path) -> dict[Path, str]:
    """What is written beside sheet.toml, and the solution, by path."""
    return {
        folder / f"{part.id}.txt": part.table,
        folder / f"{part.id}.py": _stub(part),
        folder / f"{part.id}.tips.toml": tips_text(part.plan, part.id),
        solution: solution_source(part),
    }


def solution_source(part: NewPart) -> str:
    """The solution: a network that gives the table."""
    shapes = _told_shape(part)
    return (
        f'"""Solution of part {part.id}: {title_of(part.plan)}."""\n\n'
        "import keras\nfrom keras import layers\n\n\n"
        "def build_model() -> keras.Model:\n"
        f'    """Return the network of {part.id}; {shapes} goes in."""\n'
        f'{body(part.plan)}\n\n\nANSWER = ""\n'
    )


def title_of(plan: Plan) -> str:
    """The part in a few words: "12 layers, 1,199,882 parameters"."""
    count = sum(row.layer != "InputLayer" for row in plan.summary.rows)
    return f"{count} layers, {plan.summary.totals.total or 0:,} parameters"


def _told_shape(part: NewPart) -> str:
    return shape_code(part.plan.input_shape)


def _stub(part: NewPart) -> str:
    plan = part.plan
    path = f"exercises/{part.sheet}/{part.id}.py"
    branches = " and these connections" if "takes row" in student_table(plan) else ", in this order"
    output = f"({plan.num_classes},), one probability per class" if plan.num_classes else ""
    told = f"Input:  {shape_code(plan.input_shape)}" + (f"\nOutput: {output}" if output else "")
    question = "\n".join(f"# {line}" for line in textwrap.wrap(QUESTION, 90))
    return (
        f'"""Part {part.id}: {title_of(plan)}.\n\n'
        f"Build the network that has exactly these layers{branches}:\n\n"
        f"{student_table(plan)}\n\n{told}\n\n"
        f'Check your network with: pytest {path}\n"""\n\n'
        "import keras\n\n\n"
        "def build_model() -> keras.Model:\n"
        '    """Return the network of the table above."""\n'
        "    # TODO: build the network and return it, in place of the line below.\n"
        "    raise NotImplementedError\n\n\n"
        f'{question}\nANSWER = ""\n'
    )


def sheet_toml(part: NewPart, existing: str | None) -> str:
    """The text of sheet.toml with the part's entry at its end; a new one where there was none."""
    document = tomlkit.parse(existing or _new_sheet(part))
    sizes = [size or _OPEN_AXIS for size in part.plan.input_shape]
    entry = tomlkit.table()
    entry["id"] = part.id
    entry["title"] = title_of(part.plan)
    entry["table"] = f"{part.id}.txt"
    if list(document.get("input_shape", [])) != sizes:
        entry["input_shape"] = sizes
    if part.plan.num_classes and document.get("classes") != part.plan.num_classes:
        entry["classes"] = part.plan.num_classes
    entry["question"] = QUESTION
    points = tomlkit.inline_table()
    points.update(_points(part))
    entry["points"] = points
    entry["time_limit_seconds"] = 1800
    if "parts" not in document:
        document.append("parts", tomlkit.aot())
    document["parts"].append(entry)
    text = tomlkit.dumps(document).rstrip() + "\n"
    return re.sub(r"(?<=[^\n]\n)\[\[parts\]\]", "\n[[parts]]", text)


def _points(part: NewPart) -> dict[str, float]:
    points = {"loads": 0.5, "architecture": 1.5 if part.trained else 3.0}
    if part.plan.num_classes:
        points["output"] = 0.5
    if part.trained:
        points |= {"training": 0.5, "accuracy": 1.0}
    return points


def _new_sheet(part: NewPart) -> str:
    sizes = [size or _OPEN_AXIS for size in part.plan.input_shape]
    classes = f"classes = {part.plan.num_classes}\n" if part.plan.num_classes else ""
    head = f'title = "{part.sheet}"\ninput_shape = {sizes}\n{classes}'
    if not part.trained:
        return f"{head}\n"
    return f"""{head}
[protocol]
epochs = 30
batch_size = 128
optimizer = "adam"
loss = "categorical_crossentropy"
scaling = "standardize-per-pixel"
seed = 1
"""
