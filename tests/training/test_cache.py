"""The cache of results: what went in comes out, and nothing else does."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from grader.records import History, Outcome, Splits, Training, WrongImage
from grader.training.cache import TrainingCache

TRAINING = Training(
    key="a1b2",
    outcome=Outcome.PASSED,
    accuracy=Splits(0.9, 0.5, 0.25),
    loss=Splits(0.1, 1.5, 2.0),
    epochs=2,
    seconds=3.5,
    cpu_seconds=3.25,
    seed=1,
    threads=1,
    history=History((2.0, 1.0), (0.5, 0.75), (2.5, 1.5), (0.25, 0.5)),
    confusion=((1, 3), (0, 0)),
    wrong=(WrongImage(index=1, label=0, said=1, probability=0.75),),
    message="",
)


@pytest.fixture
def cache(tmp_path: Path) -> TrainingCache:
    """An empty cache."""
    return TrainingCache(tmp_path)


def entry(folder: Path) -> Path:
    """The one file in the cache."""
    (path,) = folder.rglob("*.json")
    return path


def test_round_trip(cache: TrainingCache) -> None:
    """A kept result comes back as it was, with all its types."""
    cache.put(TRAINING)

    assert TRAINING == cache.get("a1b2")
    assert repr(TRAINING) == repr(cache.get("a1b2"))


def test_other_key(cache: TrainingCache) -> None:
    """A key that nothing was kept under gives None."""
    cache.put(TRAINING)

    assert cache.get("c3d4") is None


def test_refused_training_is_kept(cache: TrainingCache, tmp_path: Path) -> None:
    """That Keras refused a training is kept; a result from before that was told still counts."""
    refused = replace(TRAINING, outcome=Outcome.FAILED, refused=True)
    cache.put(refused)
    kept = json.loads(entry(tmp_path).read_text())

    assert refused == cache.get("a1b2")
    assert kept.pop("refused")
    entry(tmp_path).write_text(json.dumps(kept))
    assert replace(refused, refused=False) == cache.get("a1b2")


def test_failed_result_is_kept(cache: TrainingCache) -> None:
    """A loss that was not finite is so the next time too: nothing is trained again for it."""
    unknown = Splits(None, None, None)
    failed = replace(
        TRAINING, outcome=Outcome.FAILED, accuracy=unknown, loss=unknown, message="The loss ..."
    )
    cache.put(failed)

    assert failed == cache.get("a1b2")


@pytest.mark.parametrize(
    "outcome", [Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY, Outcome.GRADER_ERROR]
)
def test_chance_results_are_not_kept(cache: TrainingCache, outcome: Outcome) -> None:
    """What the machine did on a bad day is not held against the next run."""
    cache.put(replace(TRAINING, outcome=outcome))

    assert cache.get("a1b2") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        json.dumps({"format": 2, "key": "a1b2", "outcome": "passed"}),
        json.dumps({"format": 1, "key": "a1b2", "outcome": "passed"}),
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "[" * 100_000,
    ],
)
def test_foreign_entry_is_absent(cache: TrainingCache, tmp_path: Path, text: str) -> None:
    """A file that is broken or not ours counts as none, and is replaced by the next result."""
    cache.put(TRAINING)
    entry(tmp_path).write_text(text, encoding="latin-1")

    assert cache.get("a1b2") is None
    cache.put(TRAINING)
    assert TRAINING == cache.get("a1b2")


def test_entry_of_another_training(cache: TrainingCache, tmp_path: Path) -> None:
    """A file that was given another training's name counts as none."""
    cache.put(TRAINING)
    entry(tmp_path).rename(entry(tmp_path).with_stem("c3d4"))

    assert cache.get("c3d4") is None


def test_wrong_types_inside(cache: TrainingCache, tmp_path: Path) -> None:
    """An entry whose figures are no numbers counts as none."""
    cache.put(TRAINING)
    kept = json.loads(entry(tmp_path).read_text("utf-8"))
    for name, value in (("accuracy", 1), ("confusion", [1]), ("wrong", [None]), ("epochs", "x")):
        entry(tmp_path).write_text(json.dumps(kept | {name: value}), encoding="utf-8")

        assert cache.get("a1b2") is None


def test_two_at_once(tmp_path: Path) -> None:
    """Readers beside writers find nothing or a whole result, and no other file is left."""

    def work(number: int) -> set[Training | None]:
        cache = TrainingCache(tmp_path)
        found = set()
        for seconds in range(50):
            cache.put(replace(TRAINING, seconds=float(seconds), seed=number))
            found.add(cache.get("a1b2"))
        return found

    with ThreadPoolExecutor(4) as pool:
        found = set().union(*pool.map(work, range(4)))

    assert None not in found
    assert ["a1b2.json"] == [path.name for path in tmp_path.rglob("*") if path.is_file()]


def test_folder_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GRADER_CACHE says where results are kept."""
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "elsewhere"))
    TrainingCache().put(TRAINING)

    assert "a1b2.json" == entry(tmp_path / "elsewhere").name


def test_nowhere_to_write(tmp_path: Path) -> None:
    """Where no folder can be made nothing is kept, and nothing fails."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    cache = TrainingCache(tmp_path / "file")
    cache.put(TRAINING)

    assert cache.get("a1b2") is None
