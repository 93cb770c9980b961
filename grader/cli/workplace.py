"""Face of the program: where the tasks of a run are performed, here or on a cluster's workers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from grader.batch.bench import Report
from grader.batch.executor import BenchExecutor
from grader.batch.local import LocalExecutor
from grader.cli.grading_plan import Plan, Request
from grader.errors import UsageError


@dataclass(frozen=True)
class Workplace:
    """What gives an executor, and the sentence of what confines students' files there."""

    sandbox: str
    executor: Callable[[Report], BenchExecutor]


@contextmanager
def workplace(request: Request, plan: Plan) -> Iterator[Workplace]:
    """The place that was asked for, ready for tasks.

    Raises UsageError where the cluster is not what the run needs.
    """
    if request.scheduler is None:
        executor = partial(
            LocalExecutor, request.num_slots, request.data, is_tight=request.is_tight
        )
        yield Workplace(plan.sandbox, executor)
        return
    try:
        from grader.batch.cluster import Cluster
        from grader.batch.cluster_executor import ClusterExecutor
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("grader"):
            raise
        raise UsageError(
            f"--scheduler needs the package 'distributed', which is not installed here. "
            f"`{sys.executable} -m pip install distributed` installs it."
        ) from error
    data = plan.data if request.with_training else None
    own = [part.data for part in plan.parts if part.data and request.with_training]
    with Cluster(request.scheduler, data, own, unconfined=request.unconfined) as cluster:
        yield Workplace(cluster.sandbox, partial(ClusterExecutor, cluster))
