"""Findings in words: the student's layer and number, the table's, and what to do."""

from __future__ import annotations

import pytest

from grader.messages import finding_message
from grader.records import Finding, Rule, Value

SECOND_CONV: dict[str, Value] = {
    "submitted": "Conv2D",
    "submitted_ordinal": 2,
    "submitted_count": 4,
    "submitted_shape": (None, 46, 46, 32),
    "submitted_params": 9_248,
    "reference": "Conv2D",
    "reference_shape": (None, 48, 48, 32),
    "reference_params": 9_248,
    "reference_before": "Activation",
    "reference_before_ordinal": 1,
    "reference_before_count": 2,
}
ONLY_DENSE: dict[str, Value] = {"submitted": "Dense", "submitted_ordinal": 1, "submitted_count": 1}


@pytest.mark.parametrize(
    ("rule", "values", "sentence"),
    [
        (
            Rule.PADDING,
            {"setting": "padding", "found": "valid", "expected": "same"},
            (
                "Your second Conv2D has padding='valid' and gives 46 x 46 x 32, the table "
                "48 x 48 x 32: set padding='same', which keeps the border."
            ),
        ),
        (
            Rule.KERNEL_SIZE,
            {"setting": "kernel_size", "found": (5, 5), "expected": (3, 3)},
            (
                "Your second Conv2D has kernel_size=(5, 5), in the table it is (3, 3), as its "
                "9,248 parameters show: set kernel_size=(3, 3)."
            ),
        ),
        (
            Rule.INPUT_SHAPE,
            {"setting": "data_format", "found": "channels_first", "expected": "channels_last"},
            (
                "Your second Conv2D has data_format='channels_first' and gives 46 x 46 x 32, the "
                "table 48 x 48 x 32, with the channels last: leave data_format out, and "
                "set_image_data_format, where your file has it."
            ),
        ),
        (
            Rule.FILTERS,
            {"setting": "filters", "found": 1, "expected": 32},
            "Your second Conv2D has 1 filter, in the table it has 32: set filters=32.",
        ),
        (
            Rule.MISSING_LAYER,
            {},
            (
                "After the first Activation the table has a Conv2D that gives 48 x 48 x 32, and "
                "your network does not: add keras.layers.Conv2D(32, ...) there."
            ),
        ),
    ],
)
def test_a_finding_names_layer_numbers_and_remedy(
    rule: Rule, values: dict[str, Value], sentence: str
) -> None:
    """Every number of the sentence comes from the finding's values."""
    finding = Finding(rule, 3, "", {**SECOND_CONV, **values})

    assert sentence == finding_message(finding)


def test_the_only_layer_of_its_class_has_no_number() -> None:
    """Where there is one Dense it is "your Dense", not "your first"."""
    values = {**ONLY_DENSE, "setting": "units", "found": 10, "expected": 8}

    sentence = finding_message(Finding(Rule.UNITS, 1, "", values))

    assert "Your Dense has 10 units, in the table it has 8: set units=8." == sentence


def test_one_slip_in_several_layers_is_one_plural_sentence() -> None:
    """A slip in a loop or helper function is told once, with all its layers."""
    values = {
        **SECOND_CONV,
        "ordinals": (1, 2, 4),
        "setting": "strides",
        "found": (2, 2),
        "expected": (1, 1),
    }

    sentence = finding_message(Finding(Rule.STRIDES, 1, "", values))

    assert sentence.startswith("Your first, second and fourth Conv2D have strides=(2, 2)")


def test_a_doubled_layer_is_called_another_one() -> None:
    """Two equal layers in a row are no puzzle of which one is meant."""
    values: dict[str, Value] = {
        "submitted": "Dropout",
        "submitted_before": "Dropout",
        "submitted_before_ordinal": 1,
        "submitted_before_count": 4,
    }

    sentence = finding_message(Finding(Rule.EXTRA_LAYER, 7, "", values))

    assert sentence.startswith("After your first Dropout your network has another Dropout")


@pytest.mark.parametrize(
    ("found", "expected", "words"),
    [
        ((None, 48, 48, 3), (48, 48, 3), "without the batch in front"),
        ((128, 6912), (6912,), "without the batch in front"),
        ((3, 48, 48), (48, 48, 3), "height, width and then the channels"),
        ((48, 48, 3), (6912,), "flat row of numbers already"),
        ((6912,), (48, 48, 3), "need the image itself"),
        ((64, 64, 3), (48, 48, 3), "the table starts from (48, 48, 3): use keras.Input"),
    ],
)
def test_the_usual_slips_with_the_input_are_told_apart(
    found: tuple[int | None, ...], expected: tuple[int, ...], words: str
) -> None:
    """Both shapes and what to write always stand there, and what the slip was."""
    values: dict[str, Value] = {"found": found, "expected": expected}

    sentence = finding_message(Finding(Rule.INPUT_SHAPE, None, "other", values))

    assert words in sentence
    assert f"shape={expected}" in sentence


def test_an_axis_is_told_as_it_was_typed() -> None:
    """Where the student wrote axis=1 the hint says axis=1."""
    values = {
        **SECOND_CONV,
        "submitted": "BatchNormalization",
        "setting": "axis",
        "found": 1,
        "expected": -1,
    }

    sentence = finding_message(Finding(Rule.NORMALIZATION_OPTIONS, 2, "", values))

    assert sentence.startswith("Your second BatchNormalization has axis=1 and ")


def test_channels_first_everywhere_is_one_sentence() -> None:
    """Shapes differ from layer to layer then, and none is told."""
    values = {**SECOND_CONV, "setting": "data_format", "ordinals": (1, 2, 3, 4)}
    values["found"] = "channels_first"

    sentence = finding_message(Finding(Rule.INPUT_SHAPE, 1, "", values))

    assert sentence.startswith(
        "All 4 of your Conv2D have data_format='channels_first', in the table the channels stand "
        "last: leave data_format out"
    )


def test_all_layers_of_a_class_are_counted_together() -> None:
    """Where every one has the slip nobody wants them listed."""
    values = {**SECOND_CONV, "ordinals": (1, 2, 3, 4), "found": False, "expected": True}

    sentence = finding_message(Finding(Rule.BIAS, 1, "", {**values, "setting": "use_bias"}))

    assert (
        "All 4 of your Conv2D have no bias, each in the table is with a bias: set use_bias=True."
    ) == sentence


def test_the_same_slip_in_other_rows_is_told_with_the_first() -> None:
    """Three forgotten Dropout layers are one hint."""
    values: dict[str, Value] = {"reference": "Dropout", "reference_shape": (None, 8)}

    sentence = finding_message(Finding(Rule.MISSING_LAYER, 2, "", {**values, "rows": (5, 9)}))

    assert sentence.endswith("first. It is the same in rows 5 and 9.")


def test_another_network_is_called_so() -> None:
    """Where hardly a row is found, a list of all differences helps nobody."""
    values = {**SECOND_CONV, "found": 8, "expected": 32, "found_rows": 3, "num_expected": 15}
    values["num_submitted"] = 40

    sentence = finding_message(Finding(Rule.FILTERS, 3, "", values))

    assert sentence.startswith(
        "This is quite another network than the table's: it has 40 layers, the table 15, and 3 of "
        "them agree. The first difference: Your second Conv2D has 8 filters"
    )
