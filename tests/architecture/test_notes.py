"""Notes in words: layers are counted, singular and plural are right."""

from __future__ import annotations

import pytest

from grader.architecture.notes import Noted, counted
from grader.messages import note_message


def test_notes_on_layers_end_with_their_number() -> None:
    """A layer counts once, whatever it is noted for; a note on the network has no number."""
    notes = [
        Noted("functional"),
        Noted("activation-layer:ReLU", (1,)),
        Noted("fused-activation", (2,)),
        Noted("activation-layer:ReLU", (1,)),
        Noted("activation-layer:ReLU", (3, 0)),
        Noted("functional"),
    ]

    assert counted(notes) == ("functional", "activation-layer:ReLU:2", "fused-activation:1")


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "fused-activation:1",
            "Counts as the same: one layer has its activation as an argument.",
        ),
        (
            "fused-activation:6",
            "Counts as the same: 6 layers have their activation as an argument.",
        ),
        ("activation-layer:ReLU:1", "Counts as the same: one layer ReLU is taken for Activation."),
        (
            "activation-operation:Relu:2",
            "Counts as the same: 2 operations Relu are taken for Activation.",
        ),
        (
            "linear-left-out:3",
            "Counts as the same: 3 linear activations are left out: no change comes of it.",
        ),
        ("call-setting:mask:2", "The argument mask in the call of 2 layers is left out."),
        (
            "own-object:kernel_initializer:my_init:1",
            (
                "my_init, the kernel_initializer of one layer, is self-written; "
                "Keras' default stands for it."
            ),
        ),
        ("fused-activation:many", "fused-activation:many"),
        ("activation-layer:ReLU", "activation-layer:ReLU"),
    ],
)
def test_a_note_is_a_sentence(code: str, sentence: str) -> None:
    """One layer and several are told rightly; a code that a student made up stands for itself."""
    assert note_message(code) == sentence
