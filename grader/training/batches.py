"""Training, step 4: a split of the data as batches for Keras."""

from __future__ import annotations

import tensorflow as tf

from grader.training.prepare import Floats, Targets


class Batches:
    """A split's examples, float32 (n, ...), and targets as the loss needs them, in batches.

    They are TensorFlow's from here on, and in its memory once, however often they are gone through.
    """

    def __init__(self, examples: Floats, targets: Targets, batch_size: int) -> None:
        self._examples = tf.constant(examples)
        self._targets = tf.constant(targets)
        self._batch_size = batch_size

    def in_order(self) -> tf.data.Dataset:
        """All examples once, in their order."""
        return self._gathered(tf.data.Dataset.range(len(self._targets)))

    def shuffled(self, seed: int) -> tf.data.Dataset:
        """All examples once, in another order each time; the orders follow from the seed.

        Given arrays and a global seed, `fit` of Keras 3.15 repeats one order in all epochs.
        """
        count = len(self._targets)
        return self._gathered(tf.data.Dataset.range(count).shuffle(count, seed=seed))

    def _gathered(self, indices: tf.data.Dataset) -> tf.data.Dataset:
        examples, targets = self._examples, self._targets
        options = tf.data.Options()
        # Nothing here is slow enough to be worth a thread that tunes it.
        options.autotune.enabled = False
        return (
            indices.batch(self._batch_size)
            .map(lambda chosen: (tf.gather(examples, chosen), tf.gather(targets, chosen)))
            .prefetch(1)
            .with_options(options)
        )
