"""Telling: the recognised causes in a few words, as an instructor reads them in a list."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from grader.records import Rule

_TITLES: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.INPUT_SHAPE: "another input shape",
        Rule.MISSING_LAYER: "a layer forgotten",
        Rule.EXTRA_LAYER: "a layer too many",
        Rule.WRONG_TYPE: "another type of layer",
        Rule.ORDER: "layers in another order",
        Rule.UNITS: "other units",
        Rule.FILTERS: "other filters",
        Rule.KERNEL_SIZE: "another kernel size",
        Rule.PADDING: "padding forgotten or added",
        Rule.STRIDES: "other strides",
        Rule.POOL_SIZE: "another pool size",
        Rule.BIAS: "a bias left out or added",
        Rule.NORMALIZATION_OPTIONS: "other options of the normalization",
        Rule.FROZEN: "layers frozen",
        Rule.OUTPUT_ACTIVATION: "no softmax at the end",
        Rule.CUSTOM_LAYER: "a layer of their own",
        Rule.NOT_A_MODEL: "something else than a network returned",
        Rule.NOT_BUILT: "a network that cannot be built",
        Rule.NO_BUILD_MODEL: "no build_model()",
        Rule.RETURNED_NONE: "return forgotten",
        Rule.SYNTAX_ERROR: "syntax error",
        Rule.IMPORT_ERROR: "import that fails",
        Rule.OLD_KERAS: "spelling of an older Keras",
        Rule.EXCEPTION: "another exception",
        Rule.SILENT_EXIT: "Python ended early",
        Rule.TIME_LIMIT: "out of time",
        Rule.MEMORY_LIMIT: "out of memory",
        Rule.NOT_FINITE: "a loss that ran away",
        Rule.BELOW_THRESHOLD: "threshold missed",
    }
)


def rule_title(rule: Rule) -> str:
    """The cause, in small letters and without a full stop."""
    return _TITLES[rule]
