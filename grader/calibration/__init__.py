"""Calibrate: train a part's solution over many seeds, and measure the threshold that grades use."""

from grader.calibration.bounds import MIN_SEEDS
from grader.calibration.ledger import Ledger, ledger_file
from grader.calibration.plan import Counts, Plan, make_plan
from grader.calibration.results import Result
from grader.calibration.running import Pools, measure, to_be_trained

__all__ = [
    "MIN_SEEDS",
    "Counts",
    "Ledger",
    "Plan",
    "Pools",
    "Result",
    "ledger_file",
    "make_plan",
    "measure",
    "to_be_trained",
]
