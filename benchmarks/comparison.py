"""How long comparing a network of about a hundred rows takes: at most 0.1 s is promised.

Run it from the project's folder: `.venv/bin/python benchmarks/comparison.py [REPEATS]`. Each line
is one kind of network beside the same table: the median and the longest of the repeats, in
milliseconds of CPU time, which on a free machine is the time that passes.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from grader.architecture.canonical import canonical
from grader.architecture.steps import Step, Steps
from grader.compare import compare
from grader.records import Architecture, Json, Layer, Part, Protocol, Rebuilt, Row, Summary

REPEATS = 20
NUM_BLOCKS = 20
IMAGE = (32, 32, 16)  # as many channels as filters, so that the first way around can be added


def block(before: int, filters: int, *, branched: bool) -> Iterator[Layer]:
    """Five rows on the layer `before`: twice a convolution and an activation, then a join."""
    conv: dict[str, Json] = {
        "filters": filters,
        "kernel_size": [3, 3],
        "strides": [1, 1],
        "padding": "same",
    }
    conv |= {"dilation_rate": [1, 1], "groups": 1, "use_bias": True, "data_format": "channels_last"}
    relu = {"activation": "relu"}
    yield Layer("Conv2D", conv, (before,))
    yield Layer("Activation", relu, (before + 1,))
    yield Layer("Conv2D", conv, (before + 2,))
    yield Layer("Activation", relu, (before + 3,))
    if branched:
        yield Layer("Add", {}, (before + 4, before))
    else:
        yield Layer("Dropout", {"rate": 0.3}, (before + 4,))


def network(filters: int, *, branched: bool) -> list[Layer]:
    """A hundred layers on one input."""
    layers = [Layer("InputLayer", {"shape": [*IMAGE[:2], filters]})]
    for _ in range(NUM_BLOCKS):
        layers += block(len(layers) - 1, filters, branched=branched)
    return layers


def read(layers: list[Layer]) -> Architecture:
    """The layers in canonical form."""
    steps = tuple(Step(layer, (index,)) for index, layer in enumerate(layers))
    return canonical(Steps(steps, inputs=(0,), outputs=(len(layers) - 1,), notes=()))


def part_of(architecture: Architecture) -> Part:
    """A part with the table of this network."""
    names = ["x", *(f"{row.layer}_{index}" for index, row in enumerate(architecture.rows, 1))]
    rows = [Row("InputLayer", (None, *IMAGE), 0, "x")]
    for index, row in enumerate(architecture.rows, 1):
        feeders = tuple(f"{names[i]}[0][0]" for i in architecture.layers[index].inputs)
        rows.append(replace(row, name=names[index], connections=feeders))
    return Part(
        id="hundred",
        sheet="benchmark",
        title="",
        question="",
        reference=Summary(tuple(rows), architecture.totals),
        input_shape=IMAGE,
        num_classes=8,
        protocol=Protocol(1, 1, "adam", "categorical_crossentropy", "none", 1),
        points={},
        time_limit_seconds=1,
        calibrations=(),
        stub=Path("hundred.py"),
    )


def without(layers: list[Layer], index: int) -> list[Layer]:
    """The layers without one, what it fed being fed by what feeds it."""
    (before, *_) = layers[index].inputs

    def moved(place: int) -> int:
        place = before if place == index else place
        return place - (place > index)

    kept = [layer for place, layer in enumerate(layers) if place != index]
    return [replace(layer, inputs=tuple(map(moved, layer.inputs))) for layer in kept]


def seconds(part: Part, submitted: Architecture, repeats: int) -> list[float]:
    """How long each of so many comparisons took."""
    rebuilt = Rebuilt(submitted.rows, submitted.totals, submitted.input_shapes, None)
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        compare(part, submitted, rebuilt)
        taken.append(time.process_time() - start)
    return taken


def main() -> None:
    """Print a line per kind of network."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else REPEATS
    for branched in (False, True):
        layers = network(16, branched=branched)
        part = part_of(read(layers))
        submissions = {
            "the table's network": layers,
            "one layer forgotten": without(layers, 31),
            "a join forgotten": without(layers, 45),
            "every size wrong": network(8, branched=branched),
            "the other one": network(16, branched=not branched),
        }
        for name, submitted in submissions.items():
            taken = [1000 * second for second in seconds(part, read(submitted), repeats)]
            shape = "branches" if branched else "chain"
            print(
                f"{shape:8}  {len(submitted) - 1:3} rows  {name:20}  "
                f"median {statistics.median(taken):6.1f} ms  longest {max(taken):6.1f} ms"
            )


if __name__ == "__main__":
    main()
