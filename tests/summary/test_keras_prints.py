"""Whatever Keras prints of a network, at whatever width, is read as that network."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.architecture.layers import LAYERS
from grader.errors import SummaryError
from grader.records import Row, Summary, Totals
from grader.summary import read_summary

# Keras' own print_summary, in a process of its own. It prints stand-ins, which have no weights to
# make: a network takes a millisecond. One line of JSON in, one out.
PRINTER = """
import json, os, sys
from types import SimpleNamespace as Some
import keras
from keras.src.utils.summary_utils import print_summary

class Functional:
    pass

keras.src.models.Functional = Functional

def layer(row):
    made = type(row["layer"], (), {})()
    made.name, made.built, made.weights, made.trainable = row["name"], True, [1], True
    made.count_params = lambda: row["params"]
    made._inbound_nodes = []
    return made

def node(row, layers):
    shapes = Some(shape=tuple(row["shape"]))
    names = [text.partition("[")[0] for text in row["connections"]]
    history = [Some(operation=layers[name], node_index=0, tensor_index=0) for name in names]
    return Some(output_tensors=shapes, input_tensors=[Some(_keras_history=h) for h in history])

print("ready", flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    rows = asked["rows"]
    layers = {row["name"]: layer(row) for row in rows}
    nodes = [node(row, layers) for row in rows]
    for made, one in zip(layers.values(), nodes):
        made._inbound_nodes.append(one)
    model = Functional() if asked["branches"] else Some()
    model.name, model.layers = asked["name"], list(layers.values())
    model._operations, model._nodes_by_depth = model.layers, {0: nodes}
    trainable, non_trainable = asked["totals"]
    model.trainable_weights = [Some(shape=(trainable,), dtype="float32")]
    model.non_trainable_weights = [Some(shape=(non_trainable,), dtype="float32")]
    model.compiled = False
    os.environ["COLUMNS"] = str(asked["width"] + 4)
    printed = []
    options = {"show_trainable": asked["trainable"], "print_fn": printed.append}
    print_summary(model, line_length=asked["width"], **options)
    print(json.dumps("".join(printed)), flush=True)
"""
# From here on Keras' own default names and these counts fit their columns.
WIDE = 110

Print = Callable[[Summary, int, bool, bool], str]


@pytest.fixture(scope="module")
def keras_prints() -> Iterator[Print]:
    """What Keras prints of a summary's rows: at a width, with connections, with Trainable."""
    command = [sys.executable, "-c", PRINTER]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        lines, answers = process.stdin, process.stdout
        while answers.readline().strip() != "ready":
            assert process.poll() is None

        def ask(summary: Summary, width: int, branches: bool, trainable: bool) -> str:  # noqa: FBT001 - as Keras has them
            rows: list[dict[str, Any]] = [vars(row) for row in summary.rows]
            totals = (summary.totals.trainable, summary.totals.non_trainable)
            asked = {"rows": rows, "totals": totals, "width": width, "branches": branches}
            # The name of a class of one's own: then rows need not follow from each other.
            lines.write(json.dumps({**asked, "name": "my_model", "trainable": trainable}) + "\n")
            lines.flush()
            text: str = json.loads(answers.readline())
            return text

        yield ask
        lines.close()


@st.composite
def networks(draw: st.DrawFn, *, branches: bool) -> Summary:
    """Rows with Keras' default names; with branches every layer joins two others."""
    rows: list[Row] = []
    for number in range(draw(st.integers(1, 6))):
        layer = "InputLayer" if number < 2 and branches else draw(st.sampled_from(sorted(LAYERS)))
        stem = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", layer).lower()
        # A class for two axes has an output with two and the channels.
        spatial = None if layer.startswith("Global") else re.search(r"([123])D", layer)
        fewest, most = (int(spatial[1]) + 1,) * 2 if spatial else (0, 4)
        axis = st.none() | st.integers(1, 5000)
        axes = draw(st.lists(axis, min_size=fewest, max_size=most))
        above = [row.name for row in rows]
        two = (
            st.lists(st.sampled_from(above), min_size=2, max_size=3) if number > 1 else st.just([])
        )
        sources = draw(two) if branches else []
        if layer.startswith("AveragePooling") and sources:
            # Of two classes with one beginning only this one joins others, which the reader knows.
            layer = "Average"
        if layer.startswith("Global") and sources:
            layer = with_axes_of(layer, next(row for row in rows if row.name == sources[0]))
        shape, params = (None, *axes), draw(st.integers(0, 10**7))
        connections = tuple(f"{source}[0][0]" for source in sources)
        rows.append(Row(layer, shape, params, f"{stem}_{number}", connections))
    total = sum(row.params or 0 for row in rows)
    trainable = draw(st.integers(0, total))
    return Summary(tuple(rows), Totals(total, trainable, total - trainable))


def with_axes_of(layer: str, source: Row) -> str:
    """The global pooling that works on what the source gives."""
    axes = len(source.shape or ()) - 2
    return re.sub(r"[123]D", f"{axes}D", layer) if axes in (1, 2, 3) else "Flatten"


def with_names_of(read: Summary, printed: Summary) -> Summary:
    """What was read, with whole names where an end of one was cut, which is marked.

    Of two names with the same beginning the second then has a number of its own.
    """
    rows = [
        replace(row, name=own.name)
        if own.name.startswith((row.name, re.sub(r"_\d+$", "", row.name)))
        else row
        for row, own in zip(read.rows, printed.rows, strict=True)
    ]
    return Summary(tuple(rows), read.totals)


def named(connections: Sequence[Sequence[str]]) -> list[list[str]]:
    """The layers that each row takes, without which use of them it is."""
    return [[text.partition("[")[0] for text in row] for row in connections]


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_keras_prints_reads_back(keras_prints: Print, data: st.DataObject) -> None:
    """Equal at a usual width; in a narrow terminal equal too, or what was cut is asked for."""
    branches, trainable = data.draw(st.booleans()), data.draw(st.booleans())
    summary = data.draw(networks(branches=branches))
    width = data.draw(st.integers(44, 140))
    text = keras_prints(summary, width, branches, trainable)

    try:
        read = read_summary(text)
    except SummaryError:
        assert width < WIDE
        assert "…" in text
    else:
        connected = [tuple(row.connections) for row in summary.rows]
        found = [row.connections for row in read.rows]
        # Which use of a layer is meant cannot be told where that was cut.
        same = named(connected) == named(found) if "…" in text else connected == found
        assert width < WIDE or same
        rows = tuple(
            replace(row, connections=own) for row, own in zip(read.rows, connected, strict=True)
        )
        assert summary == with_names_of(Summary(rows, read.totals), summary)
