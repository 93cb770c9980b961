"""A student's networks stand beside each other with what each brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from grader.messages import steps_message
from grader.records import DataFacts, Grade, Part, Splits, Totals
from grader.report.steps import steps


def reaching(grade: Grade, *tests: float | None) -> Grade:
    """The grade with these test accuracies in its first parts, and 0.9 on the training images."""
    parts = list(grade.parts)
    for place, test in enumerate(tests):
        training = parts[place].training
        assert training is not None
        reached = replace(training, accuracy=Splits(0.9, test, test))
        parts[place] = replace(parts[place], training=reached)
    return replace(grade, parts=tuple(parts[: len(tests)]))


def test_each_network_is_compared_with_the_one_before_it(
    perfect: Grade, parts: Mapping[str, Part]
) -> None:
    """Gain and gap are differences of accuracies; a network without any is passed over."""
    found = steps(reaching(perfect, 0.5, None, 0.7), parts)

    expected = [("One dense layer", None, 0.4), ("Convolutions", 0.2, 0.2)]
    rounded = [
        (s.title, s.gain if s.gain is None else round(s.gain, 9), round(s.gap or 0, 9))
        for s in found
    ]
    assert expected == rounded


def test_one_network_is_nothing_to_compare(
    padding_forgotten: Grade, perfect: Grade, parts: Mapping[str, Part]
) -> None:
    """With fewer than two test accuracies there is no comparison; two are one."""
    assert steps(reaching(perfect, 0.5, None), parts) == ()
    assert len(steps(padding_forgotten, parts)) == 2


def test_a_part_with_its_own_data_is_not_compared(
    perfect: Grade, parts: Mapping[str, Part]
) -> None:
    """An accuracy on other examples says nothing beside those on the images."""
    own = perfect.parts[1].training
    assert own is not None
    other = replace(own, data=DataFacts("waves.npz", "0" * 64, ()))
    first, second, *others = perfect.parts

    found = steps(replace(perfect, parts=(first, replace(second, training=other), *others)), parts)

    assert second.part not in {step.part for step in found}
    assert len(others) + 1 == len(found)


def test_parameters_are_those_of_the_submitted_network(
    perfect: Grade, parts: Mapping[str, Part]
) -> None:
    """What is compared is the student's own network."""
    first = replace(perfect.parts[0], submitted_totals=Totals(7, 7, 0))

    found = steps(replace(perfect, parts=(first, *perfect.parts[1:])), parts)

    assert found[0].params == 7


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ((0.5, 0.7, 0.6), "“B” after “A”: 0.200 more."),
        ((0.7, 0.6, 0.6), "No network did better there than the one before it."),
    ],
)
def test_the_largest_step_is_told_in_a_sentence(tests: tuple[float, ...], expected: str) -> None:
    """The best and the largest gain, or that there was none."""
    message = steps_message(["A", "B", "C"], tests)

    assert message.startswith("The best on the test images is 0.700")
    assert message.endswith(expected)
