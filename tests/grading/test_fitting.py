"""A data set that does not go with a part is told before any work."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.errors import UsageError
from grader.grading import require_fitting
from grader.sheets import find_part, load_sheets

PART = find_part(load_sheets(), "cnn_a")
FLAT = find_part(load_sheets(), "fc_a")


def test_images_of_the_parts_size_fit() -> None:
    """Images go with the network of images and, flattened, with that of vectors."""
    require_fitting([PART, FLAT], (48, 48, 3), 8)


def test_fewer_persons_fit() -> None:
    """A network that tells 8 persons apart can be trained on 5."""
    require_fitting([PART], (48, 48, 3), 5)


def test_images_of_another_size_are_refused() -> None:
    """The sentence names both sizes and the part."""
    with pytest.raises(UsageError, match=r"cnn_a: an image has 12288 numbers \(64, 64, 3\).* 6912"):
        require_fitting([PART], (64, 64, 3), 8)


def test_too_many_persons_are_refused() -> None:
    """The sentence names both numbers."""
    small = replace(PART, num_classes=4)
    with pytest.raises(UsageError, match=r"it has 8 persons, the network tells 4 apart"):
        require_fitting([small], (48, 48, 3), 8)
