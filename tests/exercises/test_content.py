"""The five parts: tables as given, stubs ready to fill in, solutions that give the tables."""

from __future__ import annotations

import ast
import hashlib
import subprocess
import sys
import tomllib
from dataclasses import dataclass

import pytest

from grader.records import Part
from grader.sheets import exercises_folder, load_sheets
from grader.summary.classes import ALIASES, CLASS_NAMES

PARTS = tuple(part for sheet in load_sheets() for part in sheet.parts)
SOLUTIONS = exercises_folder().parent / "solutions"
SHA256 = {
    "fc_a": "5f644647a11703280bded78b725592c2a7a67718503eafd193ae516f5e8e0a07",
    "fc_b": "59d4601f73f550113f1a5bb4e218c053c83019e27d8dc4d0664686f7654eef08",
    "cnn_a": "b23ed650ba38eed3a68cf6b0117ee36a38a2f1357995484a9193eb38979bc8e4",
    "cnn_b": "e12e0d34d3522ceba2ba3a24df7811a1578887ac4d698eeb632f4dd6813af2d9",
    "cnn_c": "5d84c72ae389bad68990f1d70658f6a84b7dae2bf88f405d90c9eaedfac99ce9",
}
TOTALS = {
    "fc_a": (55_304, 55_304, 0),
    "fc_b": (2_847_008, 2_847_008, 0),
    "cnn_a": (1_910_576, 1_910_576, 0),
    "cnn_b": (1_910_576, 1_910_576, 0),
    "cnn_c": (1_912_144, 1_911_360, 784),
}
# Keras prints beside what is asked for, so the answer stands behind a mark of its own.
PRINT_FACTS = """
import runpy, sys
import keras
def solution(path):
    model = runpy.run_path(path)["build_model"]()
    rows = [(type(one).__name__, one.output.shape, one.count_params()) for one in model.layers]
    trainable = sum(weight.shape.num_elements() for weight in model.trainable_variables)
    return rows, (model.count_params(), trainable, model.count_params() - trainable)
def is_layer(name):
    entry = getattr(keras.layers, name)
    return isinstance(entry, type) and issubclass(entry, keras.layers.Layer)
names = {name: getattr(keras.layers, name).__name__ for name in dir(keras.layers) if is_layer(name)}
print("ANSWER", ([solution(path) for path in sys.argv[1:]], names))
"""


def by_id(part: Part) -> str:
    """The name of a case."""
    return part.id


@dataclass(frozen=True)
class OfKeras:
    """What a Keras of its own process says: rows and totals by part, layer classes by name."""

    solutions: dict[str, object]
    classes: dict[str, str]


@pytest.fixture(scope="module")
def of_keras() -> OfKeras:
    """All that is asked of Keras here, from one process."""
    paths = [str(SOLUTIONS / part.sheet / part.stub.name) for part in PARTS]
    command = [sys.executable, "-c", PRINT_FACTS, *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    solutions, classes = ast.literal_eval(done.stdout.partition("ANSWER ")[2])
    return OfKeras(dict(zip((part.id for part in PARTS), solutions, strict=True)), classes)


def test_there_are_five_parts_in_the_order_of_the_course() -> None:
    """The fully connected parts come first; each part gives 4 points."""
    expected = [(name, 4.0) for name in ("fc_a", "fc_b", "cnn_a", "cnn_b", "cnn_c")]

    assert expected == [(part.id, sum(part.points.values())) for part in PARTS]


@pytest.mark.parametrize("part", PARTS, ids=by_id)
def test_tables_are_as_given(part: Part) -> None:
    """No byte of a table has changed, and its totals are those of the course."""
    content = part.stub.with_suffix(".txt").read_bytes()
    totals = part.reference.totals

    assert hashlib.sha256(content).hexdigest() == SHA256[part.id]
    assert TOTALS[part.id] == (totals.total, totals.trainable, totals.non_trainable)


@pytest.mark.parametrize("part", PARTS, ids=by_id)
def test_stubs_show_the_table_and_one_thing_to_do(part: Part) -> None:
    """A stub's docstring has every row of the table; there is one TODO, and ANSWER is empty."""
    source = part.stub.read_text(encoding="utf-8")
    shown = [line.split() for line in (ast.get_docstring(ast.parse(source)) or "").split("\n")]
    rows = [
        [
            str(number),
            row.layer,
            *" x ".join(str(axis) for axis in (row.shape or ())[1:]).split(),
            f"{row.params:,}",
        ]
        for number, row in enumerate(part.reference.rows, start=1)
    ]

    assert rows == [row for row in rows if row in shown]
    assert source.count("TODO") == 1
    assert source.endswith('\nANSWER = ""\n')


@pytest.mark.parametrize("part", PARTS, ids=by_id)
def test_every_part_has_tips_and_a_solution_with_an_answer(part: Part) -> None:
    """Tips go in three or four steps; the solution stands at the same path and answers."""
    tips = tomllib.loads(part.stub.with_suffix(".tips.toml").read_text(encoding="utf-8"))
    solution = SOLUTIONS / part.sheet / part.stub.name
    last = ast.parse(solution.read_text(encoding="utf-8")).body[-1]

    assert len(tips["tips"]) in (3, 4)
    assert all(set(tip) == {"text"} and tip["text"].strip() for tip in tips["tips"])
    assert isinstance(last, ast.Assign)
    assert ast.unparse(last.targets[0]) == "ANSWER"
    assert len(ast.literal_eval(last.value)) > 100


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS, ids=by_id)
def test_solutions_give_the_tables(part: Part, of_keras: OfKeras) -> None:
    """Class, output shape and parameters of every row, and the three totals, are the table's."""
    rows = [(row.layer, row.shape, row.params) for row in part.reference.rows]

    assert (rows, TOTALS[part.id]) == of_keras.solutions[part.id]


@pytest.mark.slow
def test_the_known_classes_are_those_of_keras(of_keras: OfKeras) -> None:
    """The list of layer classes and the aliases hold what the installed Keras has."""
    names = of_keras.classes
    second = {name: todays for name, todays in names.items() if name != todays}
    # Keras 1's names, which Keras 3 has no more.
    older = {"Deconvolution2D": "Conv2DTranspose", "Deconvolution3D": "Conv3DTranspose"}

    assert set(names.values()) == CLASS_NAMES
    assert second | older == ALIASES
