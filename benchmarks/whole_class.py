"""A class of 100 against one fresh pytest for each of its submissions, and how a class grows.

    .venv/bin/python benchmarks/whole_class.py --networks 1 6 12
    .venv/bin/python benchmarks/whole_class.py --growth 100 300 1000

The class is made here: 80 right submissions in a dozen spellings, 15 wrong ones, 5 hostile ones, no
file like any other. Right ones have so many different networks for each of the five parts. The same
checks and the same training are then done by one pytest per submission, each with a cache of its
own, as if there were no batch: measured on three right ones and on one of each other kind,
extrapolated to 100. Both train for so many epochs as --epochs says: with the protocol's 30,
training decides alone, and the ratio tends to that of trainings.

--growth grades classes of so many students with the same few networks of the fully connected sheet.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.interrupted_class import memory_mib
from grader.sheets import load_sheets, solution_file

_ROOT = Path(__file__).resolve().parents[1]
_COPIED = ("grader", "data", "exercises", "solutions", "conftest.py", "pyproject.toml", "README.md")
_GRADE = "from grader.cli import main; main()"
_RIGHT, _WRONG, _HOSTILE = 80, 15, 5
# Student's t for two degrees of freedom: 95 % of a mean of three.
_T_OF_THREE = 4.30
_LAYER = re.compile(r"^ {12}(?:layers\.)?(.*\)),$", re.MULTILINE)
_HEAD = """\
import keras
from keras import layers


def initializer(scale):
    return keras.initializers.VarianceScaling(scale)


def build_model():
"""
_HOSTILE_FILES = (
    "import os\nos._exit(0)\n",
    "while True:\n    pass\n",
    "held = []\nwhile True:\n    held.append(bytearray(10**8))\n",
    "while True:\n    print('x' * 10**6)\n",
    "import os\nwhile True:\n    os.fork()\n",
)


@dataclass
class Cost:
    """What some work took: time on the clock, and the most memory at a time.

    No CPU time: what a sandbox took is not told to those outside once it was ended.
    """

    seconds: float = 0.0
    memory_mib: float = 0.0


def main() -> None:
    """Measure what was asked for and print Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--networks", type=int, nargs="*", default=[], help="for each part")
    parser.add_argument("--growth", type=int, nargs="*", default=[], metavar="STUDENTS")
    parser.add_argument("--epochs", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        project = copy_project(Path(name) / "project", arguments.epochs)
        if arguments.networks:
            compare_with_pytest(Path(name), project, arguments.networks)
        if arguments.growth:
            grow(Path(name), project, arguments.growth)


def compare_with_pytest(folder: Path, project: Path, networks: Sequence[int]) -> None:
    """A line for each number of networks; the single pytest runs are the same for all."""
    alone = [cost_alone(folder, project, right_files(number, 1)) for number in range(3)]
    wrong = cost_alone(folder, project, wrong_files(0))
    hostile = [cost_alone(folder, project, hostile_files(n)) for n in range(len(_HOSTILE_FILES))]
    print("| networks | batch | memory | pytest each | ratio |")
    print("|---|---|---|---|---|")
    for count in networks:
        submissions = folder / f"class_{count}"
        for number in range(_RIGHT):
            write(submissions / f"right_{number:02}", right_files(number, count))
        for number in range(_WRONG):
            write(submissions / f"wrong_{number:02}", wrong_files(number))
        for number in range(_HOSTILE):
            write(submissions / f"hostile_{number:02}", hostile_files(number))
        batch = cost_of_batch(project, submissions, folder / f"out_{count}")
        each, spread = total(alone, wrong, hostile)
        print(
            f"| {count * 5} | {batch.seconds:.0f} s | {batch.memory_mib:.0f} MiB "
            f"| {each:.0f} ± {spread:.0f} s | {each / batch.seconds:.1f} |",
            flush=True,
        )


def total(right: Sequence[Cost], wrong: Cost, hostile: Sequence[Cost]) -> tuple[float, float]:
    """Seconds of the class, with half of the 95 % interval that the three right ones give."""
    measured_ones = [cost.seconds for cost in right]
    each = _RIGHT * statistics.mean(measured_ones) + _WRONG * wrong.seconds
    each += sum(cost.seconds for cost in hostile)
    return each, _RIGHT * _T_OF_THREE * statistics.stdev(measured_ones) / len(right) ** 0.5


def grow(folder: Path, project: Path, sizes: Sequence[int]) -> None:
    """A line for each size of a class."""
    print("| students | batch | memory |")
    print("|---|---|---|")
    for size in sizes:
        submissions = folder / f"students_{size}"
        for number in range(size):
            files = right_files(number, 2) if number % 5 else wrong_files(number)
            write(submissions / f"student_{number:04}", files, only="fc")
        cost = cost_of_batch(project, submissions, folder / f"grown_{size}")
        print(f"| {size} | {cost.seconds:.0f} s | {cost.memory_mib:.0f} MiB |", flush=True)


def copy_project(folder: Path, epochs: int) -> Path:
    """A copy in which the protocol has so many epochs; a student's file is one of its stubs."""
    folder.mkdir()
    for name in _COPIED:
        copy = shutil.copytree if (_ROOT / name).is_dir() else shutil.copy
        copy(_ROOT / name, folder / name)
    for sheet in folder.glob("exercises/*/sheet.toml"):
        text = re.sub(r"(?m)^epochs = \d+", f"epochs = {epochs}", sheet.read_text("utf-8"))
        sheet.write_text(text, "utf-8")
    return folder


def cost_alone(folder: Path, project: Path, files: dict[str, str]) -> Cost:
    """What a fresh pytest in a student's own copy takes."""
    own = folder / "alone"
    shutil.copytree(project, own)
    for sheet in load_sheets():
        for part in sheet.parts:
            if part.id in files:
                (own / "exercises" / sheet.id / f"{part.id}.py").write_text(files[part.id], "utf-8")
    cache = folder / "cache_alone"
    with measured() as cost:
        run([sys.executable, "-m", "pytest", "exercises", "-q"], own, cache, codes=(0, 1))
    for used in (own, cache):
        shutil.rmtree(used, ignore_errors=True)
    return cost


def cost_of_batch(project: Path, submissions: Path, out: Path) -> Cost:
    """What `grader grade` takes, from nothing."""
    command = [sys.executable, "-c", _GRADE, "grade", str(submissions), "-o", str(out), "--quiet"]
    with measured() as cost:
        run(command, project, out.with_name(f"{out.name}_cache"), codes=(0,))
    return cost


def run(command: Sequence[str], project: Path, cache: Path, codes: Sequence[int]) -> None:
    """Run to the end; raises RuntimeError for another exit code."""
    environment = {**os.environ, "GRADER_CACHE": str(cache), "PYTHONPATH": str(project)}
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode not in codes:
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr or done.stdout}")


@contextmanager
def measured() -> Iterator[Cost]:
    """The cost of what this process starts meanwhile; it has to be waited for in there."""
    cost, over = Cost(), threading.Event()

    def watch() -> None:
        while not over.wait(0.5):
            cost.memory_mib = max(cost.memory_mib, memory_mib(os.getpid()) - own)

    own = memory_mib(os.getpid())
    watching = threading.Thread(target=watch)
    began = time.monotonic()
    watching.start()
    try:
        yield cost
    finally:
        over.set()
        watching.join()
    cost.seconds = time.monotonic() - began


def write(folder: Path, files: dict[str, str], only: str = "") -> None:
    """One submission: the parts whose id begins like this."""
    folder.mkdir(parents=True)
    for part, text in files.items():
        if part.startswith(only):
            (folder / f"{part}.py").write_text(f"# {folder.name}\n{text}", "utf-8")


def right_files(number: int, num_networks: int) -> dict[str, str]:
    """All parts, right; written in one of the spellings, and one of so many networks."""
    spell = _SPELLINGS[number % len(_SPELLINGS)]
    scale = 2 + number % num_networks / 100
    return {
        part: spell([layer.replace('"he_normal"', f"initializer({scale})") for layer in layers])
        for part, layers in _solutions().items()
    }


def wrong_files(number: int) -> dict[str, str]:
    """All parts, wrong in one of five ways."""
    return {part: _WRONG_WAYS[number % 5](layers) for part, layers in _solutions().items()}


def hostile_files(number: int) -> dict[str, str]:
    """One part that means harm."""
    return {"fc_a": _HOSTILE_FILES[number % len(_HOSTILE_FILES)]}


def _solutions() -> dict[str, list[str]]:
    """The calls of the layers of each part's solution, the input first, without `layers.`."""
    return {
        part.id: _LAYER.findall(solution_file(part).read_text("utf-8"))
        for sheet in load_sheets()
        for part in sheet.parts
    }


def _listed(head: str, layers: Sequence[str], model: str = "keras.Sequential([{}])") -> str:
    """A network that is one list of layers."""
    lines = "".join(f"        {_full(call)},\n" for call in layers)
    inside = f"\n{lines}    "
    return f"{head}    return {model.format(inside)}\n"


def _added(layers: Sequence[str]) -> str:
    lines = "".join(f"    model.add({_full(call)})\n" for call in layers)
    return f"{_HEAD}    model = keras.Sequential()\n{lines}    return model\n"


def _functional(layers: Sequence[str]) -> str:
    lines = "".join(f"    x = {_full(call)}(x)\n" for call in layers[1:])
    return f"{_HEAD}    x = inputs = {layers[0]}\n{lines}    return keras.Model(inputs, x)\n"


def _in_a_loop(layers: Sequence[str]) -> str:
    lines = "".join(f"        {_full(call)},\n" for call in layers)
    return (
        f"{_HEAD}    model = keras.Sequential()\n    for layer in [\n{lines}    ]:\n"
        "        model.add(layer)\n    return model\n"
    )


def _nested(layers: Sequence[str]) -> str:
    first, rest = layers[: len(layers) // 2], layers[len(layers) // 2 :]
    inner = "".join(f"            {_full(call)},\n" for call in rest)
    return _listed(_HEAD, [*first, f"keras.Sequential([\n{inner}        ])"])


def _compiled(layers: Sequence[str]) -> str:
    lines = "".join(f"        {_full(call)},\n" for call in layers)
    return (
        f"{_HEAD}    model = keras.Sequential([\n{lines}    ])\n"
        '    model.compile("adam", "categorical_crossentropy", ["accuracy"])\n    return model\n'
    )


def _fused(layers: Sequence[str]) -> list[str]:
    """Activations as arguments of the layers before them, where those take any."""
    found: list[str] = []
    for call in layers:
        name = re.match(r'Activation\("(\w+)"\)', call)
        if name and found[-1].startswith(("Dense(", "Conv2D(")):
            found[-1] = f'{found[-1].removesuffix(")")}, activation="{name[1]}")'
        else:
            found.append(call)
    return found


def _full(call: str) -> str:
    return call if call.startswith("keras.") else f"layers.{call}"


# A dozen ways to write the same; what they are told are the calls of the layers, the input first.
_SPELLINGS: tuple[Callable[[Sequence[str]], str], ...] = (
    partial(_listed, _HEAD),
    partial(_listed, _HEAD.replace("import keras\n", "from tensorflow import keras\n", 1)),
    partial(_listed, _HEAD.replace("from keras import layers", "layers = keras.layers")),
    partial(_listed, _HEAD, model="keras.models.Sequential(layers=[{}])"),
    partial(_listed, _HEAD, model='keras.Sequential([{}], name="mine")'),
    _added,
    _functional,
    _in_a_loop,
    _nested,
    _compiled,
    lambda layers: _listed(_HEAD, _fused(layers)),
    lambda layers: _listed(
        _HEAD, [call.replace('Activation("relu")', "ReLU()") for call in layers]
    ),
)
_WRONG_WAYS: tuple[Callable[[Sequence[str]], str], ...] = (
    lambda layers: _listed(_HEAD, [call.replace("Dense(8", "Dense(9") for call in layers]),
    lambda layers: _listed(_HEAD, layers[:-1]),
    lambda layers: _listed(_HEAD, [layers[0], *layers[2:]]),
    lambda layers: _listed(_HEAD, layers).replace("return", "retrun"),
    lambda layers: _listed(_HEAD, layers).replace("return keras", "keras"),
)


if __name__ == "__main__":
    main()
