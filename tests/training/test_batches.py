"""Batches: every image once in each epoch, in another order each time."""

from __future__ import annotations

import numpy as np
import pytest

from grader.training.batches import Batches

pytestmark = pytest.mark.slow


@pytest.fixture
def ten() -> Batches:
    """Ten images of one number, which is their label too."""
    return Batches(np.arange(10, dtype=np.float32)[:, None], np.arange(10), batch_size=4)


def orders(batches: Batches, seed: int) -> list[list[int]]:
    """The labels of three epochs, in the order of the batches."""
    split = batches.shuffled(seed)
    return [[int(n) for _, labels in split for n in labels] for _ in range(3)]


def test_epochs_differ(ten: Batches) -> None:
    """No two epochs have the same order, and each has every image."""
    epochs = orders(ten, seed=1)

    assert 3 == len({tuple(order) for order in epochs})
    assert [list(range(10))] * 3 == [sorted(order) for order in epochs]


def test_seed_decides_the_orders(ten: Batches) -> None:
    """The orders follow from the seed alone."""
    assert orders(ten, seed=1) == orders(ten, seed=1)
    assert orders(ten, seed=1) != orders(ten, seed=2)


def test_labels_stay_with_images(ten: Batches) -> None:
    """Each image comes with its own label, in batches of the asked size."""
    split = list(ten.shuffled(1))

    assert [4, 4, 2] == [len(labels) for _, labels in split]
    assert all((images[:, 0].numpy() == labels.numpy()).all() for images, labels in split)
