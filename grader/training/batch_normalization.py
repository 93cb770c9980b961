"""Rebuild, for training: batch normalization of images in one pass instead of a dozen."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

_IMAGES_NDIM = 4
_CHANNELS_LAST = (-1, _IMAGES_NDIM - 1)


class FusedBatchNormalization(keras.layers.BatchNormalization):  # type: ignore[misc]  # keras ships no types
    """Keras' layer, trained on images with TensorFlow's fused operation.

    Weights and their moving averages are those of Keras' layer, and numbers differ by float32
    rounding only. What the operation does not cover is left to Keras: inference, frozen layers,
    other ranks, axes and types, masks, renorm and synchronized.
    """

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:  # noqa: ANN401, FBT001 - Keras' own signature, without types
        """The normalized inputs, in their shape; in training the moving averages move on."""
        if not (training and self.trainable) or mask is not None or not self._is_covered(inputs):
            return super().call(inputs, training=training, mask=mask)
        channels = (inputs.shape[-1],)
        # Not tf.nn's function of the name, which would raise a small epsilon for the sake of GPUs.
        fused = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=tf.convert_to_tensor(self.gamma) if self.scale else tf.ones(channels),
            offset=tf.convert_to_tensor(self.beta) if self.center else tf.zeros(channels),
            mean=[],
            variance=[],
            epsilon=self.epsilon,
        )
        # The operation tells the unbiased variance, Keras' moving average is of the biased one.
        count = tf.cast(tf.size(inputs) // channels[0], tf.float32)
        self._move(self.moving_mean, fused.batch_mean)
        self._move(self.moving_variance, fused.batch_variance * ((count - 1.0) / count))
        return fused.y

    def _is_covered(self, inputs: Any) -> bool:  # noqa: ANN401 - Keras ships no types
        images = len(inputs.shape) == _IMAGES_NDIM and self.axis in _CHANNELS_LAST
        return images and inputs.dtype == tf.float32 and not (self.renorm or self.synchronized)

    def _move(self, average: Any, value: Any) -> None:  # noqa: ANN401 - Keras ships no types
        # keras 3.15 BatchNormalization.call
        average.assign(average * self.momentum + value * (1.0 - self.momentum))
