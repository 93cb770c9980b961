"""Architecture: the trusted reading of a description. Nothing in here imports Keras."""

from grader.architecture.choices import chosen_settings
from grader.architecture.describe import read_description
from grader.architecture.effects import layer_effect
from grader.architecture.functions import ACTIVATION_CLASSES
from grader.architecture.layers import takes_activation, takes_one_input
from grader.architecture.order import canonical_order
from grader.architecture.refusals import ReplyError
from grader.architecture.reply import read_reply
from grader.architecture.supposed import architecture_of, plain_settings, supposed_layer

__all__ = [
    "ACTIVATION_CLASSES",
    "ReplyError",
    "architecture_of",
    "canonical_order",
    "chosen_settings",
    "layer_effect",
    "plain_settings",
    "read_description",
    "read_reply",
    "supposed_layer",
    "takes_activation",
    "takes_one_input",
]
