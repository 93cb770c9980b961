"""Architecture: the trusted reading of a description. Nothing in here imports Keras."""

from grader.architecture.choices import chosen_settings
from grader.architecture.describe import read_description
from grader.architecture.effects import layer_effect
from grader.architecture.functions import ACTIVATION_CLASSES
from grader.architecture.layers import takes_activation, takes_one_input
from grader.architecture.order import canonical_order
from grader.architecture.refusals import ReplyError
from grader.architecture.reply import read_reply

__all__ = [
    "ACTIVATION_CLASSES",
    "ReplyError",
    "canonical_order",
    "chosen_settings",
    "layer_effect",
    "read_description",
    "read_reply",
    "takes_activation",
    "takes_one_input",
]
