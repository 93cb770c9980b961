"""Face of the program: `grader data`, which makes, shows and examines data sets."""

from __future__ import annotations

import sys
from pathlib import Path

import click

PERSONS_HELP = "how many persons (those with the most pictures), or their names parted by commas"


@click.group(short_help="make, show and examine data sets")
def data() -> None:
    """Make a data set of photographs, look at one, and see whether it is fit for the exercise.

    \b
    Example:
      grader data import photographs -o faces.npz
      grader data show faces.npz
      grader grade submissions -o class --data faces.npz
    """


@data.command("import", short_help="make a data set of a folder of photographs")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), help="the .npz file to write"
)
@click.option("--persons", metavar="N|NAMES", help=PERSONS_HELP)
@click.option(
    "--per-person", type=click.IntRange(min=3), metavar="N", help="at most so many of each person"
)
def import_(folder: Path, out: Path, persons: str | None, per_person: int | None) -> None:
    """Make a data set of photographs, for `--data`: one folder for each person in FOLDER.

    Any common kind of picture will do: JPEG, PNG, PGM, GIF, BMP, TIFF, WebP, AVIF; in colour or
    grey, turned by its camera or transparent. Each is squeezed to 48 x 48 pixels. Of each person,
    five in seven are for training, one for validation and one for the test; copies and look-alikes
    stay together. The same pictures give the same set. What cannot be read is named and left out;
    a text file beside the set tells everything in full.

    \b
    Examples:
      grader data import photographs -o faces.npz
      grader data import orl_faces -o orl.npz --persons 8
    """
    from data.importing import import_folder
    from grader.cli.data_runs import run_import

    run_import(
        out, lambda stage: import_folder(folder, stage, persons=persons, per_person=per_person)
    )


@data.command(short_help="make a data set of Oxford's VGG Face lists")
@click.argument("lists", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), help="the .npz file to write"
)
@click.option("--persons", metavar="N|NAMES", help=PERSONS_HELP)
@click.option(
    "--per-person",
    type=click.IntRange(min=3, max=1000),
    default=350,
    show_default=True,
    metavar="N",
    help="at most so many of each person",
)
@click.option("--crop", is_flag=True, help="only the box of the face, not the whole picture")
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    help="folder for what is fetched; by default in the user's cache folder",
)
@click.option(
    "--parallel",
    type=click.IntRange(1, 32),
    default=8,
    show_default=True,
    metavar="N",
    help="requests at the same time, at most two of them to one host",
)
@click.option(
    "--allow-private", is_flag=True, help="also ask addresses of this machine and its own network"
)
def vgg(  # noqa: PLR0913, PLR0917 - one argument per option, as click passes them
    lists: tuple[Path, ...],
    out: Path,
    persons: str | None,
    per_person: int,
    crop: bool,  # noqa: FBT001 - click passes it
    cache: Path | None,
    parallel: int,
    allow_private: bool,  # noqa: FBT001 - as above
) -> None:
    """Fetch the pictures of Oxford's VGG Face lists and make a data set of them, for `--data`.

    LISTS are files such as First_Last.txt, or a folder with such files. The lists hold addresses,
    many of which are dead by now: the first that still give a picture are taken, and the others
    are counted. What was fetched is kept, so the same command goes on where it was stopped.
    Only http and https to public addresses are asked, without a proxy.

    \b
    Examples:
      grader data vgg vgg_face_dataset -o vgg.npz --persons 8
      grader data vgg files/Ann_Lee.txt files/Bo_Roe.txt -o two.npz --per-person 100 --crop
    """
    from data import cache_folder
    from data.vgg import Access, Limits, Manners, Wanted, import_lists
    from grader.cli.data_runs import run_import

    access = Access(
        cache or cache_folder() / "vgg", Manners(parallel=parallel), Limits(), allow_private
    )
    run_import(
        out,
        lambda stage: import_lists(lists, stage, Wanted(persons, per_person, crop), access),
    )


@data.command(short_help="make a page that shows a data set")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    default=Path("data.html"),
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="the page to write",
)
def show(file: Path | None, out: Path) -> None:
    """Make one HTML page with the contact sheets, counts and brightness of a data set.

    FILE is the course's HDF5 file (or one of its two files, or the folder with both) or a .npz
    file; without it the built-in faces are shown.

    \b
    Examples:
      grader data show
      grader data show faces.npz -o faces.html
    """
    from grader.cli.data_runs import run_show

    run_show(file, out)


@data.command(short_help="say whether a data set is fit for the exercise")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True))
def verify(file: Path | None) -> None:
    """Say whether a data set is fit for the exercise: readable, large enough, balanced, honest.

    FILE is as for `grader data show`. Without it the built-in faces are examined, and drawn again
    to see whether that gives the same, bit for bit. The exit code is 0 for a fit set and 1 for
    any other.

    \b
    Examples:
      grader data verify faces.npz
      grader data verify
    """
    from grader.cli.data_runs import run_verify

    sys.exit(run_verify(file))
