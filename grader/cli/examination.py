"""Face of the program: what `grader doctor` tries out, step by step of the flow."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from data import DataError, cache_folder, load
from grader.errors import EightFacesError
from grader.grading import describe
from grader.messages.words import count
from grader.records import Part, Source
from grader.sandbox.bubblewrap import NOT_FOUND
from grader.sandbox.launcher import Sandbox
from grader.sandbox.rungs import INSTALL, Rung, means, sentence
from grader.sheets import calibrated_parts, load_sheets
from grader.training.key import versions
from grader.training.worker import Worker


@dataclass(frozen=True)
class Trial:
    """One step that was tried: whether it works, and what came out."""

    name: str
    works: bool
    text: str


def trials() -> Iterator[Trial]:
    """Each step of the flow tried once, in its order; a step that fails does not stop the next."""
    yield _try("packages", _packages)
    yield _try("sheets", lambda: ", ".join(sheet.id for sheet in load_sheets()))
    yield _try("sandbox", _sandbox)
    yield _try("describe", _describe)
    yield _try("data", _data)
    yield _try("cache", _cache)


def _try(name: str, step: Callable[[], str]) -> Trial:
    started = time.monotonic()
    try:
        text = step()
    except (EightFacesError, DataError, OSError) as error:
        return Trial(name, works=False, text=str(error))
    return Trial(name, works=True, text=f"{text} ({time.monotonic() - started:.1f} s)")


def _packages() -> str:
    return ", ".join(f"{name} {version}" for name, version in versions().items())


def _sandbox() -> str:
    """What confines students' files. Raises EightFacesError where nothing does."""
    found = means()
    if found.rung is Rung.UNCONFINED:
        raise EightFacesError(
            f"{sentence(found)}. That does for files of your own (`pytest exercises`); "
            f"`grader grade` refuses those of others. On Linux: {INSTALL}"
        )
    told = sentence(found)
    if found.bubblewrap == NOT_FOUND or found.seccomp:
        told += f"; for the full sandbox: {INSTALL}"
    return told


def _describe() -> str:
    """A small network goes through the sandbox and is rebuilt, as a submission's would."""
    part = load_sheets()[0].parts[0]
    with Sandbox() as sandbox, Worker(threads=1) as worker:
        worker.start()
        description = describe(sandbox, part, [_small_network(part)]).description
        if description.architecture is None:
            raise EightFacesError(f"A small network could not be described: {description.fault}")
        rebuilt = worker.rebuild(description.architecture)
    count = f"{rebuilt.totals.total:,}" if rebuilt.totals.total is not None else "unknown"
    return f"a network with {count} parameters was described and rebuilt"


def _small_network(part: Part) -> Source:
    code = (
        "import keras\n\n"
        "def build_model():\n"
        f"    return keras.Sequential([keras.Input({part.input_shape}), keras.layers.Dense(8)])\n"
    )
    return Source(part.id, "doctor.py", code.encode())


def _cache() -> str:
    """What is kept for this user, and how to be rid of it: nothing else takes it away."""
    folder = cache_folder()
    kinds = {"trainings": "training", "findings": "checked file"}
    told = []
    for name, noun in kinds.items():
        sizes = [file.stat().st_size for file in (folder / name).glob("*.json")]
        told.append(f"{count(len(sizes), noun)} ({sum(sizes) / 1024:,.0f} KiB)")
    return (
        f"{' and '.join(told)}, in {folder}; its folders {' and '.join(kinds)} may be "
        "deleted, and are filled again"
    )


def _data() -> str:
    data = load()
    counts = " / ".join(str(len(labels)) for labels in (data.y_train, data.y_valid, data.y_test))
    told = f"{data.name}, {counts} images, sha256 {data.sha256[:12]}"
    return f"{told}; {_thresholds(data.sha256)}"


def _thresholds(data_sha256: str) -> str:
    """The parts whose accuracy can be checked on this data set, and those without a threshold."""
    parts = calibrated_parts(load_sheets(), None)
    trained = [part for part in parts if part.is_trained and part.data is None]
    known = {part.id: part.calibration_for(data_sha256) for part in trained}
    measured = [f"{name} {found.threshold:.3f}" for name, found in known.items() if found]
    missing = [name for name, found in known.items() if found is None]
    told = f"thresholds: {', '.join(measured) or 'none'}"
    if missing:
        told += f" (`grader calibrate {' '.join(missing)}` measures one)"
    return told
