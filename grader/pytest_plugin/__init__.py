"""Face of the program: `pytest exercises` grades each part, one item per check.

A part file is never imported by pytest: its checks ask for what the sandbox and the worker said of
it.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from grader.pytest_plugin.items import CheckItem, PartFile
from grader.pytest_plugin.session import GradingSession, session_of
from grader.pytest_plugin.telling import closing_lines
from grader.pytest_plugin.workers import check_data, collect_output, make_scheduler, send_output

__all__ = [
    "pytest_testnodedown",
    "pytest_xdist_make_scheduler",
    "pytest_xdist_node_collection_finished",
]

# The name of its entry point in hypothesis 6; takes longer than all else that such a run imports.
_HYPOTHESIS = "hypothesispytest"

pytest_xdist_make_scheduler = pytest.hookimpl(optionalhook=True)(make_scheduler)
pytest_testnodedown = pytest.hookimpl(optionalhook=True)(collect_output)
pytest_xdist_node_collection_finished = pytest.hookimpl(optionalhook=True)(check_data)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options for the exercises; pytest's own stay as they are."""
    group = parser.getgroup("8 faces")
    group.addoption("--no-train", action="store_true", help="check the networks without training")
    group.addoption("--data", type=Path, help="data set to train on; by default the built-in faces")


def pytest_configure(config: pytest.Config) -> None:
    """One grading session per pytest process; it starts nothing yet."""
    config.stash[GradingSession.KEY] = GradingSession(config)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """A part file becomes its checks, and nothing else: no other collector may import it."""
    others = yield
    part = session_of(parent.config).part_of(file_path)
    if part is None:
        return others
    return [PartFile.from_parent(parent, path=file_path, part=part)]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Parts come in the order of the sheets, the first sheet first."""
    order = list(session_of(config).parts)
    part_items = [item for item in items if isinstance(item, CheckItem)]
    part_items.sort(key=lambda item: order.index(item.part.id))
    in_order = iter(part_items)
    items[:] = [next(in_order) if isinstance(item, CheckItem) else item for item in items]


def pytest_collection_finish(session: pytest.Session) -> None:
    """The processes begin to start as soon as it is known that there is something to do."""
    if all(isinstance(item, CheckItem) for item in session.items):
        _leave_out_hypothesis(session.config)
    if not session.config.option.collectonly:
        session_of(session.config).start(item.path for item in session.items)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Ends the processes, writes the report; a part that is not done is no success."""
    grading = session_of(session.config)
    grading.finish()
    send_output(session.config, grading)
    if session.exitstatus == pytest.ExitCode.OK and grading.is_anything_open():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """How far the sheet is, one next step, and where the report is."""
    lines = closing_lines(session_of(config))
    if lines:
        # Not `section`: after the line of dots that one leaves the line break to the next line.
        terminalreporter.write_sep("=", "8 faces")
        for line in lines:
            terminalreporter.write_line(line)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Whatever still runs ends here."""
    session_of(config).close()


def _leave_out_hypothesis(config: pytest.Config) -> None:
    """Where hypothesis is installed and no test uses it: its closing lines would import it all."""
    plugin = config.pluginmanager.get_plugin(_HYPOTHESIS)
    if plugin is not None and "hypothesis" not in sys.modules:
        config.pluginmanager.unregister(plugin)
