"""The layer classes that a summary may print, under today's names.

A summary cuts class names and may be older than today's: `candidates` says which are meant.
"""

from __future__ import annotations

import re

# The layer classes in keras.layers, read off Keras 3.15.1.
CLASS_NAMES = frozenset(
    {
        "Activation",
        "ActivityRegularization",
        "AdaptiveAveragePooling1D",
        "AdaptiveAveragePooling2D",
        "AdaptiveAveragePooling3D",
        "AdaptiveMaxPooling1D",
        "AdaptiveMaxPooling2D",
        "AdaptiveMaxPooling3D",
        "Add",
        "AdditiveAttention",
        "AlphaDropout",
        "Attention",
        "AugMix",
        "AutoContrast",
        "Average",
        "AveragePooling1D",
        "AveragePooling2D",
        "AveragePooling3D",
        "BatchNormalization",
        "Bidirectional",
        "CategoryEncoding",
        "CenterCrop",
        "Concatenate",
        "ContrastLimitedAdaptiveHistogramEqualization",
        "Conv1D",
        "Conv1DTranspose",
        "Conv2D",
        "Conv2DTranspose",
        "Conv3D",
        "Conv3DTranspose",
        "ConvLSTM1D",
        "ConvLSTM2D",
        "ConvLSTM3D",
        "Cropping1D",
        "Cropping2D",
        "Cropping3D",
        "CutMix",
        "Dense",
        "DepthwiseConv1D",
        "DepthwiseConv2D",
        "Discretization",
        "Dot",
        "Dropout",
        "ELU",
        "EinsumDense",
        "Embedding",
        "Equalization",
        "Flatten",
        "FlaxLayer",
        "GRU",
        "GRUCell",
        "GaussianDropout",
        "GaussianNoise",
        "GlobalAveragePooling1D",
        "GlobalAveragePooling2D",
        "GlobalAveragePooling3D",
        "GlobalMaxPooling1D",
        "GlobalMaxPooling2D",
        "GlobalMaxPooling3D",
        "GroupNormalization",
        "GroupedQueryAttention",
        "HashedCrossing",
        "Hashing",
        "Identity",
        "InputLayer",
        "IntegerLookup",
        "JaxLayer",
        "LSTM",
        "LSTMCell",
        "Lambda",
        "Layer",
        "LayerNormalization",
        "LeakyReLU",
        "Masking",
        "MaxNumBoundingBoxes",
        "MaxPooling1D",
        "MaxPooling2D",
        "MaxPooling3D",
        "Maximum",
        "MelSpectrogram",
        "Minimum",
        "MixUp",
        "MultiHeadAttention",
        "Multiply",
        "Normalization",
        "PReLU",
        "Permute",
        "Pipeline",
        "RMSNormalization",
        "RNN",
        "RandAugment",
        "RandomBrightness",
        "RandomColorDegeneration",
        "RandomColorJitter",
        "RandomContrast",
        "RandomCrop",
        "RandomElasticTransform",
        "RandomErasing",
        "RandomFlip",
        "RandomGaussianBlur",
        "RandomGrayscale",
        "RandomHue",
        "RandomInvert",
        "RandomPerspective",
        "RandomPosterization",
        "RandomRotation",
        "RandomSaturation",
        "RandomSharpness",
        "RandomShear",
        "RandomTranslation",
        "RandomZoom",
        "ReLU",
        "RepeatVector",
        "Rescaling",
        "Reshape",
        "Resizing",
        "ReversibleEmbedding",
        "STFTSpectrogram",
        "SeparableConv1D",
        "SeparableConv2D",
        "SimpleRNN",
        "SimpleRNNCell",
        "Softmax",
        "Solarization",
        "SpatialDropout1D",
        "SpatialDropout2D",
        "SpatialDropout3D",
        "SpectralNormalization",
        "StackedRNNCells",
        "StringLookup",
        "Subtract",
        "TFSMLayer",
        "TextVectorization",
        "TimeDistributed",
        "TorchModuleWrapper",
        "UnitNormalization",
        "UpSampling1D",
        "UpSampling2D",
        "UpSampling3D",
        "Wrapper",
        "ZeroPadding1D",
        "ZeroPadding2D",
        "ZeroPadding3D",
    }
)

# Old or second names with the class that they stand for today. Read off Keras 3.15.1, where
# keras.layers has both; Deconvolution from keras 2.x keras/layers/convolutional.py, "Aliases".
ALIASES = {
    "AvgPool1D": "AveragePooling1D",
    "AvgPool2D": "AveragePooling2D",
    "AvgPool3D": "AveragePooling3D",
    "Convolution1D": "Conv1D",
    "Convolution1DTranspose": "Conv1DTranspose",
    "Convolution2D": "Conv2D",
    "Convolution2DTranspose": "Conv2DTranspose",
    "Convolution3D": "Conv3D",
    "Convolution3DTranspose": "Conv3DTranspose",
    "Deconvolution2D": "Conv2DTranspose",
    "Deconvolution3D": "Conv3DTranspose",
    "GlobalAvgPool1D": "GlobalAveragePooling1D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalAvgPool3D": "GlobalAveragePooling3D",
    "GlobalMaxPool1D": "GlobalMaxPooling1D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "GlobalMaxPool3D": "GlobalMaxPooling3D",
    "GroupQueryAttention": "GroupedQueryAttention",
    "MaxPool1D": "MaxPooling1D",
    "MaxPool2D": "MaxPooling2D",
    "MaxPool3D": "MaxPooling3D",
    "SeparableConvolution1D": "SeparableConv1D",
    "SeparableConvolution2D": "SeparableConv2D",
}

# What earlier versions printed and keras.layers no longer has: kept as printed. From keras 1.2
# keras/layers and keras/models.py, keras 2.15 keras/layers and keras/engine, tensorflow 2.3.
FORMER_NAMES = frozenset(
    {
        "AddLoss",
        "AddMetric",
        "AtrousConvolution1D",
        "AtrousConvolution2D",
        "ClassMethod",
        "CuDNNGRU",
        "CuDNNLSTM",
        "DenseFeatures",
        "Functional",
        "Highway",
        "InstanceMethod",
        "InstanceProperty",
        "KerasLayer",
        "LocallyConnected1D",
        "LocallyConnected2D",
        "MaxoutDense",
        "Merge",
        "Model",
        "ModuleWrapper",
        "ParametricSoftplus",
        "SReLU",
        "Sequential",
        "SlicingOpLambda",
        "SyncBatchNormalization",
        "TFOpLambda",
        "TensorFlowOpLayer",
        "ThresholdedReLU",
        "TimeDistributedDense",
    }
)
NETWORKS = frozenset({"Functional", "Model", "Sequential"})
# Names of TensorFlow's own Keras for what others call otherwise (tensorflow 1.13, 2.3).
_TENSORFLOWS = {
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
}
_AXES = re.compile(r"(?P<axes>[123])D(Transpose)?$")


def candidates(
    printed: str, *, cut: bool, instance: str, ndim: int | None = None
) -> tuple[str, ...]:
    """The classes that `printed` may mean, under today's names, sorted: none, the one, or several.

    Where `printed` is the beginning of a name that was `cut`, the name of the layer's `instance`
    decides between several: `candidates("Batch", cut=True, instance="batch_normalization_1")`;
    then the number of axes of its output, batch axis included.
    """
    names = CLASS_NAMES | ALIASES.keys() | FORMER_NAMES | _TENSORFLOWS.keys()
    fitting = {name for name in names if name == printed or (cut and name.startswith(printed))}
    if len(_todays(fitting)) > 1:
        # Default names of layers: batchnormalization_1 in Keras 1, batch_normalization_1 since.
        stem = re.sub(r"_\d+$", "", instance).replace("_", "").lower()
        fitting = {name for name in fitting if name.lower() == stem} or fitting
    if printed in CLASS_NAMES or (cut and fitting & CLASS_NAMES and printed):
        # Of today's classes rather than of those that few networks ever had.
        fitting -= FORMER_NAMES
    if ndim is not None and len(_todays(fitting)) > 1 and printed:
        fitting = {name for name in fitting if _may_have(name, ndim)} or fitting
    return _todays(fitting)


def _may_have(name: str, ndim: int) -> bool:
    """Whether a layer of this class can have so many axes, those of batch and channels too."""
    match = _AXES.search(name)
    return match is None or name.startswith("Global") or int(match["axes"]) + 2 == ndim


def _todays(names: set[str]) -> tuple[str, ...]:
    return tuple(sorted({ALIASES.get(name, _TENSORFLOWS.get(name, name)) for name in names}))
