"""Rebuild, for training: layers that a batch goes through in pieces, which stay in the caches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf


class InPieces(keras.layers.Layer):  # type: ignore[misc]  # keras ships no types
    """Layers one after the other, in training for `num_pieces` equal pieces of a batch in turn.

    Each layer's output for an example follows from that example alone (see `trunk_of`), so that a
    batch comes to the same numbers; gradients by the weights are summed in another order, and
    differ by float32 rounding. Masks of dropout are those that Keras draws for the whole batch. In
    inference the layers take the batch as it is. Every batch in training has at least `num_pieces`
    examples.
    """

    def __init__(self, layers: Sequence[Any], num_pieces: int, name: str) -> None:
        super().__init__(name=name)
        self._in_turn = list(layers)
        self._num_pieces = num_pieces

    def build(self, input_shape: Any) -> None:  # noqa: ANN401 - Keras ships no types
        """Make the layers' weights; shapes are with the batch axis."""
        for layer in self._in_turn:
            layer.build(input_shape)
            input_shape = layer.compute_output_shape(input_shape)

    def compute_output_shape(self, input_shape: Any) -> Any:  # noqa: ANN401 - Keras ships no types
        """That of the last layer."""
        for layer in self._in_turn:
            input_shape = layer.compute_output_shape(input_shape)
        return input_shape

    def call(self, inputs: Any, training: bool | None = None) -> Any:  # noqa: ANN401, FBT001 - Keras' own signature, without types
        """What the last layer gives for the batch."""
        if not training:
            return self._output(inputs, {})
        size = tf.shape(inputs)[0]
        # Never an empty piece: oneDNN's convolution gives those a wrong shape (TensorFlow 2.21).
        larger = tf.range(self._num_pieces) < size % self._num_pieces
        sizes = size // self._num_pieces + tf.cast(larger, tf.int32)
        masks = self._masks(inputs, sizes)
        outputs = [
            self._output(piece, {index: pieces[number] for index, pieces in masks.items()})
            for number, piece in enumerate(self._split(inputs, sizes))
        ]
        return tf.concat(outputs, axis=0)

    def _masks(self, inputs: Any, sizes: Any) -> dict[int, list[Any]]:  # noqa: ANN401 - Keras ships no types
        """For each random layer, by its index, what it multiplies the pieces by."""
        shape = inputs.shape
        masks = {}
        for index, layer in enumerate(self._in_turn):
            if isinstance(layer, keras.layers.Dropout):
                whole = layer(tf.ones((tf.shape(inputs)[0], *shape[1:])), training=True)
                masks[index] = self._split(whole, sizes)
            shape = layer.compute_output_shape(shape)
        return masks

    def _split(self, batch: Any, sizes: Any) -> list[Any]:  # noqa: ANN401 - Keras ships no types
        pieces: list[Any] = tf.split(batch, sizes, num=self._num_pieces)
        return pieces

    def _output(self, piece: Any, masks: dict[int, Any]) -> Any:  # noqa: ANN401 - Keras ships no types
        for index, layer in enumerate(self._in_turn):
            piece = piece * masks[index] if index in masks else layer(piece)
        return piece
