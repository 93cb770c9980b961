"""Files are the old ones or the new ones, never half of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.files import write_atomically


def test_who_reads_while_it_is_written_reads_the_old_file_whole(tmp_path: Path) -> None:
    """A page that is open goes on showing what it showed; the next look shows the new one."""
    path = tmp_path / "class" / "index.html"
    write_atomically(path, "old")

    with path.open(encoding="utf-8") as reader:
        write_atomically(path, "new page")
        seen = [reader.read(), path.read_text(encoding="utf-8")]

    expected = ["old", "new page"]
    assert expected == seen


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    """Text that cannot be encoded is an error, after which the folder is as it was."""
    path = tmp_path / "index.html"
    write_atomically(path, "old")

    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\udcff")

    assert [path] == list(tmp_path.iterdir())
    assert path.read_text(encoding="utf-8") == "old"
