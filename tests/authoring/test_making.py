"""A pasted summary is solved: what is made of it gives its rows again, or says what is missing."""

from __future__ import annotations

import ast
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.architecture import ReplyError, architecture_of, supposed_layer
from grader.authoring.assumed import assumed_architecture
from grader.authoring.checking import compared
from grader.authoring.code import body
from grader.authoring.files import NewPart, sheet_toml
from grader.authoring.making import Made, make
from grader.authoring.printing import summary_text
from grader.authoring.solving import solved
from grader.errors import SummaryError
from grader.records import Layer, Part, Row, Summary
from grader.sheets import load_sheets
from grader.summary import read_summary

HERE = Path(__file__).parent
SUMMARIES = HERE.parent / "summary" / "samples"
PARTS = {part.id: part for sheet in load_sheets() for part in sheet.parts}
READABLE = (
    *("keras_1_2_two_branches", "keras_2_0_float_totals", "keras_2_2_connected"),
    *("keras_3_nested", "keras_3_optimizer", "keras_3_notebook_html", "markdown_table"),
)
FILES = [
    *sorted((HERE / "samples").glob("*.txt")),
    *(SUMMARIES / f"{name}.txt" for name in READABLE),
]
HALF_TRAINED = "Trainable params: 20\nNon-trainable params: 20"
LAST_TRAINED = "Trainable params: 10\nNon-trainable params: 20"


def matches(made: Made) -> bool:
    """Whether the network that was made of a table is, to the comparison, the table's."""
    shape = tuple(size or 32 for size in made.plan.input_shape)
    part = replace(PARTS["fc_a"], reference=read_summary(made.table), input_shape=shape)
    return compared(part, made.architecture).matches


def made_of(text: str, folder: Path) -> Made:
    """What is made of a pasted summary, with nothing said beside it."""
    file = folder / "pasted.txt"
    file.write_text(text, encoding="utf-8")
    return make(file, None)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_summary_becomes_the_network_that_it_shows(file: Path) -> None:
    """Rows, connections and totals are those that were pasted, and the code is Python."""
    made = make(file, None)

    assert matches(made)
    assert ast.parse(f"def build_model():\n{body(made.plan)}").body


@pytest.mark.parametrize("part", PARTS.values(), ids=lambda part: part.id)
def test_the_tables_of_the_course_ask_nothing(part: Part) -> None:
    """Input and settings of the five tables are those of the sheets, without being told."""
    made = make(part.stub.with_suffix(".txt"), None)

    assert matches(made)
    assert part.input_shape == made.plan.input_shape
    assert part.num_classes == made.plan.num_classes
    assert part.stub.with_suffix(".txt").read_text(encoding="utf-8") == made.table


def test_what_was_taken_is_what_most_would_write() -> None:
    """A generator's strides, a text network's oblong kernels, the layer in a Bidirectional."""
    codes = {name: body(make(HERE / "samples" / f"{name}.txt", None).plan) for name in CODES}

    for name, lines in CODES.items():
        assert [] == [line for line in lines if line not in codes[name]]


CODES = {
    "gan_g": (
        "keras.Input(shape=(100,)),",
        "layers.Dense(12544, use_bias=False),",
        "layers.Reshape((7, 7, 256)),",
        'layers.Conv2DTranspose(128, 5, padding="same", use_bias=False),',
        'layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),',
    ),
    "textcnn": (
        "layers.Embedding(18765, 256)(input_layer)",
        'layers.Conv2D(512, (4, 256), activation="relu")(reshape)',
        "layers.Concatenate(axis=1)([max_pooling2d, max_pooling2d_1, max_pooling2d_2])",
        'layers.Dense(2, activation="softmax")(dropout)',
    ),
    "bilstm": (
        "layers.Bidirectional(layers.LSTM(64, return_sequences=True)),",
        'layers.Dense(1, activation="sigmoid"),',
    ),
    "mha": ("layers.Add()([input_layer, dropout_1])", "return keras.Model(input_layer, dense_2)"),
    "theano": (
        "keras.Input(shape=(28, 28, 1)),",
        'layers.Conv2D(6, 5, activation="relu"),',
        "layers.BatchNormalization(),",
    ),
    "operations": (
        "relu = layers.ReLU()(conv2d)",
        "add = layers.Add()([relu, conv2d_1])",
        "reduce_mean = layers.GlobalAveragePooling2D()(add)",
    ),
    "graphics_card": (
        "keras.Input(shape=(20, 3)),",
        "layers.LSTM(8, return_sequences=True),",
        "layers.Bidirectional(layers.LSTM(4)),",
    ),
}

ROW = "{name} ({layer})    ({shape})    {params}\n"


def summary_of(*rows: tuple[str, str, str, int]) -> str:
    """A summary in Keras 2's form of rows of name, class, shape and parameters."""
    lines = "".join(
        ROW.format(name=name, layer=layer, shape=shape, params=params)
        for name, layer, shape, params in rows
    )
    total = sum(row[-1] for row in rows)
    head = "Layer (type)    Output Shape    Param #\n====\n"
    totals = f"Total params: {total}\nTrainable params: {total}\nNon-trainable params: 0\n"
    return f"{head}{lines}====\n{totals}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            # 4 * (3 * 50 + 50 * 50 + 50) = 10,800
            summary_of(("lstm", "LSTM", "None, 50", 10800), ("dense", "Dense", "None, 1", 51)),
            r"line 3, column 1: .* how many steps .* --input-shape STEPS,3 ",
        ),
        (
            summary_of(("flatten", "Flatten", "None, 7", 0), ("dense", "Dense", "None, 1", 8)),
            r"line 3, column 1: .* what goes into 'flatten'.* --input-shape 28,28,1",
        ),
        (
            summary_of(("a", "Dense", "None, 4", 20), ("b", "Lambda", "None, 6", 0)),
            r"line 4, column 1: Lambda is not among the layers that the grader can build",
        ),
        (
            summary_of(("a", "Dense", "None, 4", 20), ("b", "BatchNormalization", "None, 4", 7)),
            r"line 4, column 1: no BatchNormalization turns \(None, 4\) into \(None, 4\) with 7",
        ),
        (
            (SUMMARIES / "keras_3_unbuilt.txt").read_text(encoding="utf-8"),
            r"line 5, column 3: 'conv2d_3' was printed before it was built.*model\.build",
        ),
        (
            summary_of(("base", "Functional", "None, 4", 20), ("b", "Dense", "None, 4", 20)),
            r"line 3, column 1: 'base' is a network inside .*expand_nested=True",
        ),
        (
            summary_of(("a", "Dense", "None, 4", 20), ("sum", "Add", "None, 4", 0)),
            r"line 4, column 1: 'sum' joins several layers, .* does not show which.*Connected to",
        ),
        (
            summary_of(("a", "Dense", "multiple", 20), ("b", "Dense", "multiple", 20)).replace(
                "(multiple)", "multiple"
            ),
            r"line 3, column 1: most rows have no shape.*keras\.Sequential or keras\.Model",
        ),
    ],
    ids=["steps", "flatten", "lambda", "count", "unbuilt", "nested", "join", "class"],
)
def test_what_is_missing_is_asked_for_at_its_place(tmp_path: Path, text: str, told: str) -> None:
    """The sentence names file, line and column, what is missing and how to give it."""
    with pytest.raises(SummaryError, match=rf"pasted\.txt, {told}"):
        made_of(text, tmp_path)


def test_a_word_of_the_authors_is_taken(tmp_path: Path) -> None:
    """What the summary cannot show is taken from the command line, and 0 for any length."""
    file = tmp_path / "pasted.txt"
    rows = (("lstm", "LSTM", "None, 50", 10800), ("dense", "Dense", "None, 1", 51))
    file.write_text(summary_of(*rows), encoding="utf-8")

    assert (20, 3) == make(file, (20, 3)).plan.input_shape
    free = make(file, (None, 3))
    assert matches(free)
    assert "(None, None, 3)" in free.table


@pytest.mark.parametrize(
    ("last", "checks"),
    [
        (("linear", "Dense", "None, 1", 51), {"loads", "architecture"}),
        (("softmax", "Activation", "None, 50", 0), {"loads", "architecture", "output"}),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_probabilities_are_asked_of_classifiers_alone(
    tmp_path: Path, last: tuple[str, str, str, int], checks: set[str]
) -> None:
    """The entry in sheet.toml has points for the output only where there are classes."""
    file = tmp_path / "pasted.txt"
    file.write_text(summary_of(("lstm", "LSTM", "None, 50", 10800), last), encoding="utf-8")
    made = make(file, (20, 3))

    entry = tomllib.loads(sheet_toml(NewPart("p", "s", made.plan, made.table, trained=False), None))

    assert checks == set(entry["parts"][0]["points"])


LEFT_OUT = "is left out: it keeps the shape, has no parameters, and the grader cannot build it"
TOLD = {
    "theano": ("the channels of images stand last; the summary has them first",),
    "operations": (
        "tf.nn.relu (TFOpLambda) is written as ReLU",
        f"tf.math.truediv (TFOpLambda) {LEFT_OUT}",
    ),
    "graphics_card": (
        "cu_dnnlstm_1 (CuDNNLSTM) is written as LSTM",
        "bidirectional_1 (Bidirectional) is counted as today",
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_was_changed_is_told(name: str) -> None:
    """Rows that Keras writes otherwise today, or that nobody can build, are not changed in silence.

    A network whose own totals said 882 parameters has 4 * 8 and 2 * 4 * 4 fewer without the second
    bias of each gate.
    """
    made = make(HERE / "samples" / f"{name}.txt", None)

    assert set(TOLD[name]) <= set(made.changes)
    assert name != "graphics_card" or 882 - 32 - 32 == made.plan.summary.totals.total


def test_old_counts_become_those_of_today(tmp_path: Path) -> None:
    """Keras 1.0 counted 2 parameters of a BatchNormalization; the table then has all 4."""
    rows = (("d", "Dense", "None, 4", 20), ("b", "BatchNormalization", "None, 4", 8))
    text = summary_of(*rows).partition("Trainable")[0].replace("Param #", "Param #   Connected to")
    text = text.replace("    20\n", "    20    d_input_1[0][0]\n").replace(
        "    8\n", "    8    d[0][0]\n"
    )

    made = made_of(text + "____\n", tmp_path)

    assert matches(made)
    assert 20 + 4 * 4 == made.plan.summary.totals.total
    assert any("counts 4 parameters per channel" in change for change in made.changes)


def test_frozen_layers_are_those_that_the_summary_names(tmp_path: Path) -> None:
    """With a column for it the summary says which; two layers of one size would both do."""
    rows = (("a", "Dense", "None, 4", 20), ("b", "Dense", "None, 4", 20))
    text = summary_of(*rows).replace("Param #", "Param #   Trainable")
    text = text.replace("20\nb", "20    Y\nb").replace("20\n====", "20    N\n====")
    text = text.replace("Trainable params: 40\nNon-trainable params: 0", HALF_TRAINED)

    made = made_of(text, tmp_path)

    assert matches(made)
    assert 'layers.Dense(4, activation="sigmoid", trainable=False),' in body(made.plan)


def test_frozen_layers_follow_from_the_totals(tmp_path: Path) -> None:
    """Where the first layers are not trained, the totals say how many of them."""
    text = summary_of(("a", "Dense", "None, 4", 20), ("b", "Dense", "None, 2", 10))
    text = text.replace("Trainable params: 30\nNon-trainable params: 0", LAST_TRAINED)

    made = made_of(text, tmp_path)

    assert matches(made)
    assert 'layers.Dense(4, activation="relu", trainable=False),' in body(made.plan)


@st.composite
def images(draw: st.DrawFn) -> list[Layer]:
    """A random network on images, each layer with usual settings."""
    layers = [supposed_layer("InputLayer", {"shape": (32, 32, 3)}, "input")]
    pairs = st.sampled_from([(1, 1), (2, 2), (3, 3), (5, 5)])
    moves = st.fixed_dictionaries(
        {
            "strides": st.sampled_from([(1, 1), (2, 2)]),
            "padding": st.sampled_from(["same", "valid"]),
        }
    )
    sizes: dict[str, st.SearchStrategy[Any]] = {
        "filters": st.integers(1, 40),
        "use_bias": st.booleans(),
    }
    kinds: dict[str, st.SearchStrategy[dict[str, Any]]] = {
        "Conv2D": st.fixed_dictionaries({"kernel_size": pairs, **sizes}),
        "SeparableConv2D": st.fixed_dictionaries({"kernel_size": pairs, **sizes}),
        "Conv2DTranspose": st.fixed_dictionaries({"kernel_size": pairs, **sizes}),
        "DepthwiseConv2D": st.fixed_dictionaries(
            {"kernel_size": pairs, "depth_multiplier": st.integers(1, 3)}
        ),
        "MaxPooling2D": st.fixed_dictionaries({"pool_size": pairs}),
        "BatchNormalization": st.fixed_dictionaries(
            {"scale": st.booleans(), "center": st.booleans()}
        ),
        "ZeroPadding2D": st.just({"padding": ((1, 1), (1, 1))}),
        "UpSampling2D": st.just({"size": (2, 2)}),
        "LayerNormalization": st.just({}),
    }
    for index in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(sorted(kinds)))
        settings = draw(kinds[kind])
        if "kernel_size" in settings or "pool_size" in settings:
            settings |= draw(moves)
        layer = supposed_layer(kind, settings, f"layer_{index}")
        layers.append(replace(layer, inputs=(index,)))
    return layers


@given(images())
def test_any_network_is_found_again_from_its_rows(layers: list[Layer]) -> None:
    """Whatever the settings were, those that are solved for give the same rows."""
    try:
        architecture = architecture_of(layers, [len(layers) - 1])
    except ReplyError:
        return  # nothing was left of the image
    rows = (Row("InputLayer", (None, 32, 32, 3), 0, "input"), *architecture.rows)
    summary = Summary(rows, architecture.totals)

    plan = solved(read_summary(summary_text(summary)), (32, 32, 3))

    part = replace(PARTS["fc_a"], reference=summary, input_shape=(32, 32, 3))
    assert compared(part, assumed_architecture(plan)).matches
