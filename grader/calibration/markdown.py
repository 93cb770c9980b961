"""Calibrate, last step: what was measured, as Markdown that reads well in a terminal, too; pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from itertools import pairwise
from pathlib import Path
from statistics import mean, stdev, variance

from grader import messages
from grader.calibration.bounds import MIN_SEEDS, PROBABILITY
from grader.calibration.results import Result, Slip

_SPLITS = ("train", "valid", "test")


def part_report(result: Result, written_to: Path | None) -> str:
    """One part: its variants with their bounds, the threshold, what slips reach, and warnings."""
    part, has_error = result.part, result.part.target.has_error
    variants = [
        [b.title, str(b.num_seeds), _figure(result, b.mean), _sd(b.sd), _figure(result, b.bound)]
        for b in result.threshold.bounds
    ]
    slips = [[slip.title, _reached(result, slip)] for slip in result.slips]
    what, sd = ("test error", "relative sd") if has_error else ("test accuracy", "sd")
    lines = [
        f"## {part.id}: {part.title}",
        "",
        *_table(("network", "seeds", f"mean {what}", sd, "bound"), variants),
        "",
        _sentence(result),
        "",
        *_table(("what should not pass", what), slips),
        "",
        *_warnings(result),
        _fate(result, written_to),
    ]
    return "\n".join(lines) + "\n"


def _sentence(result: Result) -> str:
    """The threshold, and what it promises."""
    threshold, num_test_images = result.threshold, result.num_test_images
    whose = f"bound ({threshold.deciding.title})"
    if result.part.target.has_error:
        loss = result.part.protocol.loss.replace("_", " ")
        return (
            f"The threshold is {_figure(result, threshold.value)} ({loss}): the highest {whose}, "
            "rounded up. A new training of any of these networks stays below its bound with a "
            f"probability of {PROBABILITY:.2%}."
        )
    num_images = round(threshold.value * num_test_images)
    what = f"{messages.example_word(result.part.target)}s"
    return (
        f"The threshold is {threshold.value:.4f}, {num_images} of {num_test_images} test {what}: "
        f"the lowest {whose}, rounded down. A new training of any of these networks reaches its "
        f"bound with a probability of {PROBABILITY:.2%}."
    )


def story(results: Sequence[Result]) -> str:
    """All parts side by side: accuracies of the references, and what each adds to the one before.

    Those with data of their own are left out, as no other can be compared with them. Empty where
    there is no result.
    """
    results = [result for result in results if result.part.data is None]
    if not results:
        return ""
    rows = [
        [result.part.id, str(len(result.reference)), *(_spread(_accuracies(result)))]
        for result in results
    ]
    steps = [
        [f"{later.part.id} - {earlier.part.id}", *_differences(earlier, later)]
        for earlier, later in pairwise(results)
    ]
    lines = [
        "## Accuracies",
        "",
        "Mean and standard deviation over the seeds, of the solutions on one thread.",
        "",
        *_table(("part", "seeds", *_SPLITS), rows),
    ]
    if steps:
        lines += [
            "",
            "Differences of the means, each with its standard error.",
            "",
            *_table(("difference", *_SPLITS), steps),
        ]
    return "\n".join(lines) + "\n"


def _warnings(result: Result) -> Iterable[str]:
    for slip in result.undetected:
        yield (
            f"Warning: the threshold does not tell '{slip.title}' apart, which reached "
            f"{_reached(result, slip)}. Such a network would pass."
        )
        yield ""
    for bound in result.uncertain:
        yield (
            f"Warning: '{bound.title}' varies more (sd {_sd(bound.sd)}) than the "
            f"{bound.spread:.4f} that its bound uses, but {bound.num_seeds} seeds are too few to "
            f"tell. Calibrate again with --choice-seeds {MIN_SEEDS}."
        )
        yield ""


def _fate(result: Result, written_to: Path | None) -> str:
    if written_to is not None:
        return f"Written to {written_to}."
    return (
        f"This is preliminary and not written: a threshold takes at least {MIN_SEEDS} seeds, and "
        f"these are {len(result.reference)}. With --seeds {MIN_SEEDS} these trainings are not done "
        "again."
    )


def _accuracies(result: Result) -> tuple[tuple[float, ...], ...]:
    """For each split the accuracies over the seeds."""
    trainings = (astuple(training.measured) for training in result.reference)
    return tuple(zip(*trainings, strict=True))


def _spread(splits: Iterable[tuple[float, ...]]) -> list[str]:
    return [f"{mean(values):.3f} ± {stdev(values):.3f}" for values in splits]


def _differences(earlier: Result, later: Result) -> list[str]:
    cells = []
    for before, after in zip(_accuracies(earlier), _accuracies(later), strict=True):
        error = math.sqrt(variance(before) / len(before) + variance(after) / len(after))
        cells.append(f"{mean(after) - mean(before):+.3f} ± {error:.3f}")
    return cells


def _sd(sd: float | None) -> str:
    return "" if sd is None else f"{sd:.4f}"


def _reached(result: Result, slip: Slip) -> str:
    return "no finite loss" if slip.measured is None else _figure(result, slip.measured)


def _figure(result: Result, figure: float) -> str:
    return messages.error_text(figure) if result.part.target.has_error else f"{figure:.4f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table whose columns stand below each other in plain text, too."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        return f"| {' | '.join(padded)} |"

    return [line(head), line(["-" * width for width in widths]), *map(line, rows)]
