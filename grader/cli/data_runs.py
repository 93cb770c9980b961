"""Face of the program: the runs of `grader data`, with their progress and closing words."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import numpy as np
from PIL import __version__ as pillow_version
from PIL import features as pillow_features
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from data import DataError, DataSet, load, write_own_file
from data.builtin import draw_again, load_invented
from data.duplicates import look_alikes
from data.fitness import Finding, Weight, all_pictures, examine
from data.importing import Imported, Stage, write_report
from data.importing.report import by_reason, counts
from grader.cli.data_verdict import fits_the_parts
from grader.errors import UsageError

MAX_PERSONS = 20
MAX_NAMED_CHARACTERS = 240


def run_import(out: Path, work: Callable[[Stage], Imported]) -> None:
    """Do an import, write its file and report beside it, and tell what came of it.

    Raises UsageError where nothing can come of it.
    """
    if out.suffix.lower() != ".npz":
        raise UsageError(f"{out}: expected a name that ends in .npz, such as faces.npz.")
    report = out.with_suffix(".import.txt")
    try:
        # Tried before the work, which may take an hour.
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out.parent):
            imported = work(stage)
        write_own_file(imported.dataset, out)
        write_report(imported, report)
    except DataError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(
            f"{out}: the file cannot be written there ({error.strerror}). Name another with -o."
        ) from error
    _tell(imported, out, report)


def run_show(file: Path | None, out: Path) -> None:
    """Write the page of a data set and name it; raises UsageError."""
    from grader.report.data_page import write_data_page

    try:
        dataset = load(file)
    except DataError as error:
        raise UsageError(str(error)) from error
    findings, likeness = _examine(dataset)
    with stage("Making the page", 1) as advance:
        try:
            write_data_page(dataset, likeness, findings, out)
        except OSError as error:
            raise UsageError(
                f"{out}: the page cannot be written there ({error.strerror}). Name another with -o."
            ) from error
        advance()
    click.echo(f"Page: {out} ({out.stat().st_size / 1e6:.1f} MB)")


def run_verify(file: Path | None) -> int:
    """Tell what was found in a data set; 0 when it is fit for the exercise, else 1."""
    try:
        dataset = load_invented() if file is None else load(file)
    except DataError as error:
        click.echo(f"fault  file: {error}")
        click.echo("Not fit for the exercise: it cannot be read.")
        return 1
    findings = _examine(dataset)[0]
    click.echo(f"{dataset.name}, sha256 {dataset.sha256}")
    for finding in findings:
        click.echo(f"{finding.weight.value:6} {finding.topic}: {finding.text}")
    num_faults = sum(finding.weight is Weight.FAULT for finding in findings)
    if num_faults:
        faults = "1 fault" if num_faults == 1 else f"{num_faults} faults"
        click.echo(f"Not fit for the exercise: {faults}.")
    else:
        click.echo("Fit for the exercise.")
    is_reproduced = file is not None or _is_drawn_again(dataset)
    return 1 if num_faults or not is_reproduced else 0


@contextmanager
def stage(title: str, total: int) -> Iterator[Callable[[], None]]:
    """A step of the work on standard error: a bar on a terminal, else one line."""
    console = Console(stderr=True)
    if not console.is_terminal:
        click.echo(title, err=True)
        yield lambda: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task(title, total=total)
        yield lambda: progress.advance(task)


def _is_drawn_again(dataset: DataSet) -> bool:
    """Tell whether drawing the built-in set now gives the same, bit for bit."""
    num_pictures = len(all_pictures(dataset))
    title = f"Drawing {num_pictures:,} invented faces (about half a minute)"
    with stage(title, num_pictures) as advance:
        drawn = draw_again(advance)
    if drawn.sha256 == dataset.sha256:
        click.echo("Drawn again: the same, bit for bit.")
        return True
    click.echo(
        f"Drawn again: not the same, but sha256 {drawn.sha256}. Here Pillow {pillow_version} draws "
        f"with version {pillow_features.version('jpg')} of the JPEG library; others, or another "
        "processor, may give other pixels. The set itself is unharmed."
    )
    return False


def _examine(dataset: DataSet) -> tuple[list[Finding], np.ndarray]:
    pictures = all_pictures(dataset)
    with stage(f"Comparing {len(pictures):,} pictures", len(pictures)) as advance:
        likeness = look_alikes(pictures, advance)
    return [fits_the_parts(dataset), *examine(dataset, likeness)], likeness


def _tell(imported: Imported, out: Path, report: Path) -> None:
    """The closing words of an import: counts, what was left out, look-alikes, what to do next."""
    dataset = imported.dataset
    click.echo(f"{'':24} {'train':>6} {'valid':>6} {'test':>6}")
    for name, (train, valid, test) in counts(dataset)[:MAX_PERSONS]:
        click.echo(f"{name[:24]:24} {train:6} {valid:6} {test:6}")
    if len(dataset.names) > MAX_PERSONS:
        click.echo(f"and {len(dataset.names) - MAX_PERSONS} more persons")
    for line in (*_left_out(imported), *_look_alikes(imported)):
        click.echo(line)
    num_pictures = len(all_pictures(dataset))
    click.echo(
        f"{num_pictures:,} pictures of {len(dataset.names)} persons are in {out}; all that is to "
        f"be said of them is in {report}."
    )
    fitting = fits_the_parts(dataset)
    if fitting.weight is not Weight.FINE:
        click.echo(f"Note: {fitting.text}")
    click.echo(f"Next: grader data show {out}; grader data verify {out}")


def _left_out(imported: Imported) -> Iterator[str]:
    if imported.skipped:
        yield f"Not in the set, {len(imported.skipped)}:"
    for reason, sources in by_reason(imported.skipped):
        yield f"  {len(sources)} x {reason}: {_few(sources)}"


def _look_alikes(imported: Imported) -> Iterator[str]:
    groups = imported.look_alikes
    if not groups:
        return
    across = [group for group in groups if len(group.splits) > 1]
    several = [group for group in groups if len(group.persons) > 1]
    num_copies = sum(group.are_copies for group in groups)
    yield (
        f"{len(groups)} groups of pictures look alike ({num_copies} of them copies of one "
        f"picture); {len(groups) - len(across)} lie within one split, {len(across)} across splits."
    )
    if several:
        shown = ", ".join(several[0].sources[:2])
        yield f"{len(several)} of these groups have several persons, such as {shown}."


def _few(sources: Sequence[str]) -> str:
    """As many as fit on some lines, at least one, and how many there are besides."""
    lengths = itertools.accumulate(len(source) + 2 for source in sources)
    num_named = max(1, sum(length <= MAX_NAMED_CHARACTERS for length in lengths))
    named = ", ".join(sources[:num_named])
    num_more = len(sources) - num_named
    return f"{named} and {num_more} more" if num_more else named
