"""What is described of files that give no network."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from grader.sandbox.jobs import Job
from grader.sandbox.launcher import Sandbox

Describe = Callable[..., dict[str, Any]]

_DIM_ORDERING = ("set_image_dim_ordering", "set_image_data_format")


@pytest.mark.parametrize(
    "code",
    [
        "",
        "# nothing but a comment\n",
        '"""Only a docstring."""\n',
        "import keras\ndef build_model():\n    pass\n",
        "def build_model() -> 'keras.Model':\n    '''The network.'''\n    ...\n",
        "def build_model():\n    raise NotImplementedError('build it here')\n",
        "def build_model():\n    return 1\ndef build_model():\n    raise NotImplementedError\n",
    ],
)
def test_nothing_attempted_is_told_apart_from_an_error(describe: Describe, code: str) -> None:
    """An empty file and an empty `build_model` are no errors."""
    document = describe(code)

    assert (document["status"], document["error"]) == ("not_attempted", None)


def test_an_answer_is_kept_where_nothing_was_built(describe: Describe) -> None:
    """ANSWER is read although the file is not run."""
    document = describe('def build_model():\n    ...\nANSWER = "better"\n')

    assert document["answer"] == "better"


@pytest.mark.parametrize(
    ("code", "rule", "line", "details"),
    [
        ("x = 1\ndef build_model(:\n", "syntax-error", 2, {}),
        ("x = 1\0", "syntax-error", None, {}),
        ("# coding: nonsense\nx = 1\n", "syntax-error", None, {}),
        ("(" * 100_000, "syntax-error", 1, {}),
        ("import torch\n", "import-error", 1, {"name": "torch"}),
        ("import grader\n", "import-error", 1, {"name": "grader"}),
        ("import solutions\n", "import-error", 1, {"name": "solutions"}),
        ("from keras.layers import Dnse\n", "import-error", 1, {"name": "keras.layers"}),
        ("\n1 / 0\n", "exception", 2, {"type": "ZeroDivisionError"}),
        ("raise BaseException('b')\n", "exception", 1, {"type": "BaseException"}),
        ("raise KeyboardInterrupt\n", "exception", 1, {"type": "KeyboardInterrupt"}),
        ("input('?')\n", "exception", 1, {"type": "EOFError"}),
        ("def build_model():\n    build_model()\n", "exception", 2, {"type": "RecursionError"}),
        (
            "def build_model(x, y=1, *, z, **more):\n    return x\n",
            "exception",
            1,
            {"type": "TypeError", "needs_arguments": "x, z"},
        ),
        (
            "def build_model(x=1):\n    return x + ''\n",
            "exception",
            2,
            {"type": "TypeError"},
        ),
        ("eval('1 +')\n", "exception", 1, {"type": "SyntaxError"}),
        ("import sys\nsys.exit('bye')\n", "silent-exit", 2, {"code": "bye"}),
        ("exit()\n", "silent-exit", 1, {"code": ""}),
        (
            "class C:\n    def __str__(self):\n        1 / 0\n\nraise SystemExit(C())\n",
            "silent-exit",
            5,
            {"code": ""},
        ),
        ("raise MemoryError\n", "memory-limit", 1, {}),
        (
            "import tensorflow as tf\nraise tf.errors.ResourceExhaustedError(None, None, 'OOM')\n",
            "memory-limit",
            2,
            {},
        ),
        ("def built_model():\n    return 1\n", "no-build-model", None, {"near": "built_model"}),
        ("build_model = 5\n", "no-build-model", None, {"type": "int"}),
        (
            "import keras\nmodel = keras.Sequential()\n",
            "no-build-model",
            None,
            {"model": "model"},
        ),
    ],
)
def test_every_fault_of_a_file_has_its_rule_line_and_details(
    describe: Describe, code: str, rule: str, line: int | None, details: dict[str, object]
) -> None:
    """Whatever is raised while the file runs is told as rule, line and details."""
    error = describe(code)["error"]

    assert (error["rule"], error["line"], error["details"]) == (rule, line, details)


@pytest.mark.parametrize(
    ("body", "rule", "details"),
    [
        ("keras.Sequential()", "returned-none", {}),
        ("return layers.Dense", "not-a-model", {"type": "class", "name": "Dense"}),
        ("return keras.callbacks.History()", "not-a-model", {"type": "History"}),
        ("return build_model", "not-a-model", {"type": "function", "name": "build_model"}),
        ("return layers.Dense(2, name='d')", "not-a-model", {"type": "Dense", "name": "d"}),
        ("return keras.Input((3,))", "not-a-model", {"type": "KerasTensor"}),
        ("return [layers.Dense(2)]", "not-a-model", {"type": "list", "items": "Dense"}),
        (
            "return keras.Sequential(), 1",
            "not-a-model",
            {"type": "tuple", "items": "Sequential, int"},
        ),
        ("return keras.Sequential()", "not-built", {"layers": 0}),
        ("return keras.Sequential([layers.LSTM(2)])", "not-built", {"layers": 1}),
        (
            "return keras.Sequential([layers.Lambda(lambda x: x, name='f')])",
            "custom-layer",
            {"class": "Lambda", "layer": "f"},
        ),
        (
            (
                "return keras.Sequential([layers.Input((2, 3)),\n"
                "    layers.TimeDistributed(layers.Lambda(lambda x: x, name='f'))])"
            ),
            "custom-layer",
            {"class": "Lambda", "layer": "f"},
        ),
        (
            (
                "class Mine(layers.Dense):\n    pass\n"
                "return keras.Sequential([layers.Flatten(), Mine(2, name='m')])"
            ),
            "custom-layer",
            {"class": "Mine", "layer": "m"},
        ),
        (
            (
                "class Mine(keras.Model):\n    def call(self, x):\n        return x\n"
                "return Mine(name='m')"
            ),
            "custom-layer",
            {"class": "Mine", "layer": "m", "what": "model"},
        ),
        (
            (
                "class Mine(keras.Sequential):\n    def call(self, x):\n        return x\n"
                "return Mine([layers.Flatten()], name='m')"
            ),
            "custom-layer",
            {"class": "Mine", "layer": "m", "what": "model"},
        ),
    ],
)
def test_what_is_returned_is_named_where_it_is_no_network(
    describe_body: Describe, body: str, rule: str, details: dict[str, object]
) -> None:
    """None, other objects, models without layers and own layers are told apart."""
    error = describe_body(body)["error"]

    assert (error["rule"], error["details"]) == (rule, details)


@pytest.mark.parametrize(
    ("body", "found", "today"),
    [
        ("from keras.layers.core import Dense", "keras.layers.core", "keras.layers"),
        (
            "from tensorflow.keras.layers.convolutional import Conv2D",
            "tensorflow.keras.layers.convolutional",
            "keras.layers",
        ),
        ("return keras.layers.core.Dense(2)", "keras.layers.core", "keras.layers"),
        ("from keras.utils import np_utils", "keras.utils.np_utils", "keras.utils"),
        ("from keras.layers import Merge", "Merge", "Concatenate"),
        ("from keras.layers import merge", "merge", "concatenate"),
        ("keras.backend.set_image_dim_ordering('tf')", *_DIM_ORDERING),
        ("layers.Conv2D(32, 3, border_mode='same')", "border_mode", "padding"),
        ("layers.Dense(output_dim=8)", "output_dim", "units"),
        ("layers.Dense(8, init='he_normal')", "init", "kernel_initializer"),
        ("layers.Dense(8, W_regularizer='l2')", "W_regularizer", "kernel_regularizer"),
        ("layers.Conv2D(8, 3, subsample=(2, 2))", "subsample", "strides"),
        ("x = keras.Input((3,))\nkeras.Model(x, output=x)", "output", "outputs"),
        ("keras.optimizers.Adam(lr=0.1)", "lr", "learning_rate"),
        (
            (
                "keras.Sequential([layers.Input((4, 4, 3)), layers.Conv2D(9, 3, 3),\n"
                "    layers.Conv2D(9, 3, 3)])"
            ),
            "Conv2D(9, 3, 3)",
            "Conv2D(9, (3, 3))",
        ),
    ],
)
def test_an_old_spelling_of_keras_is_found_with_todays(
    describe_body: Describe, body: str, found: str, today: str
) -> None:
    """A spelling of Keras 1 or 2 in the statement that failed is the cause."""
    error = describe_body(body)["error"]

    assert error["rule"] == "old-keras"
    assert error["details"] == {"found": found, "today": today}


@pytest.mark.parametrize(
    ("body", "call"),
    [
        (
            "layers.Conv2D(32, 3, 3, border_mode='same')",
            "layers.Conv2D(32, (3, 3), padding='same')",
        ),
        (
            "layers.Dense(output_dim=8, init='one')",
            "layers.Dense(units=8, kernel_initializer='one')",
        ),
    ],
)
def test_several_old_spellings_in_one_call_are_told_with_the_call_of_today(
    describe_body: Describe, body: str, call: str
) -> None:
    """Who mends only the first one would meet the next one at once."""
    error = describe_body(body)["error"]

    assert (error["rule"], error["details"]["call"]) == ("old-keras", call)


@pytest.mark.parametrize(
    "body",
    [
        "keras.Sequential([layers.Input((9, 9, 3)), layers.Conv2D(9, 3, 3), layers.Dense('x')])",
        "def mine(bias):\n    return bias\nmine(lr=3)",
        "layers.Embedding(input_dim='x', output_dim=-3)",
    ],
)
def test_a_spelling_that_is_right_today_is_not_blamed(describe_body: Describe, body: str) -> None:
    """Another cause in a statement with a like spelling stays an exception."""
    error = describe_body(body)["error"]

    assert error["rule"] == "exception"


def test_only_the_students_frames_are_shown(describe: Describe) -> None:
    """Frames of Keras and of the grader are left out; Python's sentence stays as it is."""
    code = "from keras import layers\n\ndef build_model():\n    return layers.Dense(-1)\n"

    error = describe(code)["error"]

    assert error["sentence"].startswith("ValueError: Received an invalid value for `units`")
    assert error["line"] == 4
    assert error["traceback"].splitlines()[:2] == [
        '  File "cnn_a.py", line 4, in build_model',
        "    return layers.Dense(-1)",
    ]
    assert error["traceback"].count("File ") == 1


@pytest.mark.parametrize(
    ("helper", "rule"),
    [(b"x = 1\n1 / 0\n", "exception"), (b"x = 1\ndef net(:\n", "syntax-error")],
)
def test_a_fault_in_a_helper_is_told_with_the_helpers_file_and_line(
    describe: Describe, helper: bytes, rule: str
) -> None:
    """File and line are those where the fault is; the traceback shows both files."""
    error = describe("\n\n\nimport tools\n", tools=helper)["error"]

    assert (error["rule"], error["line"], error["details"]["file"]) == (rule, 2, "tools.py")
    assert 'File "cnn_a.py", line 4' in error["traceback"]
    assert 'File "tools.py", line 2' in error["traceback"]
    assert helper.decode().splitlines()[1] in error["traceback"]


def test_a_coroutine_is_no_model_and_no_warning(sandbox: Sandbox) -> None:
    """`async def build_model` is told by its type, without Python's words on awaiting."""
    code = b"async def build_model():\n    return 1\n"
    reply = sandbox.describe(Job("fc_a", "fc_a.py", code, (3,)))

    error = json.loads(reply.raw or b"")["error"]
    assert (error["rule"], error["details"]) == ("not-a-model", {"type": "coroutine"})
    assert reply.output == ""


def test_folders_of_the_machine_are_left_out_of_sentences(describe: Describe) -> None:
    """Python's sentence names Keras' file as from its package on."""
    error = describe("from keras.layers import Activaton\n")["error"]

    assert error["sentence"] == (
        "ImportError: cannot import name 'Activaton' from 'keras.layers' (keras/layers/__init__.py)"
    )


def test_helpers_are_imported_and_shadow_nothing_installed(describe: Describe) -> None:
    """A helper called data works; one called keras or json does not replace the installed one."""
    code = "import data, json, keras\nANSWER = data.TEXT\nkeras.layers, json.loads\n"

    document = describe(code, data=b"TEXT = 'helped'", keras=b"1 / 0", json=b"1 / 0")

    assert document["answer"] == "helped"
    assert document["error"]["rule"] == "no-build-model"


@pytest.mark.parametrize(
    ("expression", "answer", "cut", "notes"),
    [
        ("5", "5", 0, ["answer-not-text"]),
        ("['a']", "", 0, ["answer-not-text"]),
        ("'ä' * 15_000", "ä" * 10_240, 30_000 - 20_480, []),
        ("'a\\udc80b' + chr(0)", "a?b\0", 0, []),
    ],
)
def test_an_answer_is_text_of_at_most_20_kb(
    describe: Describe, expression: str, answer: str, cut: int, notes: list[str]
) -> None:
    """Other types are noted, long answers cut, unpaired surrogates replaced."""
    document = describe(f"ANSWER = {expression}\n")

    assert (document["answer"], document["answer_cut"]) == (answer, cut)
    assert document["notes"] == notes


def test_a_long_sentence_says_how_much_is_cut(describe: Describe) -> None:
    """4 KB of what Python says are kept."""
    error = describe("raise ValueError('x' * 5000)\n")["error"]

    kept, _, rest = error["sentence"].partition(" [")
    assert kept == "ValueError: " + "x" * (4096 - 12)
    assert rest == "916 more bytes are left out here]"


def test_an_exception_that_cannot_be_printed_is_named(describe: Describe) -> None:
    """An exception whose text raises is told by its type."""
    error = describe("class Odd(Exception):\n    def __str__(self): 1 / 0\nraise Odd\n")["error"]

    assert error["sentence"] == "Odd"
