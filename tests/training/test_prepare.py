"""Preparing: pictures standardized by the training set, in the shape of the network's input."""

from __future__ import annotations

import numpy as np
import pytest

from data import DataSet
from grader.errors import SheetError
from grader.training.prepare import PreparedData, one_hot, standardize


def test_standardized_by_hand() -> None:
    """Each pixel and channel has its own mean and deviation, those of the training images."""
    # Two images of one row with two pixels.
    train = np.array([[[[10, 0, 7], [0, 0, 0]]], [[[30, 4, 7], [8, 2, 0]]]], dtype=np.uint8)
    other = np.array([[[[40, 2, 9], [4, 3, 0]]]], dtype=np.uint8)
    splits = standardize(train, other, train)
    # Means 20, 2, 7 and 4, 1, 0; deviations 10, 2, 0 and 4, 1, 0.
    expected = [20 / 10.0001, 0, 2 / 0.0001, 0, 2 / 1.0001, 0]
    second = [10 / 10.0001, 2 / 2.0001, 0, 4 / 4.0001, 1 / 1.0001, 0]

    np.testing.assert_allclose(splits["valid"].ravel(), expected, rtol=1e-5)
    np.testing.assert_allclose(splits["train"][1].ravel(), second, rtol=1e-5)
    np.testing.assert_allclose(splits["train"][0].ravel(), np.negative(second), rtol=1e-5)
    assert {"float32"} == {str(images.dtype) for images in splits.values()}


def test_flat_input(dataset: DataSet) -> None:
    """A fully connected network gets the pixels row by row, the three channels together."""
    prepared = PreparedData(dataset)
    flat = prepared.images("test", (192,))

    assert (27, 192) == flat.shape
    assert flat[5, 8 * 3 + 4] == prepared.images("test", (8, 8, 3))[5, 1, 1, 1]


def test_prepared_once(dataset: DataSet) -> None:
    """Trainings of both sheets look at the same numbers in memory."""
    prepared = PreparedData(dataset)

    assert np.shares_memory(prepared.images("train", (192,)), prepared.images("train", (8, 8, 3)))


def test_input_shape_of_another_size(dataset: DataSet) -> None:
    """A sheet for larger pictures says which line of sheet.toml to write for these."""
    with pytest.raises(SheetError) as caught:
        PreparedData(dataset).images("train", (48, 48, 3))

    assert (
        "The sheet's input shape (48, 48, 3) takes 6912 numbers, but an image of this data set has "
        "192, as (8, 8, 3). Write input_shape = [8, 8, 3] or [192] in sheet.toml, or choose "
        "another data set."
    ) == str(caught.value)


def test_one_hot() -> None:
    """A label becomes a row with a one at its place."""
    assert [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]] == one_hot(np.array([2, 0]), 3).tolist()
