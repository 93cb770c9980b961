"""Rebuild, for training: convolutions of images whose gradient goes through a batch in pieces."""

from __future__ import annotations

import math
from typing import Any

import keras
import tensorflow as tf

# What oneDNN's gradient by a kernel reads of one piece of an ordinary batch stays in the caches;
# what it reads of the whole batch does not, and it reads it several times.
_NUM_PIECES = 8
# Of an example's input or output: with less, batches stay in the caches as they are.
_LARGE_BYTES = 32 * 2**10
_FLOAT_BYTES = 4


class PiecewiseConv2D(keras.layers.Conv2D):  # type: ignore[misc]  # keras ships no types
    """Keras' layer, whose gradient by its kernel is the sum of those of pieces of the batch.

    Weights and outputs are those of Keras' layer, and gradients differ by float32 rounding only.
    What is not covered is left to Keras: small images, channels first, groups, dilations and other
    types.
    """

    def call(self, inputs: Any) -> Any:  # noqa: ANN401 - Keras ships no types
        """The convolved images, with the batch axis."""
        if not self._is_covered(inputs):
            return super().call(inputs)
        bias = tf.convert_to_tensor(self.bias) if self.use_bias else tf.zeros((self.filters,))
        settings = {"strides": [1, *self.strides, 1], "padding": self.padding.upper()}
        outputs = _convolved(inputs, tf.convert_to_tensor(self.kernel), bias, settings)
        return outputs if self.activation is None else self.activation(outputs)

    def _is_covered(self, inputs: Any) -> bool:  # noqa: ANN401 - Keras ships no types
        plain = self.groups == 1 and set(self.dilation_rate) == {1}
        usual = self.data_format == "channels_last" and inputs.dtype == tf.float32
        sizes = (inputs.shape[1:], self.compute_output_shape(inputs.shape)[1:])
        known = None not in sizes[0]
        return (
            plain and usual and known and max(map(math.prod, sizes)) * _FLOAT_BYTES >= _LARGE_BYTES
        )


def _convolved(images: Any, kernel: Any, bias: Any, settings: dict[str, Any]) -> Any:  # noqa: ANN401 - TensorFlow ships no types
    @tf.custom_gradient  # type: ignore[untyped-decorator]  # tensorflow ships no types
    def convolved(images: Any, kernel: Any, bias: Any) -> Any:  # noqa: ANN401 - TensorFlow ships no types
        # The bias in here, so that TensorFlow makes one operation of both.
        outputs = tf.nn.bias_add(tf.nn.conv2d(images, kernel, **settings), bias)

        def gradients(upstream: Any) -> tuple[Any, Any, Any]:  # noqa: ANN401 - TensorFlow ships no types
            by_images = tf.raw_ops.Conv2DBackpropInput(
                input_sizes=tf.shape(images), filter=kernel, out_backprop=upstream, **settings
            )
            by_kernel = [
                tf.raw_ops.Conv2DBackpropFilter(
                    input=piece, filter_sizes=kernel.shape, out_backprop=above, **settings
                )
                for piece, above in zip(_pieces(images), _pieces(upstream), strict=True)
            ]
            by_bias = tf.raw_ops.BiasAddGrad(out_backprop=upstream)
            return by_images, tf.add_n(by_kernel), by_bias

        return outputs, gradients

    return convolved(images, kernel, bias)


def _pieces(batch: Any) -> list[Any]:  # noqa: ANN401 - TensorFlow ships no types
    """The batch in equal pieces, which are no copies; some are empty where it is too small."""
    size = tf.shape(batch)[0]
    larger = tf.range(_NUM_PIECES) < size % _NUM_PIECES
    sizes = size // _NUM_PIECES + tf.cast(larger, tf.int32)
    pieces: list[Any] = tf.split(batch, sizes, num=_NUM_PIECES)
    return pieces
