"""What Keras and TensorFlow say of a setting is told in one line, without their inner names."""

from __future__ import annotations

import pytest

from grader.training.sentences import sentence_of

# As keras 3.15 and tensorflow 2.21 say it.
CASES = {
    "while a graph is made": (
        (
            "Invalid reduction dimension 5 for input with 2 dimensions. for '{{node adam/Sum}} = "
            "Sum[T=DT_FLOAT](adam/Square, adam/Sum/indices)' with input shapes: [192,3], [] and "
            "with computed input tensors: input[1] = <5>."
        ),
        "ValueError: Invalid reduction dimension 5 for input with 2 dimensions.",
    ),
    "in a layer": (
        (
            "Exception encountered when calling GaussianDropout.call().\n\n"
            "\x1b[1mfloat division by zero\x1b[0m\n\n"
            "Arguments received by GaussianDropout.call():\n"
            "  • inputs=tf.Tensor(shape=(32, 4), dtype=float32)\n  • training=True"
        ),
        (
            "ValueError: Exception encountered when calling GaussianDropout.call(). float division "
            "by zero"
        ),
    ),
    "of an operation": (
        (
            "{{function_node __wrapped__Sum_device_/job:localhost/replica:0/task:0/device:CPU:0}} "
            "Invalid reduction dimension (5 for input with 2 dimension(s) [Op:Sum] name: "
        ),
        "ValueError: Invalid reduction dimension (5 for input with 2 dimension(s)",
    ),
    "while a graph is run": (
        (
            "Graph execution error:\n\n"
            "Detected at node model/mul defined at (most recent call last):\n"
            '  File "/home/x/site-packages/keras/src/layers/layer.py", line 3, in call\n\n'
            "Incompatible shapes: [32,4] vs. [32,3]\n"
            "\t [[{{node model/mul}}]] [Op:__inference_one_step_1234]"
        ),
        "ValueError: Incompatible shapes: [32,4] vs. [32,3]",
    ),
    "without a word": ("", "ValueError"),
}


@pytest.mark.parametrize(("said", "expected"), CASES.values(), ids=CASES)
def test_sentence(said: str, expected: str) -> None:
    """Nodes, operations, devices, frames, arguments and bold print are left out."""
    assert expected == sentence_of(ValueError(said))


def test_long_sentence_is_cut() -> None:
    """A page of words ends in an ellipsis after 500 characters."""
    sentence = sentence_of(ValueError("word " * 1000))

    assert (500, "…") == (len(sentence), sentence[-1])
