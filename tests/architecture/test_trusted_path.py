"""From a reply to a Keras model only the project's own table leads; nothing is deserialized."""

from __future__ import annotations

import ast
import io
import json
import pickletools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import grader
from grader.architecture.canonical import read_architecture
from grader.architecture.functions import ACTIVATIONS
from grader.architecture.functions import LAYERS as SPELLINGS
from grader.architecture.layers import LAYERS
from grader.architecture.objects import CONSTRAINTS, INITIALIZERS, REGULARIZERS
from grader.architecture.optimizers import LOSSES, OPTIMIZERS, SCHEDULES
from grader.training.wire import RebuildRequest, send

ROOT = Path(grader.__file__).parent
PATH = sorted([*(ROOT / "architecture").glob("*.py"), *(ROOT / "training").glob("*.py")])
# Everything in Keras and Python that makes objects, code or modules out of data.
FORBIDDEN = frozenset(
    {
        *("from_config", "deserialize", "deserialize_keras_object", "model_from_json"),
        *("load_model", "load_weights", "clone_model", "enable_unsafe_deserialization"),
        *("eval", "exec", "compile_command", "__import__", "import_module", "run_module"),
        *("marshal", "shelve", "dill", "cloudpickle", "yaml", "joblib", "custom_object_scope"),
    }
)
# Only here, between two of the grader's own processes.
PICKLING = {"wire.py", "serve.py"}


def names_in(file: Path) -> set[str]:
    """Every name, attribute and imported module in a Python file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                names.add(name)
            case ast.alias(name=name) | ast.ImportFrom(module=str() as name):
                names.update(name.split("."))
    return names


@pytest.mark.parametrize("file", PATH, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_nothing_on_the_path_of_a_reply_deserializes(file: Path) -> None:
    """No module that a reply or an architecture passes has a word for it."""
    forbidden = FORBIDDEN if file.name in PICKLING else FORBIDDEN | {"pickle"}

    assert set() == names_in(file) & forbidden


def test_what_reads_replies_imports_nothing_that_runs_them() -> None:
    """The checker works with the standard library and records alone."""
    imported = {
        name
        for file in PATH
        if file.parent.name == "architecture"
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
        )
    }

    ours = {name for name in imported if name.startswith("grader.")}

    assert all(name.startswith(("grader.architecture", "grader.records")) for name in ours - {
        "grader.errors"
    })  # fmt: skip
    assert imported - ours <= {
        *("__future__", "collections", "collections.abc", "dataclasses", "enum", "functools"),
        *("hashlib", "json", "math", "re", "struct", "typing"),
    }


TABLES: Mapping[str, Any] = {
    "layers": (set(LAYERS), "Layer"),
    "initializers": (set(INITIALIZERS), "Initializer"),
    "regularizers": (set(REGULARIZERS), "Regularizer"),
    "constraints": (set(CONSTRAINTS), "Constraint"),
    "optimizers": (set(OPTIMIZERS), "Optimizer"),
    "losses": (set(LOSSES), "Loss"),
}


@pytest.mark.slow
def test_every_name_of_the_table_is_what_it_stands_for_in_keras() -> None:
    """A name that the checker lets pass can only lead to a class of its kind, or an activation."""
    import keras

    for module, (names, base) in TABLES.items():
        found = getattr(keras, module)
        for name in names:
            assert issubclass(getattr(found, name), getattr(found, base)), name
    schedules = keras.optimizers.schedules
    for name in SCHEDULES:
        assert issubclass(getattr(schedules, name), schedules.LearningRateSchedule), name
    for name in ACTIVATIONS:
        assert getattr(keras.activations, name).__module__.startswith("keras.src.activations"), name
    assert {*SPELLINGS} <= {*dir(keras.layers)}


@pytest.mark.slow
def test_the_builder_asks_keras_for_names_of_the_table_only(
    real_reply: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a reply with every kind of object makes it look up stands in the table."""
    import keras

    from grader.training import build_layers
    from grader.training.rebuild import build_model

    asked: dict[str, set[str]] = {}

    class Listening:
        """Keras, or a module of it, that notes down what it is asked for."""

        def __init__(self, real: object, path: str) -> None:
            self._real, self._path = real, path

        def __getattr__(self, name: str) -> object:
            asked.setdefault(self._path, set()).add(name)
            found = getattr(self._real, name)
            inner = not self._path and type(found).__name__ == "module"
            return Listening(found, name) if inner else found

    monkeypatch.setattr(build_layers, "keras", Listening(keras, ""))
    for kind in ("initializer", "regularizer", "constraint"):
        listening = Listening(getattr(keras, f"{kind}s"), f"{kind}s")
        monkeypatch.setitem(build_layers._MODULES, kind, listening)  # noqa: SLF001 - where it looks

    build_model(read_architecture(json.loads(real_reply)["model"]), seed=0)

    assert asked.pop("") <= {"layers", "activations"}
    assert asked.pop("layers") <= {*LAYERS, "Activation"}
    assert asked.pop("activations") <= {*ACTIVATIONS}
    assert asked.pop("initializers") <= {*INITIALIZERS}
    assert asked.pop("regularizers") <= {*REGULARIZERS}
    assert {} == asked


def test_what_goes_to_a_worker_names_no_class_but_our_records(reply: dict[str, Any]) -> None:
    """A student's words are text in it, however they look: the pickle makes our records only."""
    hostile = "cos\\nsystem\\n(S'true'\\ntR."
    document = reply["model"]
    for layer in document["layers"]:
        layer["name"] = hostile
    stream = io.BytesIO()

    send(stream, RebuildRequest(read_architecture(document), cpu_seconds=20))

    operations = [*pickletools.genops(stream.getvalue())]
    texts = [str(text) for code, text, _ in operations if "UNICODE" in code.name]
    classes = [code.name for code, _, _ in operations if "GLOBAL" in code.name]
    modules = {text for text in texts if text.startswith(("grader", "os", "posix", "builtins"))}

    assert hostile in texts
    # Each class is named by its module and itself, the module once: Architecture and its fields.
    assert {"STACK_GLOBAL"} == set(classes)
    assert {"grader.training.wire", "grader.records.networks"} == modules
    assert {"RebuildRequest", "Architecture", "Layer", "Row", "Totals"} <= set(texts)
    assert len(classes) == 5
