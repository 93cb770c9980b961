"""Face of the program: pytest-xdist. A part stays on one worker; grades come back here."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from typing import Any

import pytest

from grader.pytest_plugin.session import GradingSession, session_of

OUTPUT = "eight_faces_grades"


def make_scheduler(config: pytest.Config, log: Any) -> Any:  # noqa: ANN401 - xdist ships no types
    """Files stay together under `-n`, unless another distribution was asked for."""
    if config.getvalue("dist") != "load":
        return None
    from xdist.scheduler import LoadFileScheduling

    return LoadFileScheduling(config, log)


def check_data(node: Any, ids: Sequence[str]) -> None:  # noqa: ANN401 - xdist ships no types
    """On the controller: the data set is looked at before a worker needs it."""
    files = {node_id.partition("::")[0] for node_id in ids}
    session_of(node.config).start(node.config.rootpath / file for file in files)


def send_output(config: pytest.Config, grading: GradingSession) -> None:
    """On an xdist worker: hand the grades to the controller."""
    output = getattr(config, "workeroutput", None)
    if output is not None:
        output[OUTPUT] = pickle.dumps(grading.grades)


def collect_output(node: Any) -> None:  # noqa: ANN401 - xdist ships no types
    """On the controller: take over the grades of a worker that is done."""
    pickled = getattr(node, "workeroutput", {}).get(OUTPUT)
    if pickled:
        # Made by our own process a moment ago; what students wrote is only text in it.
        session_of(node.config).grades.update(pickle.loads(pickled))  # noqa: S301
