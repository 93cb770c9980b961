"""Calibrate: quantiles of Student's t distribution.

For whole degrees of freedom its distribution function is a finite sum, so that these lines take the
place of SciPy, which is larger than the grader.
"""

from __future__ import annotations

import math

_HALVINGS = 200


def t_quantile(probability: float, degrees: int) -> float:
    """What a t-distributed number stays below with this probability, from 0.5 to below 1.

    >>> round(t_quantile(0.9999, 10), 4)
    5.6938
    """
    low, high = 0.0, 1.0
    while _above(high, degrees) > 1 - probability:
        high *= 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _above(middle, degrees) > 1 - probability:
            low = middle
        else:
            high = middle
    return high


def _above(t: float, degrees: int) -> float:
    """The probability of a number above `t`, which is not negative.

    Abramowitz and Stegun, Handbook of Mathematical Functions (1972), 26.7.3 and 26.7.4.
    """
    angle = math.atan(t / math.sqrt(degrees))
    is_odd = degrees % 2 == 1
    term = math.cos(angle) if is_odd else 1.0
    total = 0.0
    for k in range(3 if is_odd else 2, degrees + 1, 2):
        total += term
        term *= math.cos(angle) ** 2 * (k - 1) / k
    inside = math.sin(angle) * total
    if is_odd:
        inside = (angle + inside) * 2 / math.pi
    return (1 - inside) / 2
