"""Batch, step 3 on many machines: the workers of a Dask scheduler, made ready for one run."""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, cast

import dask
from distributed import Client
from tornado.ioloop import IOLoop

from data import DataSet, write_own_file
from grader.batch.bench import Report
from grader.batch.cluster_worker import (
    BenchPlugin,
    Demands,
    Standing,
    difference,
    software,
    standing,
)
from grader.batch.executor import OutOfReachError
from grader.batch.tasks import DescribeTask, Task
from grader.errors import GraderError, UsageError
from grader.records import OwnData, Progress
from grader.sandbox.rungs import INSTALL

# distributed 2026.8, comm.addressing: how connections are made, and to where.
_ADDRESS = re.compile(r"(?:tcp|tls)://(?P<host>.+):\d+")
_CONNECT_SECONDS = 10
# So long workers are waited for: before any has come, and where all are lost.
_FIRST_SECONDS, _LOST_SECONDS = 30.0, 300.0
_LOOK_SECONDS = 0.5
_GO_ON = "What has been found out so far is kept: the same command goes on from here"


class Cluster:
    """The workers that take tasks of one run, as they come and go. A context manager.

    Entering it checks all machines and sets their workers up. Raises UsageError where the scheduler
    cannot be reached or the machines do not fit, OutOfReachError where one is lost meanwhile.
    """

    def __init__(
        self,
        address: str,
        data: DataSet | None,
        own_data: Sequence[OwnData] = (),
        *,
        unconfined: bool,
    ) -> None:
        """`data` is what is trained on, None where nothing is; `own_data` are those of parts."""
        self._address = address
        self._data = data
        self._own_data = own_data
        sha256 = None if data is None else data.sha256
        self._demands = Demands(f"grader-{uuid.uuid4().hex}", software(), sha256, unconfined)
        self._standings: dict[str, Standing] = {}
        self._described_under: set[str] = set()

    def __enter__(self) -> Self:
        self.client = _connected(self._address)
        try:
            self._await_workers(lambda: self.client.scheduler_info()["workers"])
            self._require_same_software()
            own = {one.facts.sha256: one.file.read_bytes() for one in self._own_data}
            self.client.register_plugin(BenchPlugin(self._demands, _packed(self._data), own))
            self._await_workers(self._looked)
            self._require_fitting()
        except BaseException as error:
            self.__exit__()
            if isinstance(error, OSError):
                raise self.scheduler_lost() from error
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(Exception):
            if self.is_in_reach:
                self.client.unregister_worker_plugin(self.run)
        with contextlib.suppress(Exception):
            self.client.close()

    @property
    def run(self) -> str:
        """What the run is called among the workers; like no other."""
        return self._demands.run

    @property
    def sandbox(self) -> str:
        """What is in force for students' files, on all workers that describe them."""
        return "; on other workers: ".join(sorted(self._described_under))

    @property
    def is_unconfined(self) -> bool:
        """Whether students' files may run where nothing confines them."""
        return self._demands.unconfined

    @property
    def num_slots(self) -> int:
        """How many tasks all workers perform side by side."""
        return sum(one.num_slots for one in self._standings.values() if not one.trouble)

    @property
    def loop(self) -> IOLoop:
        """Where the connection is served, in a thread of its own."""
        return cast("IOLoop", self.client.loop)

    @property
    def is_in_reach(self) -> bool:
        """Whether there is a connection to the scheduler."""
        return bool(self.client.status == "running")

    def workers_for(self, task: Task) -> frozenset[str]:
        """The addresses of the workers that may perform the task."""
        return frozenset(
            address
            for address, one in self._standings.items()
            if not one.trouble and (not isinstance(task, DescribeTask) or self._may_describe(one))
        )

    def look(self) -> None:
        """Take note of workers that came or went. Raises OutOfReachError without a scheduler."""
        try:
            present = set(self.client.scheduler_info()["workers"])
            new = sorted(present - self._standings.keys())
            found = self._on_workers(standing, self.run, workers=new) if new else {}
        except Exception as error:
            raise self.scheduler_lost() from error
        if not self.is_in_reach:
            raise self.scheduler_lost()
        # Who is still being set up is asked again next time. A new table, since other threads may
        # be reading the old one.
        known = {**self._standings, **found}
        self._standings = {
            address: one
            for address, one in known.items()
            if address in present and isinstance(one, Standing)
        }

    def hear(self, report: Report) -> None:
        """Call this after each epoch of a training, in the thread of the connection."""

        def heard(event: tuple[float, Mapping[str, Any]]) -> None:
            _, told = event
            report(told["key"], Progress(**told["progress"]))

        self.client.subscribe_topic(self.run, heard)

    def scheduler_lost(self) -> OutOfReachError:
        """What is to be raised when the scheduler does not answer any longer."""
        return OutOfReachError(
            f"The scheduler at {self._address} is gone, or out of reach. {_GO_ON} when it is back, "
            "and without --scheduler on this machine alone."
        )

    def require_recent(self, since: float) -> None:
        """Raises OutOfReachError where a task has waited for a worker too long since then."""
        if time.monotonic() - since > _LOST_SECONDS:
            raise OutOfReachError(
                f"For {_LOST_SECONDS / 60:.0f} minutes the scheduler at {self._address} has had no "
                f"worker for what is left to do. {_GO_ON} when there are some, and without "
                "--scheduler on this machine alone."
            )

    def _may_describe(self, one: Standing) -> bool:
        # What is told about a run stays true: a worker that comes later and confines in another way
        # only trains.
        return one.may_describe and (
            not self._described_under or one.sandbox in self._described_under
        )

    def _looked(self) -> dict[str, Standing]:
        """Those workers that are known by now."""
        self.look()
        present = self.client.scheduler_info()["workers"]
        return self._standings if self._standings.keys() == present.keys() else {}

    def _await_workers(self, workers: Callable[[], Mapping[str, object]]) -> None:
        deadline = time.monotonic() + _FIRST_SECONDS
        while not workers():
            if time.monotonic() > deadline:
                raise UsageError(
                    f"The scheduler at {self._address} has no workers. Start some, on each machine "
                    f"`dask worker {self._address} --nthreads 1`, and run the same command again."
                )
            time.sleep(_LOOK_SECONDS)

    def _require_same_software(self) -> None:
        """Raises UsageError that names both sides where they are not the same everywhere."""
        theirs = {"scheduler": self._on_scheduler(), **self._on_workers(software)}
        for address, found in theirs.items():
            where = address if address == "scheduler" else f"worker {address}"
            if isinstance(found, GraderError):
                raise UsageError(f"The {where} does not fit. {found}")
            if isinstance(found, Exception):
                other = f"no grader that fits this one ({type(found).__name__}: {found})"
            else:
                other = difference(found, self._demands.software)
            if other:
                raise UsageError(
                    f"The {where} has {other}. Results would not be comparable. Install the same "
                    "versions on all machines (make setup does it from requirements.lock), start "
                    "scheduler and workers from there, and run the same command again."
                )

    def _on_workers(
        self, function: Callable[..., Any], *arguments: str, workers: list[str] | None = None
    ) -> dict[str, Any]:
        """What the function gives on these workers, on all for None; or the exception there."""
        return dict(self.client.run(function, *arguments, workers=workers, on_error="return"))

    def _on_scheduler(self) -> dict[str, str] | Exception:
        try:
            found: dict[str, str] = self.client.run_on_scheduler(software)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            return error
        return found

    def _require_fitting(self) -> None:
        """Raises UsageError where a worker cannot take part, or none may run students' files."""
        for address, one in self._standings.items():
            if one.trouble:
                raise UsageError(f"The worker {address} cannot take part. {one.trouble}")
        describing = {one.sandbox for one in self._standings.values() if one.may_describe}
        if not describing:
            raise UsageError(
                "Nothing would confine students' files on any of the workers: they could read and "
                f"change whatever those can. Install what does on them: `{INSTALL}`. To grade "
                "files that you trust without it, add --unconfined."
            )
        self._described_under = describing


def _connected(address: str) -> Client:
    """A connection to the scheduler; raises UsageError where there is none at this address."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise UsageError(
            f"'{address}' is no address of a scheduler. `dask scheduler` prints its own when it "
            "starts, such as tcp://10.0.0.5:8786."
        )
    _require_host(address, found["host"])
    if address.startswith("tls:") and not dask.config.get("distributed.comm.tls.ca-file"):
        raise UsageError(
            f"{address} asks for certificates, and Dask's configuration names none. "
            "docs/cluster.md shows the three variables that do."
        )
    # What a lost connection or worker means is told in our own words.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError(
            f"No Dask scheduler answers at {address} ({error}). Start one with `dask scheduler`, "
            "and give the address that it prints."
        ) from error


def _require_host(address: str, host: str) -> None:
    """Raises UsageError at once for a name that nobody knows; Dask would ask again for seconds."""
    try:
        socket.getaddrinfo(host.strip("[]"), None)
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"The machine of the scheduler at {address} is not known here ({error}). Give the "
            "address that `dask scheduler` prints."
        ) from error


def _packed(data: DataSet | None) -> bytes:
    """The data set as the content of one file, whatever it was read from."""
    if data is None:
        return b""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.npz"
        write_own_file(data, path)
        return path.read_bytes()
