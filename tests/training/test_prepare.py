"""Preparing: pictures standardized by the training set, in the shape of the network's input."""

from __future__ import annotations

import numpy as np
import pytest

from data import DataSet
from grader.errors import SheetError
from grader.training.prepare import PreparedData, one_hot, scaled


def pictures(train: np.ndarray, valid: np.ndarray) -> DataSet:
    """A data set whose test examples are those of training; labels do not matter here."""
    none = np.zeros(0, np.int64)
    return DataSet(train, none, valid, none, train, none, names=(), name="", sha256="")


def test_standardized_by_hand() -> None:
    """Each pixel and channel has its own mean and deviation, those of the training images."""
    # Two images of one row with two pixels.
    train = np.array([[[[10, 0, 7], [0, 0, 0]]], [[[30, 4, 7], [8, 2, 0]]]], dtype=np.uint8)
    other = np.array([[[[40, 2, 9], [4, 3, 0]]]], dtype=np.uint8)
    splits = scaled(pictures(train, other), "standardize-per-pixel")
    # Means 20, 2, 7 and 4, 1, 0; deviations 10, 2, 0 and 4, 1, 0.
    expected = [20 / 10.0001, 0, 2 / 0.0001, 0, 2 / 1.0001, 0]
    second = [10 / 10.0001, 2 / 2.0001, 0, 4 / 4.0001, 1 / 1.0001, 0]

    np.testing.assert_allclose(splits["valid"].ravel(), expected, rtol=1e-5)
    np.testing.assert_allclose(splits["train"][1].ravel(), second, rtol=1e-5)
    np.testing.assert_allclose(splits["train"][0].ravel(), np.negative(second), rtol=1e-5)
    assert {"float32"} == {str(images.dtype) for images in splits.values()}


def test_standardized_by_channel() -> None:
    """All steps of a channel, the last axis, have one mean and deviation."""
    # Two sequences of two steps in two channels: means 3 and 0, deviations 2 and 0.
    # At each step by itself the means are 1 and 5, and nothing deviates.
    train = np.array([[[1, 0], [5, 0]], [[1, 0], [5, 0]]], np.float32)
    splits = scaled(pictures(train, train + 2), "standardize-per-channel")

    np.testing.assert_allclose(splits["train"][0, :, 0], [-2 / 2.0001, 2 / 2.0001], rtol=1e-5)
    np.testing.assert_allclose(splits["valid"][0, 1], [4 / 2.0001, 2 / 0.0001], rtol=1e-5)


def test_numbers_may_stay_as_they_are() -> None:
    """Ids of words are not standardized, and are float32 like all that goes into a network."""
    ids = np.array([[1, 7], [3, 4]], np.uint8)
    splits = scaled(pictures(ids, ids), "none")

    assert ("float32", ids.tolist()) == (splits["train"].dtype.name, splits["train"].tolist())


def test_flat_input(dataset: DataSet) -> None:
    """A fully connected network gets the pixels row by row, the three channels together."""
    prepared = PreparedData(dataset, "standardize-per-pixel")
    flat = prepared.examples("test", (192,))

    assert (27, 192) == flat.shape
    assert flat[5, 8 * 3 + 4] == prepared.examples("test", (8, 8, 3))[5, 1, 1, 1]


def test_prepared_once(dataset: DataSet) -> None:
    """Trainings of both sheets look at the same numbers in memory."""
    prepared = PreparedData(dataset, "standardize-per-pixel")

    assert np.shares_memory(
        prepared.examples("train", (192,)), prepared.examples("train", (8, 8, 3))
    )


def test_input_shape_of_another_size(dataset: DataSet) -> None:
    """A sheet for larger pictures says which line of sheet.toml to write for these."""
    with pytest.raises(SheetError) as caught:
        PreparedData(dataset, "standardize-per-pixel").examples("train", (48, 48, 3))

    assert (
        "The sheet's input shape (48, 48, 3) takes 6912 numbers, but an image of this data set has "
        "192, as (8, 8, 3). Write input_shape = [8, 8, 3] or [192] in sheet.toml, or choose "
        "another data set."
    ) == str(caught.value)


def test_one_hot() -> None:
    """A label becomes a row with a one at its place."""
    assert [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]] == one_hot(np.array([2, 0]), 3).tolist()
