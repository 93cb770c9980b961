"""Rebuilding: the model made from a description is the model that was described."""

from __future__ import annotations

import json
import os
from typing import Any

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
from keras import layers

from grader.architecture.canonical import read_architecture
from grader.architecture.layers import LAYERS
from grader.errors import GraderError
from grader.records import Architecture, Rule, Totals
from grader.sandbox.network import network_of
from grader.training.rebuild import build_model, rebuild

# For each layer class: the input shape without batch axis, then settings to try.
IMAGE, LINE, CUBE = (9, 8, 6), (9, 6), (6, 5, 4, 2)
NEW = {"kernel_initializer": "he_normal", "bias_initializer": keras.initializers.Constant(0.5)}
CASES: dict[str, tuple[tuple[int, ...], list[dict[str, Any]]]] = {
    "Dense": (
        (5,),
        [
            {"units": 3},
            {"units": 2, "use_bias": False, "activation": "softmax"},
            {"units": 2, "kernel_regularizer": "l2", "bias_constraint": "non_neg", **NEW},
            {"units": 2, "kernel_constraint": "max_norm", "activity_regularizer": "l1"},
            {"units": 2, "activation": layers.LeakyReLU(), "activity_regularizer": "l2"},
            {"units": 2, "trainable": False},
        ],
    ),
    "Conv1D": (
        LINE,
        [{"filters": 4, "kernel_size": 3}, {"filters": 4, "kernel_size": 2, "padding": "causal"}],
    ),
    "Conv2D": (
        IMAGE,
        [
            {"filters": 4, "kernel_size": 3},
            {"filters": 4, "kernel_size": (2, 3), "strides": 2, "padding": "same"},
            {"filters": 4, "kernel_size": 3, "dilation_rate": (2, 1), "use_bias": False},
            {"filters": 6, "kernel_size": 3, "groups": 3, "activation": "gelu"},
            {"filters": 6, "kernel_size": 3, "strides": (3, 2)},
        ],
    ),
    "Conv3D": (
        CUBE,
        [{"filters": 2, "kernel_size": 2}, {"filters": 2, "kernel_size": 3, "padding": "same"}],
    ),
    "Conv1DTranspose": (LINE, [{"filters": 2, "kernel_size": 3, "strides": 2}]),
    "Conv2DTranspose": (
        IMAGE,
        [
            {"filters": 2, "kernel_size": 3},
            {"filters": 2, "kernel_size": 2, "strides": 3},
            {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"},
            {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 1},
            {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 0},
        ],
    ),
    "Conv3DTranspose": (CUBE, [{"filters": 2, "kernel_size": 2, "strides": 2}]),
    "DepthwiseConv1D": (LINE, [{"kernel_size": 3, "depth_multiplier": 2}]),
    "DepthwiseConv2D": (
        IMAGE,
        [{"kernel_size": 3}, {"kernel_size": 3, "depth_multiplier": 2, "padding": "same"}],
    ),
    "SeparableConv1D": (LINE, [{"filters": 4, "kernel_size": 3}]),
    "SeparableConv2D": (
        IMAGE,
        [{"filters": 4, "kernel_size": 3}, {"filters": 4, "kernel_size": 3, "depth_multiplier": 2}],
    ),
    "BatchNormalization": (
        IMAGE,
        [
            {},
            {"axis": 1, "scale": False},
            {"axis": 3, "center": False, "scale": False},
            {"momentum": 0.5, "epsilon": 0.1, "gamma_initializer": "zeros"},
            {"trainable": False},
            {"renorm": True},
        ],
    ),
    "LayerNormalization": (
        IMAGE,
        [{}, {"axis": [1, 2]}, {"center": False, "scale": False}, {"axis": (-2, -1)}],
    ),
    "GroupNormalization": (
        IMAGE,
        [{"groups": 3}, {"groups": -1, "scale": False}, {"groups": 2, "axis": 2}],
    ),
    "PReLU": (IMAGE, [{}, {"shared_axes": [1, 2]}]),
    "UnitNormalization": (IMAGE, [{}, {"axis": 1}]),
    "Flatten": (IMAGE, [{}]),
    "Reshape": (IMAGE, [{"target_shape": (3, -1)}, {"target_shape": (432,)}]),
    "Permute": (IMAGE, [{"dims": (3, 1, 2)}]),
    "RepeatVector": ((5,), [{"n": 3}]),
    "Dropout": (IMAGE, [{"rate": 0.3}, {"rate": 0, "noise_shape": (None, 1, 1, 6), "seed": 5}]),
    "SpatialDropout1D": (LINE, [{"rate": 0.3}]),
    "SpatialDropout2D": (IMAGE, [{"rate": 0.3}]),
    "SpatialDropout3D": (CUBE, [{"rate": 0.3}]),
    "GaussianDropout": (IMAGE, [{"rate": 0.3}]),
    "GaussianNoise": (IMAGE, [{"stddev": 0.3}]),
    "AlphaDropout": (IMAGE, [{"rate": 0.3}]),
    "UpSampling1D": (LINE, [{"size": 3}]),
    "UpSampling2D": (IMAGE, [{}, {"size": (3, 2), "interpolation": "bilinear"}]),
    "UpSampling3D": (CUBE, [{"size": (1, 2, 3)}]),
    "Rescaling": (IMAGE, [{"scale": 1 / 255, "offset": -1}]),
    "Identity": (IMAGE, [{}]),
    "ActivityRegularization": (IMAGE, [{"l1": 0.1, "l2": 0.2}]),
    "Concatenate": (IMAGE, [{}, {"axis": 1}, {"axis": 3}]),
    "Dot": ((5,), [{"axes": 1}, {"axes": -1, "normalize": True}]),
    **{
        f"{kind}Pooling{rank}D": (
            shape,
            [
                {"pool_size": 2},
                {"pool_size": 3, "strides": 2, "padding": "same"},
                {"pool_size": 3, "strides": 1},
            ],
        )
        for kind in ("Max", "Average")
        for rank, shape in ((1, LINE), (2, IMAGE), (3, CUBE))
    },
    **{
        f"Global{kind}Pooling{rank}D": (shape, [{}, {"keepdims": True}])
        for kind in ("Max", "Average")
        for rank, shape in ((1, LINE), (2, IMAGE), (3, CUBE))
    },
    **{
        f"{name}{rank}D": (shape, [{}, {key: amount}])
        for name, key in (("ZeroPadding", "padding"), ("Cropping", "cropping"))
        for rank, shape, amount in (
            (1, LINE, (1, 3)),
            (2, IMAGE, ((1, 0), (2, 3))),
            (3, CUBE, ((1, 0), (0, 2), (1, 1))),
        )
    },
    **{
        name: (IMAGE, [{}])
        for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
    },
}
CASES |= {
    "Embedding": ((7,), [{"input_dim": 9, "output_dim": 4}]),
    "Masking": (LINE, [{}]),
    "Normalization": (IMAGE, [{}, {"axis": 3}]),
    "RMSNormalization": (IMAGE, [{}, {"axis": 3}]),
    **{
        name: (
            LINE,
            [
                {"units": 5},
                {"units": 5, "return_sequences": True, "use_bias": False},
                {"units": 5, "activation": "relu", "go_backwards": True},
            ],
        )
        for name in ("SimpleRNN", "LSTM", "GRU")
    },
    **{
        f"ConvLSTM{rank}D": (
            (4, *[6] * rank, 3),
            [
                {"filters": 2, "kernel_size": 3},
                {"filters": 2, "kernel_size": 2, "return_sequences": True, "padding": "same"},
                {"filters": 2, "kernel_size": 3, "strides": 2, "use_bias": False},
            ],
        )
        for rank in (1, 2, 3)
    },
    "Attention": (LINE, [{}, {"use_scale": True}, {"score_mode": "concat", "dropout": 0.1}]),
    "AdditiveAttention": (LINE, [{}, {"use_scale": False}]),
    "MultiHeadAttention": (
        LINE,
        [
            {"num_heads": 2, "key_dim": 3},
            {"num_heads": 2, "key_dim": 3, "value_dim": 4, "use_bias": False},
            {"num_heads": 1, "key_dim": 3, "output_shape": (5,)},
        ],
    ),
}
CASES["GRU"][1].append({"units": 2, "reset_after": False})
CASES["LSTM"][1].append({"units": 2, "unit_forget_bias": False})
WRAPPING = [
    layers.Bidirectional(layers.LSTM(4)),
    layers.Bidirectional(layers.GRU(4, return_sequences=True), merge_mode="sum"),
    layers.Bidirectional(layers.SimpleRNN(4, use_bias=False), merge_mode="ave"),
    layers.TimeDistributed(layers.Dense(3, activation="softmax")),
    layers.TimeDistributed(layers.Dropout(0.3)),
]
ACTIVATIONS = [
    *(
        layers.Activation(name)
        for name in [
            "relu",
            "relu6",
            "leaky_relu",
            "elu",
            "selu",
            "gelu",
            "silu",
            "softmax",
            "mish",
        ]
    ),
    *(
        layers.Activation(name)
        for name in ["hard_sigmoid", "log_softmax", "squareplus", "hard_shrink", "celu"]
    ),
    layers.ReLU(max_value=1.0, negative_slope=0.1, threshold=0.2),
    layers.LeakyReLU(),
    layers.LeakyReLU(0.05),
    layers.ELU(0.5),
    layers.Softmax(axis=1),
]


def cases() -> list[Any]:
    """One case per class and settings."""
    return [
        pytest.param(name, shape, settings, id=f"{name}-{number}")
        for name, (shape, several) in CASES.items()
        for number, settings in enumerate(several)
    ]


def described(model: Any) -> Architecture:  # noqa: ANN401 - Keras ships no types
    """The architecture of a model, by way of the JSON that leaves the sandbox."""
    network: dict[str, Any] = json.loads(json.dumps(network_of(model)))
    return read_architecture(network)


def batch(model: Any) -> Any:  # noqa: ANN401 - Keras ships no types
    """Four samples for every input of a model."""
    random = np.random.default_rng(1)
    samples = [random.standard_normal((4, *x.shape[1:]), dtype=np.float32) for x in model.inputs]
    return one_or_all(samples)


def one_or_all(items: list[Any]) -> Any:  # noqa: ANN401 - Keras ships no types
    """What Keras takes for so many inputs."""
    return items[0] if len(items) == 1 else items


def same_output(model: Any, rebuilt: Any) -> bool:  # noqa: ANN401 - Keras ships no types
    """Whether both give the same, penalties too, once they have the same weights."""
    rebuilt.set_weights(model.get_weights())
    pair = [np.asarray(one(batch(one), training=False)) for one in (model, rebuilt)]
    penalties = [float(sum(one.losses)) for one in (model, rebuilt)]
    # How oneDNN adds up depends on where in memory the numbers lie: rounding may differ.
    outputs_agree = np.allclose(pair[0], pair[1], rtol=1e-5, atol=1e-6)
    return bool(outputs_agree) and penalties[0] == penalties[1]


def test_every_class_of_the_table_has_cases() -> None:
    """No row of the table of layers goes untested."""
    assert set(CASES) == set(LAYERS)


@pytest.mark.parametrize(("name", "shape", "settings"), cases())
def test_layer_is_rebuilt(name: str, shape: tuple[int, ...], settings: dict[str, Any]) -> None:
    """Shape, counts and output of a rebuilt layer are those of the layer that was described."""
    inputs = [keras.Input(shape) for _ in range(2 if LAYERS[name].merges else 1)]
    made = getattr(layers, name)(**settings)
    output = made(*inputs) if LAYERS[name].arguments else made(one_or_all(inputs))
    model = keras.Model(one_or_all(inputs), output)
    architecture = described(model)

    rebuilt = rebuild(architecture)

    assert rebuilt.fault is None
    assert rebuilt.rows[-1].shape == tuple(output.shape)
    assert rebuilt.totals == Totals(
        model.count_params(),
        sum(int(np.prod(w.shape)) for w in model.trainable_weights),
        sum(int(np.prod(w.shape)) for w in model.non_trainable_weights),
    )
    assert rebuilt.input_shapes == tuple(tuple(x.shape) for x in model.inputs)
    assert same_output(model, build_model(architecture, seed=1))


@pytest.mark.parametrize("layer", WRAPPING, ids=lambda layer: layer.name)
def test_layer_around_a_layer_is_rebuilt(layer: Any) -> None:  # noqa: ANN401 - Keras ships no types
    """Bidirectional and TimeDistributed give the same numbers, shapes and counts."""
    model = keras.Sequential([keras.Input(LINE), layer])
    architecture = described(model)

    rebuilt = rebuild(architecture)

    assert rebuilt.fault is None
    assert rebuilt.totals.total == model.count_params()
    assert rebuilt.rows[0].layer == type(layer).__name__
    assert rebuilt.rows[-1].shape == tuple(model.outputs[0].shape)
    assert same_output(model, build_model(architecture, seed=1))


def test_inputs_of_attention_go_to_their_arguments() -> None:
    """Query, value and key are told apart however they are given."""
    query, value, key = (keras.Input((length, size)) for length, size in ((4, 6), (5, 3), (5, 2)))
    heads = layers.MultiHeadAttention(2, 3)
    model = keras.Model([query, value, key], heads(key=key, value=value, query=query))
    architecture = described(model)

    assert architecture.layers[-1].inputs == (0, 1, 2)
    assert same_output(model, build_model(architecture, seed=1))


@pytest.mark.parametrize("layer", ACTIVATIONS, ids=lambda layer: layer.name)
def test_activation_is_rebuilt(layer: Any) -> None:  # noqa: ANN401 - Keras ships no types
    """An activation layer of any class gives the same numbers once it is an Activation."""
    model = keras.Sequential([keras.Input((4, 3)), layer])
    architecture = described(model)

    rebuilt = rebuild(architecture)

    assert [row.layer for row in rebuilt.rows] == ["Activation"]
    assert same_output(model, build_model(architecture, seed=1))


def test_channels_first_is_counted_as_keras_does() -> None:
    """A network with the channels first has Keras' shapes and counts."""
    first = {"data_format": "channels_first"}
    model = keras.Sequential(
        [
            keras.Input((3, 9, 8)),
            layers.Conv2D(4, 3, **first),
            layers.MaxPooling2D(**first),
            layers.ZeroPadding2D(**first),
            layers.BatchNormalization(axis=1),
            layers.GlobalAveragePooling2D(**first),
        ]
    )

    architecture = described(model)

    assert architecture.totals.total == model.count_params()
    assert [row.shape for row in architecture.rows] == [tuple(x.output.shape) for x in model.layers]


def test_open_input_axes_stay_open() -> None:
    """An input without fixed size gives open shapes, and a batch of some size goes through."""
    model = keras.Sequential(
        [keras.Input((None, None, 3)), layers.Conv2D(4, 3), layers.GlobalMaxPooling2D()]
    )

    rebuilt = rebuild(described(model))

    assert [row.shape for row in rebuilt.rows] == [(None, None, None, 4), (None, 4)]
    assert rebuilt.output is not None


def test_shared_weights_stay_shared() -> None:
    """A Dense layer used twice is one layer in the rebuilt model, counted once."""
    inputs = keras.Input((4,))
    dense = layers.Dense(4, activation="relu")
    model = keras.Model(inputs, layers.Add()([dense(inputs), dense(dense(inputs))]))
    architecture = described(model)

    rebuilt = rebuild(architecture)

    assert rebuilt.totals.total == 4 * 4 + 4
    assert [row.params for row in rebuilt.rows if row.layer == "Dense"] == [20, 0, 0]
    assert same_output(model, build_model(architecture, seed=1))


def test_same_seed_gives_same_weights() -> None:
    """Two models from one architecture and seed start from identical weights."""
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(3), layers.Dropout(0.5), layers.Dense(2)]
    )
    architecture = described(model)

    first, second, other = (build_model(architecture, seed) for seed in (1, 1, 2))

    assert all(map(np.array_equal, first.get_weights(), second.get_weights()))
    assert not all(map(np.array_equal, first.get_weights(), other.get_weights()))


def test_unknown_layer_has_a_row_and_no_output() -> None:
    """A Keras layer outside the table leaves rows by arithmetic up to it."""
    model = keras.Sequential(
        [keras.Input((4, 3)), layers.Dense(2), layers.SpectralNormalization(layers.Dense(5))]
    )
    architecture = described(model)

    rebuilt = rebuild(architecture)

    assert [(r.layer, r.shape, r.params) for r in rebuilt.rows] == [
        ("Dense", (None, 4, 2), 8),
        ("SpectralNormalization", None, None),
    ]
    assert rebuilt.output is None
    with pytest.raises(GraderError, match="SpectralNormalization layer is outside the table"):
        build_model(architecture, seed=1)


def test_output_of_a_softmax_sums_to_one() -> None:
    """The output check of a softmax network says what a distribution is made of."""
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax")])

    output = rebuild(described(model)).output

    assert output is not None
    assert output.shape == (None, 3)
    assert output.finite
    assert output.minimum >= 0
    assert output.smallest_sum == pytest.approx(1)
    assert output.largest_sum == pytest.approx(1)


def test_refusal_of_keras_is_a_fault() -> None:
    """What only fails when the network computes becomes a fault with Keras' own sentence."""
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, kernel_initializer="identity")])
    architecture = described(model)
    layer = architecture.layers[1]
    broken = {"class": "Identity", "config": {"gain": "much"}}
    layer.config["kernel_initializer"] = broken  # type: ignore[index]  # a broken table, as it were

    fault = rebuild(architecture).fault

    assert fault is not None
    assert fault.rule is Rule.NOT_BUILT


def test_disagreement_with_keras_is_the_graders_own_fault() -> None:
    """What Keras does not confirm stops the grader, with both sides in the text."""
    architecture = described(keras.Sequential([keras.Input((4,)), layers.Dense(3)]))
    object.__setattr__(architecture, "totals", Totals(16, 16, 0))

    with pytest.raises(GraderError, match=r"gives Totals\(total=16.*Keras gives Totals\(total=15"):
        rebuild(architecture)
