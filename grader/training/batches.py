"""Training, step 4: a split of the data as batches for Keras."""

from __future__ import annotations

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from grader.training.prepare import Floats


class Batches:
    """A split's images, float32 (n, ...), and labels as the loss needs them, in batches.

    They are TensorFlow's from here on, and in its memory once, however often they are gone through.
    """

    def __init__(
        self, images: Floats, labels: NDArray[np.float32] | NDArray[np.int64], batch_size: int
    ) -> None:
        self._images = tf.constant(images)
        self._labels = tf.constant(labels)
        self._batch_size = batch_size

    def in_order(self) -> tf.data.Dataset:
        """All images once, in their order."""
        return self._gathered(tf.data.Dataset.range(len(self._labels)))

    def shuffled(self, seed: int) -> tf.data.Dataset:
        """All images once, in another order each time; the orders follow from the seed.

        Given arrays and a global seed, `fit` of Keras 3.15 repeats one order in all epochs.
        """
        count = len(self._labels)
        return self._gathered(tf.data.Dataset.range(count).shuffle(count, seed=seed))

    def _gathered(self, indices: tf.data.Dataset) -> tf.data.Dataset:
        images, labels = self._images, self._labels
        options = tf.data.Options()
        # Nothing here is slow enough to be worth a thread that tunes it.
        options.autotune.enabled = False
        return (
            indices.batch(self._batch_size)
            .map(lambda chosen: (tf.gather(images, chosen), tf.gather(labels, chosen)))
            .prefetch(1)
            .with_options(options)
        )
