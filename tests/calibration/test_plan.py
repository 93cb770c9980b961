"""Plans: which networks are trained for a part, on which seeds and how many threads."""

from __future__ import annotations

from dataclasses import replace

from grader.architecture.functions import from_name
from grader.calibration import Counts, Plan, make_plan
from grader.calibration.plan import Variant
from grader.grading import Solution
from grader.records import Part, Row
from grader.training.task import TrainingTask

COUNTS = Counts(num_seeds=10, num_choice_seeds=3, other_threads=2)
DATA = "d" * 64


def plan_of(part: Part, solution: Solution) -> Plan:
    """The plan of a part on some data."""
    return make_plan(part, solution, DATA, COUNTS)


def titles(variants: tuple[Variant, ...]) -> list[str]:
    """How the variants are called."""
    return [variant.title for variant in variants]


def first_task(variants: tuple[Variant, ...], title: str) -> TrainingTask:
    """The first training of the variant with this title."""
    return next(variant.tasks[0] for variant in variants if variant.title == title)


def settings(task: TrainingTask, class_name: str, key: str) -> list[object]:
    """One setting of all layers of a class."""
    layers = task.architecture.layers
    return [layer.config[key] for layer in layers if layer.class_name == class_name]


def test_reference_is_trained_as_grades_train_it(part: Part, solution: Solution) -> None:
    """The solution as it is, on one thread, over the seeds from the protocol's own on."""
    tasks = plan_of(part, solution).reference.tasks

    assert list(range(1, 11)) == [task.protocol.seed for task in tasks]
    assert all(solution.architecture == task.architecture for task in tasks)
    assert {1} == {task.threads for task in tasks}


def test_free_choices_and_slips_of_a_network(part: Part, solution: Solution) -> None:
    """What the table leaves free, and what goes wrong in a network with hidden layers."""
    plan = plan_of(part, solution)

    expected = ["default initializers", "dropout 0.2", "dropout 0.5", "elu for relu", "2 threads"]
    assert expected == titles(plan.choices)
    assert [3] * 5 == [len(choice.tasks) for choice in plan.choices]
    expected = ["untrained", "learning rate 1e-05", "sigmoid in hidden layers", "dropout 0.9"]
    assert expected == titles(plan.slips)


def test_what_a_network_does_not_have_cannot_be_chosen(part: Part, plain: Solution) -> None:
    """Without hidden layers there is neither dropout nor an activation to choose."""
    plan = plan_of(part, plain)

    assert ["default initializers", "2 threads"] == titles(plan.choices)
    assert ["untrained", "learning rate 1e-05"] == titles(plan.slips)


def test_a_choice_that_is_the_solutions_own_is_left_out(part: Part, solution: Solution) -> None:
    """Where the solution itself has dropout 0.2, that is no choice besides."""
    chosen = plan_of(part, solution).choices[1].tasks[0].architecture

    again = plan_of(part, Solution(chosen, None))

    assert "dropout 0.2" not in titles(again.choices)
    assert "dropout 0.5" in titles(again.choices)


def test_no_two_trainings_share_network_and_seed(part: Part, solution: Solution) -> None:
    """All trainings for bounds have seeds of their own: none depends on another."""
    plan = plan_of(part, solution)
    seeds = [t.protocol.seed for v in (plan.reference, *plan.choices) for t in v.tasks]

    assert len(seeds) == len(set(seeds)) == 25


def test_more_seeds_keep_those_that_are_trained(part: Part, solution: Solution) -> None:
    """With more seeds the trainings of fewer are still among them."""
    few = plan_of(part, solution)
    more = make_plan(part, solution, DATA, Counts(20, 10, 2))

    for fewer, larger in zip(few.variants, more.variants, strict=True):
        assert fewer.tasks == larger.tasks[: len(fewer.tasks)]


def test_default_initializers_are_kerass(part: Part, solution: Solution) -> None:
    """Kernels start by Glorot's uniform distribution, biases at zero; the rows stay."""
    task = first_task(plan_of(part, solution).choices, "default initializers")
    kernel: object = {"class": "GlorotUniform", "config": {}}
    bias: object = {"class": "Zeros", "config": {}}

    assert [kernel, kernel] == settings(task, "Dense", "kernel_initializer")
    assert [bias, bias] == settings(task, "Dense", "bias_initializer")
    assert solution.architecture.rows == task.architecture.rows
    assert solution.architecture.digest != task.architecture.digest


def test_hidden_activations_change_and_the_output_stays(part: Part, solution: Solution) -> None:
    """Elu or sigmoid takes the place of the hidden relu with all its settings; softmax stays."""
    plan = plan_of(part, solution)
    elu = first_task(plan.choices, "elu for relu").architecture.layers
    sigmoid = first_task(plan.slips, "sigmoid in hidden layers")
    hidden = next(layer for layer in elu if layer.class_name == "Activation")

    assert {**from_name("elu"), "activity_regularizer": None} == hidden.config
    assert ["sigmoid", "softmax"] == settings(sigmoid, "Activation", "activation")


def test_dropout_and_threads(part: Part, solution: Solution) -> None:
    """Rates are those that the title names; the same network is trained on more threads."""
    plan = plan_of(part, solution)
    threads = first_task(plan.choices, "2 threads")

    assert [0.5] == settings(first_task(plan.choices, "dropout 0.5"), "Dropout", "rate")
    assert [0.9] == settings(first_task(plan.slips, "dropout 0.9"), "Dropout", "rate")
    assert (2, solution.architecture) == (threads.threads, threads.architecture)


def test_slips_in_training(part: Part, solution: Solution) -> None:
    """The untrained network has no epoch; the slow one has the protocol's optimizer otherwise."""
    slips = plan_of(part, solution).slips
    slow = first_task(slips, "learning rate 1e-05").compile

    assert 0 == first_task(slips, "untrained").protocol.epochs
    assert slow is not None
    assert ("Adam", 1e-5) == (slow.optimizer, slow.optimizer_config["learning_rate"])


def test_rows_are_those_of_the_table(part: Part, solution: Solution) -> None:
    """The small network of these tests is that of its part, names aside."""
    rows = [replace(row, name="") for row in solution.architecture.rows]

    assert [Row(row.layer, row.shape, row.params) for row in part.reference.rows] == rows
