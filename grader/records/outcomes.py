"""Words: the enums of outcomes, checks, matches and hint rules."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What became of a check or of a part."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ATTEMPTED = "not_attempted"
    SKIPPED = "skipped"
    ERROR = "error"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    GRADER_ERROR = "grader_error"

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing to be done about it: it passed, or was not asked for so far."""
        return self in {Outcome.PASSED, Outcome.SKIPPED}

    @property
    def met_limit(self) -> bool:
        """Whether time or memory ran out, which may be the machine's doing."""
        return self in {Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY}

    @property
    def is_trouble(self) -> bool:
        """Whether a limit was met or the grader failed: at another time it may be otherwise."""
        return self.met_limit or self is Outcome.GRADER_ERROR


class CheckName(StrEnum):
    """The graded steps of a part, in the order in which they are taken."""

    LOADS = "loads"
    ARCHITECTURE = "architecture"
    OUTPUT = "output"
    TRAINING = "training"
    ACCURACY = "accuracy"


class Match(StrEnum):
    """How two aligned rows relate."""

    SAME = "same"
    DIFFERENT = "different"
    MISSING = "missing"
    EXTRA = "extra"


class Rule(StrEnum):
    """The recognised causes, by the stable ids that results and tests use."""

    INPUT_SHAPE = "input-shape"
    MISSING_LAYER = "missing-layer"
    EXTRA_LAYER = "extra-layer"
    WRONG_TYPE = "wrong-type"
    ORDER = "order"
    UNITS = "units"
    FILTERS = "filters"
    KERNEL_SIZE = "kernel-size"
    PADDING = "padding"
    STRIDES = "strides"
    POOL_SIZE = "pool-size"
    BIAS = "bias"
    NORMALIZATION_OPTIONS = "normalization-options"
    FROZEN = "frozen"
    OUTPUT_ACTIVATION = "output-activation"
    CUSTOM_LAYER = "custom-layer"
    NOT_A_MODEL = "not-a-model"
    NOT_BUILT = "not-built"
    NO_BUILD_MODEL = "no-build-model"
    RETURNED_NONE = "returned-none"
    SYNTAX_ERROR = "syntax-error"
    IMPORT_ERROR = "import-error"
    OLD_KERAS = "old-keras"
    EXCEPTION = "exception"
    SILENT_EXIT = "silent-exit"
    TIME_LIMIT = "time-limit"
    MEMORY_LIMIT = "memory-limit"
    NOT_FINITE = "not-finite"
    BELOW_THRESHOLD = "below-threshold"
