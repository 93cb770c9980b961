"""Many submissions: all are described and compared, each distinct training is done once."""

from grader.batch.events import Listener
from grader.batch.run import Batch
from grader.batch.steps import Facts

__all__ = ["Batch", "Facts", "Listener"]
