"""Table: what a row of the table of layers consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grader.architecture.shapes import Shapes
from grader.architecture.values import Config, Setting, Settings
from grader.records import Shape

__all__ = ["MANY", "LayerType", "Setting", "Settings", "Weights", "no_weights"]

MANY = 64


@dataclass(frozen=True)
class Weights:
    """Numbers of parameters: those that training changes, and those that it never does."""

    trainable: int = 0
    fixed: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.trainable + self.fixed


def no_weights(_config: Config, _shapes: Shapes) -> Weights:
    """The weights of a layer that has none."""
    return Weights()


@dataclass(frozen=True)
class LayerType:
    """What the grader knows of one layer class.

    `shape` and `weights` take the canonical config and the shapes of the inputs, with batch axis.
    `inputs` is the smallest and the largest number of them. `activated`: it takes an `activation`
    argument. `random`: it takes a `seed`. `axes` are settings that name axes and are counted from
    the end in canonical form. `regularizes_itself`: its settings are an activity regularizer.
    `arguments`: the names of its inputs, where they are given one by one and not as a list.
    """

    settings: Settings
    shape: Callable[[Config, Shapes], Shape]
    weights: Callable[[Config, Shapes], Weights] = no_weights
    inputs: tuple[int, int] = (1, 1)
    activated: bool = False
    random: bool = False
    axes: tuple[str, ...] = ()
    regularizes_itself: bool = False
    arguments: tuple[str, ...] = ()

    @property
    def merges(self) -> bool:
        """Whether the layer joins several inputs."""
        return self.inputs[1] > 1
