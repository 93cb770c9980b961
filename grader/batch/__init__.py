"""Many submissions: each is described and compared in turn, each distinct training is done once."""

from grader.batch.events import Listener
from grader.batch.run import Batch, Options

__all__ = ["Batch", "Listener", "Options"]
