"""`grader new`, `grader check-sheets` and `grader tip`, as an author and a student call them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from grader.cli import commands, new_run
from grader.cli.new_run import Request, run
from grader.errors import SheetError, UsageError
from grader.sheets import exercises_folder, load_sheet

HERE = Path(__file__).parent
SAMPLES = HERE / "samples"
ONE_NUMBER = """\
Layer (type)                 Output Shape              Param #
=================================================================
dense (Dense)                (None, 64)                896
_________________________________________________________________
dense_1 (Dense)              (None, 1)                 65
=================================================================
Total params: 961
Trainable params: 961
Non-trainable params: 0
"""


def called(*arguments: object) -> Result:
    """What a command said, in this process; faults of people are raised."""
    return CliRunner().invoke(commands, [str(a) for a in arguments], catch_exceptions=False)


def asked(summary: str, folder: Path, part: str) -> Request:
    """A call of `grader new` with one of the samples, for a sheet that is there."""
    return Request(SAMPLES / f"{summary}.txt", "sequences", part, None, folder)


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample sheets, with a part more that was made of a summary."""
    course = tmp_path_factory.mktemp("course")
    for name in ("sheets", "solutions"):
        shutil.copytree(exercises_folder().parent / "samples" / name, course / name)
    told = "\n".join(run(asked("mha", course / "sheets", "heads")))
    assert "Keras builds the table's rows of it" in told
    assert "multi_head_attention: MultiHeadAttention with num_heads=8, key_dim=8; also " in told
    assert "also num_heads=4, key_dim=16" in told
    return course / "sheets"


@pytest.mark.slow
def test_a_summary_becomes_a_part_that_is_fit_for_a_class(sheets: Path) -> None:
    """It stands at the end of its sheet, and all that check-sheets looks at is well."""
    result = called("check-sheets", sheets)

    assert ["waves", "forecast", "words", "heads"] == [
        p.id for p in load_sheet(sheets / "sequences").parts
    ]
    assert 0 == result.exit_code, result.output
    assert re.search(r"heads +passes +well, 3 tips +(\d+) of \1 caught +\1 right", result.output)
    assert "All well: 5 parts." in result.output


# Repeats the test before it with the largest network that is asked for.
@pytest.mark.nightly
@pytest.mark.slow
def test_vgg16_with_its_dense_top(tmp_path: Path) -> None:
    """138 million parameters are a part, too: they are built and compared."""
    shutil.copytree(exercises_folder().parent / "samples" / "sheets", tmp_path / "sheets")

    told = "\n".join(run(asked("vgg16", tmp_path / "sheets", "vgg16")))

    assert "Keras builds the table's rows of it" in told


@pytest.mark.slow
def test_the_sheets_of_the_course_are_fit_for_a_class() -> None:
    """Solutions pass, stubs are not attempted, every slip is caught and gets its hint first."""
    result = called("check-sheets")

    assert 0 == result.exit_code, result.output
    assert 5 == len(
        re.findall(r"passes +well, . tips +(\d+) of \1 caught +\1 right", result.output)
    )


@pytest.mark.slow
def test_nothing_is_overwritten(sheets: Path) -> None:
    """An id that is taken and a file that is there are refused before anything is written."""
    stray = sheets / "sequences" / "other.py"
    stray.write_text("mine", encoding="utf-8")
    before = {path: path.read_bytes() for path in sheets.parent.rglob("*") if path.is_file()}

    with pytest.raises(UsageError, match="There is a part 'heads' already"):
        run(asked("mha", sheets, "heads"))
    with pytest.raises(UsageError, match=r"Already there, .*other\.py\. Give another --part"):
        run(asked("mha", sheets, "other"))

    after = {path: path.read_bytes() for path in sheets.parent.rglob("*") if path.is_file()}
    stray.unlink()
    assert before == after


def test_what_was_taken_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows with the same choice are one line, and of one number at the end the author is told."""
    # That Keras builds the table of such networks, tests with a part of a sheet show.
    monkeypatch.setattr(new_run, "_verify", lambda *_: None)
    table = exercises_folder() / "faces_cnn" / "cnn_a.txt"
    choices = run(Request(table, "own", "squares", None, tmp_path / "exercises"))
    number = tmp_path / "number.txt"
    number.write_text(ONE_NUMBER, encoding="utf-8")
    told = run(Request(number, "own", "number", "13", tmp_path / "exercises"))

    names = "convolution2d_1, convolution2d_2, convolution2d_3 and convolution2d_4"
    settings = "kernel_size=(3, 3); also kernel_size=(1, 9) or kernel_size=(9, 1)"
    assert [f"  {names}: Conv2D with {settings}"] == [line for line in choices if "Conv2D" in line]
    assert not [line for line in choices if "sigmoid" in line]
    (line,) = (line for line in told if "sigmoid" in line)
    assert line.startswith("No row shows the activation of dense_1: sigmoid was taken")
    assert "own/number.py and of the last tip" in line


@pytest.mark.slow
def test_broken_solutions_stubs_and_tips_are_named(sheets: Path, tmp_path: Path) -> None:
    """What has to be mended stands below the table, with the file, and the exit code is 2."""
    course = tmp_path / "course"
    shutil.copytree(sheets.parent, course)
    shutil.rmtree(course / "sheets" / "residual_network")
    folder, solutions = course / "sheets" / "sequences", course / "solutions" / "sequences"
    right = (solutions / "waves.py").read_text(encoding="utf-8")
    wrong = right.replace("layers.LSTM(16, r", "layers.GRU(16, r")
    (solutions / "waves.py").write_text(wrong, encoding="utf-8")
    (folder / "words.py").write_bytes((solutions / "words.py").read_bytes())
    (folder / "heads.tips.toml").unlink()
    with np.load(folder / "waves.npz") as kept:
        np.savez(folder / "waves.npz", allow_pickle=False, **{**kept, "y_test": kept["y_test"] + 1})

    result = called("check-sheets", folder.parent)

    assert 2 == result.exit_code
    told = "waves: the solution does not pass[.] .* stands a GRU, in the table's an LSTM"
    assert re.search(told, result.output)
    assert "words: the stub is taken for an attempt, expected not_attempted" in result.output
    assert re.search(r"heads: .*heads\.tips\.toml: cannot be read", result.output)
    assert (
        "data of waves does not go with the part. waves.npz, array y_test: found labels from 1 t"
        in (result.output)
    )
    assert "takes no points: grader calibrate waves" in result.output


def test_tips_come_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a number the next one is shown, up to the last; a number asks for that one."""
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path))

    heads = [called("tip", "fc_a").output.split("\n")[0] for _ in range(5)]
    first = called("tip", "fc_a", 1).output

    assert [f"Tip {number} of 4 for fc_a:" for number in (1, 2, 3, 4, 4)] == heads
    assert "The next one: grader tip fc_a 2" in first
    with pytest.raises(UsageError, match="fc_a has 4 tips, there is no tip 9"):
        called("tip", "fc_a", 9)
    with pytest.raises(UsageError, match="Did you mean cnn_a"):
        called("tip", "cnn_aa")


def test_tips_that_cannot_be_read_are_the_authors_fault(tmp_path: Path) -> None:
    """A tip without a text is named with the file and the line to write."""
    from grader.authoring.checking import read_tips

    sheet = tmp_path / "faces_fc"
    shutil.copytree(exercises_folder() / "faces_fc", sheet)
    (sheet / "fc_a.tips.toml").write_text('[[tips]]\nhint = "Look."\n', encoding="utf-8")

    with pytest.raises(SheetError, match=r"fc_a\.tips\.toml: hint .* unknown key"):
        read_tips(load_sheet(sheet).parts[0])
