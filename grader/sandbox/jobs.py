"""Describe: what goes into the sandbox, what comes out, and the limits in between (both sides)."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

MIB = 1024 * 1024

# The child writes this byte (white space in JSON) when it is set up, before it turns to the
# student's code.
BEGUN = b"\n"
# Likewise on the output pipe: what comes before it was said by the start, not by the student's
# code.
OUTPUT_BEGUN = b"\x1e"
# The exit status of a child that could not be set up, or could not write its document.
GAVE_UP = 70
# The student's process may have so many threads; TensorFlow needs 16.
MOST_THREADS = 128
# How a job is preceded where it comes on standard input.
LENGTH = struct.Struct("!Q")
# What the server says once it can take jobs; what it is sent with the descriptors of one: how many
# processes it may see then, or 0, and the limit of resident memory; and what it tells on its end:
# wait status, CPU seconds, the highest address space and data seen in KiB, whether another process
# was left over.
READY = b"ready\n"
TAKE = struct.Struct("!II")
STATUS = struct.Struct("!idQQ?")


class Ending(StrEnum):
    """How the student's process ended. Only `answered` comes with a document."""

    ANSWERED = "answered"
    EXITED = "exited"
    SIGNALLED = "signalled"
    CPU_LIMIT = "cpu_limit"
    WALL_LIMIT = "wall_limit"
    MEMORY = "memory"
    TOO_LARGE = "too_large"


@dataclass(frozen=True)
class Limits:
    """What one job may use.

    TensorFlow's allocator tries for 10 s before it gives up, so that a wall limit below 15 s turns
    a lack of memory into a lack of time. Address space is mostly reserved, not used; data and stack
    are what can be used: for data 280 MiB at the start and four pieces of TensorFlow's, of 256 MiB
    each, in which a layer of 50 million weights has room, 25 times a whole network of the sheets. A
    process that finds a way around those is ended by what it has in memory.
    """

    cpu_seconds: int = 20
    wall_seconds: float = 60.0
    start_seconds: float = 120.0
    address_space_mib: int = 4096
    data_mib: int = 1536
    stack_mib: int = 8
    resident_mib: int = 1664
    open_files: int = 64
    timers: int = 128
    reply_bytes: int = 4 * MIB
    output_bytes: int = 64 * 1024


@dataclass(frozen=True)
class Confinement:
    """What the student's process does to itself before it turns to the student's code (Linux).

    `landlock` is the version in force, 0 for none; it lets the process read `readable`.
    `truncating`: files may be opened to be emptied, since none can be written to anyway.
    `own_namespace`: its user is counted apart from that of the launcher. `user`: the number of a
    user that the process becomes, as root; `capability` is the only one that it keeps, to pass
    closed folders on its way to what is readable.
    """

    readable: tuple[str, ...] = ()
    landlock: int = 0
    seccomp: bool = False
    truncating: bool = True
    own_namespace: bool = False
    user: int | None = None
    capability: int | None = None


@dataclass(frozen=True)
class Job:
    """One part file to be described.

    `filename` is shown in tracebacks. `helpers` maps names of modules beside the file to their
    sources. `input_shape` is the part's, without the batch axis.
    """

    part: str
    filename: str
    code: bytes
    input_shape: tuple[int, ...]
    helpers: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """What came back: `raw` is the document, unread and not to be believed; None unless answered.

    `output` is what the student's code printed, cut. `signal` stays None where the process that
    waits for it was lost as well, `cpu_seconds` also where the system does not tell. `exit_code` is
    one of the student's choosing: None where the document could not be written.
    """

    ending: Ending
    raw: bytes | None
    output: str
    exit_code: int | None = None
    signal: int | None = None
    cpu_seconds: float | None = None

    @property
    def lost(self) -> bool:
        """Whether the process that waits for the student's was lost."""
        return self.ending is Ending.SIGNALLED and self.signal is None


def encode(job: Job, limits: Limits, confinement: Confinement | None = None) -> bytes:
    """The job as it is sent into the sandbox; without a confinement there are limits only."""
    document = {
        "part": job.part,
        "filename": job.filename,
        "code": job.code.decode("latin-1"),
        "input_shape": job.input_shape,
        "helpers": {name: code.decode("latin-1") for name, code in job.helpers.items()},
        "limits": asdict(limits),
        "confinement": asdict(confinement) if confinement else None,
    }
    return json.dumps(document).encode()


def decode(body: bytes) -> tuple[Job, Limits, Confinement | None]:
    """The job, its limits and its confinement, as `encode` was given them."""
    document = json.loads(body)
    helpers = {name: code.encode("latin-1") for name, code in document["helpers"].items()}
    job = Job(
        part=document["part"],
        filename=document["filename"],
        code=document["code"].encode("latin-1"),
        input_shape=tuple(document["input_shape"]),
        helpers=helpers,
    )
    confinement = document["confinement"]
    return (
        job,
        Limits(**document["limits"]),
        Confinement(**confinement) if confinement else None,
    )
