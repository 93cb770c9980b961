"""What is described where the student's code changes Python or Keras itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from grader.sandbox.jobs import Ending, Job
from grader.sandbox.launcher import Sandbox

NETWORK = """
def build_model():
    return keras.models.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2)])
"""


def described(sandbox: Sandbox, code: str) -> dict[str, Any]:
    """The document for this source."""
    reply = sandbox.describe(Job("fc_a", "fc_a.py", code.encode(), (3,)))
    assert reply.ending is Ending.ANSWERED
    document: dict[str, Any] = json.loads(reply.raw or b"")
    return document


@pytest.mark.parametrize(
    "change",
    [
        "keras.Model = keras.Sequential = keras.KerasTensor = int",
        "keras.layers.Layer = keras.layers.InputLayer = keras.layers.Lambda = str",
        "import json\njson.dumps = json.JSONEncoder = None",
        """
build = build_model
def build_model():
    import builtins
    model = build()
    for name in ("isinstance", "len", "str", "type", "BaseException", "sorted"):
        delattr(builtins, name)
    return model""",
        "import builtins\nbuiltins.print = builtins.callable = lambda *_: 5",
    ],
)
def test_a_network_is_described_whatever_was_put_in_the_place_of_names(
    sandbox: Sandbox, change: str
) -> None:
    """The names that describing needs were taken before the student's code ran."""
    document = described(sandbox, f"import keras\n{NETWORK}\n{change}\n")

    assert (document["status"], document["error"]) == ("model", None)


def test_what_stands_in_for_keras_model_is_no_model(sandbox: Sandbox) -> None:
    """An object of a class that was put in the place of keras.Model is told by its own class."""
    code = "import keras\nclass Fake: pass\nkeras.Model = Fake\ndef build_model(): return Fake()\n"

    error = described(sandbox, code)["error"]

    assert (error["rule"], error["details"]) == ("not-a-model", {"type": "Fake"})


def test_deleted_built_in_names_are_the_students_own_fault(sandbox: Sandbox) -> None:
    """What then fails is told with the student's line, not with ours."""
    code = (
        "import builtins\n"
        "for name in ('isinstance', 'len', 'repr', 'str', 'type', 'Exception'):\n"
        "    delattr(builtins, name)\n"
        "len([])\n"
    )

    error = described(sandbox, code)["error"]

    assert (error["rule"], error["line"]) == ("exception", 4)
    assert error["sentence"] == "NameError: name 'len' is not defined"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            "keras.layers.Dense.get_config = property()",
            {"found": "AttributeError: property of 'Dense' object has no getter"},
        ),
        (
            "import traceback\ntraceback.extract_tb = None\n1 / 0",
            {},
        ),
    ],
)
def test_what_cannot_be_looked_at_is_said_to_be_that(
    sandbox: Sandbox, change: str, found: dict[str, str]
) -> None:
    """A change deep inside ends in a fault of its own, without a traceback of the grader's."""
    error = described(sandbox, f"import keras\n{NETWORK}\n{change}\n")["error"]

    assert (error["rule"], error["details"]) == ("not-a-model", {"refused": "changed", **found})
    assert error["traceback"] == ""


@pytest.mark.parametrize("first", [0, 3])
def test_a_lost_reply_has_no_exit_code_of_the_students(sandbox: Sandbox, first: int) -> None:
    """Who closes every descriptor is not told a number that the grader chose."""
    code = f"import os\nos.closerange({first}, 100)\n"

    reply = sandbox.describe(Job("fc_a", "fc_a.py", code.encode(), (3,)))

    assert (reply.ending, reply.exit_code, reply.raw) == (Ending.EXITED, None, None)
    assert reply.output == ""
