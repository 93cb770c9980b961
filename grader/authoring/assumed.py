"""Authoring, step 4: the solved table as the network that a submission would be, by arithmetic."""

from __future__ import annotations

from dataclasses import replace

from grader.architecture import architecture_of, supposed_layer
from grader.architecture.canonical import caps_for
from grader.authoring.solving import Plan
from grader.records import Architecture, Layer


def assumed_architecture(plan: Plan) -> Architecture:
    """The network of the plan in canonical form, as if it had been handed in.

    Raises ReplyError where its layers do not fit together.
    """
    layers: list[Layer] = []
    identities: list[int] = []
    where: list[int] = []
    for index, one in enumerate(plan.steps):
        inputs = tuple(where[i] for i in one.inputs)
        layers.append(replace(one.layer, inputs=inputs))
        identities.append(one.identity)
        if one.activation:
            settings = {"activation": one.activation}
            fused = supposed_layer("Activation", settings, one.step.row.name)
            layers.append(replace(fused, inputs=(len(layers) - 1,), fused=True))
            identities.append(len(plan.steps) + index)
        where.append(len(layers) - 1)
    outputs = [where[index] for index in plan.outputs]
    return architecture_of(layers, outputs, identities, caps_for(plan.summary))
