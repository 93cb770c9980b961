"""Every example of the docs and of `--help` is a right call, and works where it is copied."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import click
import numpy as np
import pytest
from PIL import Image

from grader.cli import commands
from tests.docs.examples import ROOT, examples, named
from tests.noise import write_noise

EXAMPLES = list(dict.fromkeys(examples()))
# What is not run here, and why. Whatever begins so is looked at for its words alone.
NOT_RUN = {
    ("make",): "tests are what CI starts, and so is the demo",
    ("pytest",): "trains; tests/pytest_plugin runs it",
    ("grader", "watch"): "does not end; tests/cli/test_watch.py runs it",
    ("grader", "calibrate"): "takes hours; tests/cli/test_calibrate.py runs it on less",
    ("grader", "package"): "trains; tests/packaging runs it",
    ("grader", "data", "vgg"): "needs the network; tests/data runs it on a server of its own",
    ("grader", "data", "verify"): "draws all faces again; tests/cli/test_data.py runs it",
    ("grader", "grade", "samples/submissions"): "takes minutes; `make demo` runs it",
    ("grader", "grade", "solutions/sequences"): "tests/cli/test_own_data.py runs it on a copy",
    ("grader", "new"): "writes into exercises/; tests/authoring runs it",
    ("grader", "check-sheets"): "tests/authoring runs it, on all sheets",
    ("grader", "doctor"): "says what this machine is",
}
SOLUTION = (ROOT / "solutions" / "faces_fc" / "fc_a.py").read_text("utf-8")
WRONG = SOLUTION.replace("Dense(8)", "Dense(9)")
MOODLE = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Feedback comments
Participant 101,Jane Doe,jane@example.org,Submitted,,20,
Participant 102,Ann Roe,ann@example.org,Submitted,,20,
"""
CANVAS = """\
Student,ID,SIS Login ID,Section,8 faces (7)
Points Possible,,,,20
"Doe, Jane",1,jdoe,A,
"Roe, Ann",2,aroe,A,
"""
ROSTER = "name,id,email\nJane Doe,1,jane@example.org\nAnn Roe,2,ann@example.org\n"


def _is_run(words: tuple[str, ...]) -> bool:
    if "--scheduler" in words:  # tests/cli/test_interrupted.py has one
        return False
    return not any(words[: len(start)] == start for start in NOT_RUN)


def _graders(words: tuple[str, ...]) -> list[str]:
    assert "grader" == words[0]
    return list(words[1:])


def _context(
    command: click.Command, arguments: list[str], name: str, parent: click.Context | None = None
) -> None:
    """Parse as the program does, down to the last command; click's UsageError where it would."""
    with command.make_context(name, arguments, parent) as context:
        if isinstance(command, click.Group):
            rest = [*context._protected_args, *context.args]  # noqa: SLF001 - click 8 keeps them so
            below, found, arguments = command.resolve_command(context, rest)
            assert found is not None
            _context(found, arguments, below or "", context)


@pytest.mark.parametrize(("where", "words"), EXAMPLES, ids=lambda value: str(value)[:60])
def test_example_is_a_right_call(where: str, words: tuple[str, ...]) -> None:
    """Commands, options and make's targets are there."""
    match words:
        case ("grader", *arguments):
            try:
                _context(commands, arguments, where)
            except click.BadParameter as error:
                # The files of the example are not here, and looked for last.
                assert "does not exist" in error.message  # noqa: PT017 - what else it says is wrong
        case ("make", target, *_):
            makefile = (ROOT / "Makefile").read_text("utf-8")
            assert re.search(rf"^{target}:", makefile, re.MULTILINE)
        case ("pytest", *arguments):
            files = [word for word in arguments if not word.startswith("-")]
            assert all((ROOT / file).exists() for file in files)


@pytest.mark.parametrize(("where", "words"), dict.fromkeys(named()), ids=lambda v: str(v)[:60])
def test_named_command_is_there(where: str, words: tuple[str, ...]) -> None:
    """What the text names: commands and their options, whatever they are to work on."""
    if words[0] != "grader":
        return
    command: click.Command = commands
    rest = _graders(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        assert rest[0] in command.commands, where
        command = command.commands[rest.pop(0)]
    options = {name for parameter in command.params for name in parameter.opts} | {"--help"}
    used = {word.partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
    assert used <= options, where


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the examples name: hand-ins, a graded class from Moodle, worksheets, photographs."""
    folder = tmp_path_factory.mktemp("workshop")
    rng = np.random.default_rng(5)
    for name in ("faces.npz", "photographs.npz", "small.npz"):
        write_noise(folder / name)
    codes = {"doe_jane": SOLUTION, "roe_ann": WRONG}
    for name, code in codes.items():
        (folder / "submissions" / name).mkdir(parents=True)
        for part in ("fc_a", "cnn_a"):
            (folder / "submissions" / name / f"{part}.py").write_text(code, "utf-8")
    with zipfile.ZipFile(folder / "doe_jane.zip", "w") as archive:
        # Empty: a file for one student is written of any grade, and of this one at once.
        archive.writestr("fc_a.py", "")
    for name in ("moodle.zip", "ML-Faces-4711.zip"):
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr("Jane Doe_101_assignsubmission_file/fc_a.py", SOLUTION)
            archive.writestr("Ann Roe_102_assignsubmission_file/fc_a.py", WRONG)
    (folder / "Grades.csv").write_text(MOODLE, "utf-8")
    (folder / "gradebook.csv").write_text(CANVAS, "utf-8")
    (folder / "students.csv").write_text(ROSTER, "utf-8")
    for name in ("photographs", "orl_faces"):
        for person in "ABCDEFGH":
            (folder / name / person).mkdir(parents=True)
            for number in range(5):
                values = rng.integers(0, 256, (6, 6, 3)).astype(np.uint8)
                image = Image.fromarray(values).resize((70, 90), Image.Resampling.BICUBIC)
                image.save(folder / name / person / f"{number}.png")
    run(folder, "grader", "grade", "moodle.zip", "-o", "class", "--part", "fc_a", "--jobs", "1")
    # The id that the examples name; it is made from a folder's name.
    run(folder, "grader", "grade", "submissions", "-o", "folders", "--no-train", "--jobs", "1")
    run(folder, "grader", "grade", "doe_jane.zip", "-o", "one")
    run(folder, "grader", "answers", "class", "--export", "answers.csv")
    return folder


def run(folder: Path, *words: str) -> None:
    """Run `grader` there, on the small data; 0 or, for what is not all right, 1 has to come."""
    done = subprocess.run(
        [sys.executable, "-c", "from grader.cli import main; main()", *_graders(words)],
        cwd=folder,
        env={
            **os.environ,
            "GRADER_DATA": str(folder / "small.npz"),
            "GRADER_CACHE": str(folder / "cache"),
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
# The same words at several places are run once.
@pytest.mark.parametrize(
    ("words", "where"),
    {words: where for where, words in EXAMPLES if _is_run(words)}.items(),
    ids=lambda value: str(value)[:60],
)
def test_example_works(where: str, words: tuple[str, ...], workshop: Path, tmp_path: Path) -> None:
    """Copied as it stands into a terminal."""
    folder = tmp_path / "here"
    shutil.copytree(workshop, folder)
    # One names a student, the other grades again what is known, so that no process has to start.
    if {"doe_jane", "submissions/"} & {*words}:
        shutil.rmtree(folder / "class")
        (folder / "folders").rename(folder / "class")
    if "--export" in words:
        (folder / "answers.csv").unlink()
    run(folder, *words)
    made = words[words.index("-o") + 1] if "-o" in words else None
    assert made is None or (folder / made).exists(), where
