"""Training, before the clock runs: how slow this machine is, for limits on computing time."""

from __future__ import annotations

import statistics
import time

import tensorflow as tf

# What the limits in sheet.toml are meant for: multiplications with an addition, in float32 products
# of two matrices as below, in a CPU second. A server's core (AMD EPYC, AVX2) has 2.7e10 of them, a
# laptop's of the last ten years about as many.
REFERENCE_RATE = 2.0e10
# A limit stays one, whatever a probe says on a machine that is in trouble.
MOST_SLOWNESS = 20.0
_SIZE = 512
_NUM_PRODUCTS = 3
_NUM_RUNS = 5


def slowness() -> float:
    """How many times as long as on the reference machine computing takes here, from 1 up.

    A faster machine counts as the reference, so that it shortens no limit.
    """
    return slowness_at(_rate())


def slowness_at(rate: float) -> float:
    """The same for a machine of that rate (see REFERENCE_RATE)."""
    return min(max(1.0, REFERENCE_RATE / rate), MOST_SLOWNESS)


def _rate() -> float:
    """The median of several runs, in CPU time: what else runs on the machine hardly counts."""
    matrix = tf.random.stateless_uniform((_SIZE, _SIZE), seed=(1, 2))
    seconds = [_cpu_seconds(matrix) for _ in range(_NUM_RUNS + 1)]
    # The first run also wakes the threads up.
    return _NUM_PRODUCTS * _SIZE**3 / statistics.median(seconds[1:])


def _cpu_seconds(matrix: tf.Tensor) -> float:
    started = time.process_time()
    for _ in range(_NUM_PRODUCTS):
        tf.linalg.matmul(matrix, matrix).numpy()
    return max(time.process_time() - started, 1e-6)
