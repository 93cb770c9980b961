"""What makes inputs: real replies, archives, notebooks and tables, and ways to spoil them.

A maker takes a source of randomness and gives bytes. Hypothesis is behind that source, so that an
input which breaks a law can be made smaller.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from grader.architecture.functions import ACTIVATIONS
from grader.architecture.layers import LAYERS
from grader.architecture.objects import CONSTRAINTS, INITIALIZERS, REGULARIZERS
from grader.architecture.optimizers import LOSSES, OPTIMIZERS
from grader.architecture.refusals import OutsideTableError, ReplyError
from grader.records import Part
from grader.sandbox.jobs import Job
from grader.sandbox.launcher import Sandbox
from grader.sheets import solution_file

Make = Callable[[Random], bytes]
SUBMISSIONS = Path(__file__).parents[2] / "submissions"
SAMPLES = Path(__file__).parents[2] / "summary" / "samples"
# Stands for a number that Python refuses to write.
ENDLESS = "endless"
WORDS = (
    *("relu", "same", "valid", "causal", "channels_first", "channels_last", "own", "keras"),
    *("function", "network", "layer", "operation", "Sequential", "Functional", "InputLayer"),
    *("Lambda", "LSTM", "model", "error", "not_attempted", "float16", "x" * 1000, "\ud800"),
    *("\x1b[2J", "<script>", "\u202e", "", "=1+1", "a:b:c", ENDLESS, "code", "markdown"),
    *("# part: fc_a", "# part: all\n%matplotlib\n!ls \\\n", "# part: x", "'''"),
    *("from __future__ import annotations\n", "a = %b", "?", "    !ls"),
    *LAYERS, *ACTIVATIONS, *INITIALIZERS, *REGULARIZERS, *CONSTRAINTS, *OPTIMIZERS, *LOSSES,
)  # fmt: skip
NUMBERS = (
    *(0, 1, -1, 2, 3, 4, 8, 32, 64, 65, 200, 2**31, 10**9, 10**9 + 1, 10**20),
    *(0.5, -0.0, 1.0, 1e-30, 1e30, 1e308, float("inf"), float("nan"), True, False, None),
)
BYTES = (0, 1, 9, 10, 13, 27, 32, 34, 35, 37, 39, 40, 44, 48, 57, 91, 92, 93, 123, 125, 127, 255)
COUNTS = (1, 2, 5, 300, 50_000)


@pytest.fixture(scope="module")
def replies(parts: Mapping[str, Part]) -> tuple[bytes, ...]:
    """What the sandbox says of the solutions, and of right and odd submissions of the tests."""
    files = [(part, solution_file(part)) for part in parts.values()]
    for pattern in ("right_*/*.py", "returns_*/*.py", "raises_w*/*.py"):
        files += [(parts[f.stem], f) for f in SUBMISSIONS.glob(pattern) if f.stem in parts]
    with Sandbox() as sandbox:
        found = (
            sandbox.describe(Job(part.id, file.name, file.read_bytes(), part.input_shape)).raw
            for part, file in sorted(files, key=lambda pair: pair[1])[:120]
        )
        return tuple(dict.fromkeys(raw for raw in found if raw is not None))


@pytest.fixture(scope="module")
def notebooks(parts: Mapping[str, Part]) -> tuple[bytes, ...]:
    """Notebooks of the tests, and the solutions in notebooks of both formats."""
    sources = [f"# part: {part.id}\n{solution_file(part).read_text()}" for part in parts.values()]
    sources += ["# part: all\n%matplotlib inline\nimport keras", "!pip install x", "x = 1"]
    new = [{"cell_type": "code", "source": s.splitlines(keepends=True)} for s in sources]
    old = [{"cell_type": "code", "input": s, "outputs": []} for s in sources]
    made = [{"cells": new, "nbformat": 4}, {"worksheets": [{"cells": old}], "nbformat": 3}]
    real = [file.read_bytes() for file in sorted(SUBMISSIONS.glob("*/*.ipynb"))]
    return (*(json.dumps(document).encode() for document in made), *real)


@pytest.fixture(scope="module")
def tables(parts: Mapping[str, Part]) -> tuple[bytes, ...]:
    """The printed tables of the sheets, and the samples of every layout and carrier."""
    files = [*parts["fc_a"].stub.parents[1].glob("*/*.txt"), *SAMPLES.glob("*.txt")]
    return tuple(sorted(file.read_bytes() for file in files))


@pytest.fixture(scope="module")
def makers(
    replies: tuple[bytes, ...],
    notebooks: tuple[bytes, ...],
    tables: tuple[bytes, ...],
    made_archive: Make,
) -> Mapping[str, Make]:
    """One maker for each reader."""
    return {
        "replies": lambda source: made_reply(source, replies),
        "archives": made_archive,
        "notebooks": lambda source: made_notebook(source, notebooks),
        "summaries": lambda source: made_table(source, tables),
    }


def made_reply(source: Random, seeds: Sequence[bytes]) -> bytes:
    """A real reply with values changed, or a chain of layers out of the project's table."""
    document = json.loads(source.choice(seeds))
    if source.randrange(3) == 0 and isinstance(document["model"], dict):
        document["model"] = chain(source)
    for _ in range(source.choice((0, 0, 1, 1, 2, 4))):
        change_value(source, document)
    raw = json.dumps(document).replace(f'"{ENDLESS}"', "9" * 5000).encode()
    return spoilt(source, raw) if source.randrange(6) == 0 else raw


def chain(source: Random) -> dict[str, Any]:
    """A network of some layers of the table, each on the one before, their settings at random."""
    shapes = ([None, 48, 48, 3], [None, 6912], [None, 7, 3], [None, 4, 5, 6, 2], [None, None, 3])
    layers = [layer("InputLayer", {"batch_shape": list(source.choice(shapes))})]
    nodes: list[dict[str, Any]] = [{"layer": 0, "inputs": [], "settings": {}}]
    for index in range(1, source.randint(2, 6)):
        name = source.choice(sorted(LAYERS))
        fewest, most = LAYERS[name].inputs
        inputs = [[source.randrange(index), 0] for _ in range(source.randint(fewest, min(most, 3)))]
        layers.append(layer(name, chosen_settings(source, name)))
        nodes.append({"layer": index, "inputs": inputs, "settings": {}})
    outputs = [[len(nodes) - 1, 0]]
    network = {"kind": "Functional", "name": "m", "layers": layers, "nodes": nodes}
    return {**network, "inputs": [0], "outputs": outputs}


def layer(name: str, config: dict[str, Any]) -> dict[str, Any]:
    """A layer as a reply has it."""
    usual = {"class": name, "origin": "keras", "kind": "layer", "name": "n", "trainable": True}
    return {**usual, "config": config, "network": None}


def chosen_settings(source: Random, name: str) -> dict[str, Any]:
    """The required settings of a class and some of the others, most of them values that may do."""
    config = {}
    for key, setting in LAYERS[name].settings.items():
        if setting.required or source.randrange(4) == 0:
            for _ in range(source.choice((1, 8, 8))):
                value = chosen_value(source)
                config[key] = value
                with suppress(ReplyError, OutsideTableError):
                    setting.check(value)
                    break
    return config


def chosen_value(source: Random) -> Any:  # noqa: ANN401 - any JSON
    """A small number, some of them, or a word."""
    small = [source.choice([1, 1, 2, 3, 4, -1, 0]) for _ in range(source.randint(1, 4))]
    pairs = [[source.choice([0, 1, 2]), 1] for _ in range(source.randint(1, 3))]
    words = ("same", "valid", "channels_first", "bilinear", 0.5, True, None, pairs, pairs[0])
    return source.choice([small[0], small[0], small, source.choice(words)])


def made_notebook(source: Random, seeds: Sequence[bytes]) -> bytes:
    """A notebook with values changed, its text spoilt, or in another encoding."""
    raw = source.choice(seeds)
    try:
        document = json.loads(raw)
    except ValueError:
        return spoilt(source, raw)
    for _ in range(source.randrange(6)):
        change_value(source, document)
    text = json.dumps(document, ensure_ascii=source.randrange(2) == 0)
    text = text.replace(f'"{ENDLESS}"', "9" * 5000)
    encoding = source.choice(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1"])
    raw = text.encode(encoding, "replace" if encoding == "latin-1" else "surrogatepass")
    return spoilt(source, raw) if source.randrange(4) == 0 else raw


def change_value(source: Random, document: Any) -> None:  # noqa: ANN401 - any JSON
    """Changes one value in a JSON document, or takes it away, or puts another beside it."""
    places = list(walk(document))
    if not places:
        return
    holder, key = source.choice(places)
    match source.randrange(7):
        case 0:
            holder[key] = source.choice(WORDS)
        case 1:
            holder[key] = source.choice(NUMBERS)
        case 2:
            del holder[key]
        case 3:
            other, at = source.choice(places)
            holder[key] = copy.deepcopy(other[at])
        case 4:
            holder[key] = [copy.deepcopy(holder[key])] * source.choice((0, 1, 2, 3, 70))
        case 5 if isinstance(holder[key], str) and len(holder[key]) < 100:
            holder[key] *= source.choice(COUNTS)
        case 5 if isinstance(holder[key], int):
            holder[key] = -holder[key] + source.randrange(3)
        case _ if isinstance(holder, dict):
            holder[source.choice(WORDS)] = copy.deepcopy(holder[key])
        case _:
            holder.insert(key, copy.deepcopy(source.choice(places)[0]))


def walk(value: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 - any JSON
    """Every place in a JSON document: what holds it, and its key or index."""
    places: list[tuple[Any, Any]] = []
    waiting = [value] if isinstance(value, list | dict) else []
    while waiting and len(places) < 5_000:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        places += [(holder, key) for key in keys]
        waiting += [holder[key] for key in keys if isinstance(holder[key], list | dict)]
    return places


def made_table(source: Random, seeds: Sequence[bytes]) -> bytes:
    """A printed table with lines and words moved, doubled, left out or replaced."""
    lines = source.choice(seeds).decode().split("\n")
    for _ in range(source.randrange(4)):
        at = source.randrange(len(lines))
        words = lines[at].split(" ")
        other = source.choice(lines)
        match source.randrange(6):
            case 0:
                lines.insert(at, other)
            case 1 if len(lines) > 1:
                del lines[at]
            case 2:
                words[source.randrange(len(words))] = str(source.choice((*WORDS, *NUMBERS[:-6])))
                lines[at] = " ".join(words)
            case 3:
                words[source.randrange(len(words))] = source.choice(other.split(" "))
                lines[at] = " ".join(words)
            case 4:
                lines[at] = " ".join(word for word in words if word)
            case _:
                lines[at] = lines[at] * source.choice(COUNTS[:4])
    raw = "\n".join(lines).encode("utf-8", "surrogatepass")
    return spoilt(source, raw) if source.randrange(4) == 0 else raw


def spoilt(source: Random, raw: bytes) -> bytes:
    """The bytes with some of them changed, cut out, moved, doubled or repeated very often."""
    for _ in range(source.randint(1, 4)):
        start = source.randrange(len(raw) + 1)
        piece = raw[start : start + source.choice((1, 1, 2, 4, 8, 40, 600))]
        before, after = raw[:start], raw[start + len(piece) :]
        match source.randrange(6):
            case 0:
                raw = before + bytes([source.choice(BYTES)]) + after
            case 1:
                raw = before + after
            case 2:
                raw = before + piece + piece + after
            case 3 if len(piece) < 9:
                raw = before + piece * source.choice(COUNTS) + after
            case 4:
                at = source.randrange(len(after) + 1)
                raw = before + after[:at] + piece + after[at:]
            case _:
                raw = before + source.randbytes(len(piece)) + after
    return raw
