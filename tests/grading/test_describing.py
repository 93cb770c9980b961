"""From candidates to the one description that counts, with a stand-in for the sandbox."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest

from grader.errors import GraderError
from grader.grading import Evidence, describe, examine, grade_part
from grader.messages import notice_messages
from grader.records import Architecture, Outcome, Part, Rebuilt, Rule, Source
from grader.sandbox.jobs import Ending, Job, Limits, Reply
from grader.sandbox.launcher import Sandbox

NETWORK = (Path(__file__).parents[1] / "architecture" / "reply.json").read_bytes()
NOTHING = {"answer": "", "answer_cut": 0, "error": None, "model": None, "compile": None}
UNTOUCHED = json.dumps(
    {"format": 1, "status": "not_attempted", **NOTHING, "answer": "later", "notes": []}
).encode()


@dataclass
class StandIn:
    """Answers like the sandbox, from the source's bytes to a reply; keeps the jobs it was given."""

    replies: dict[bytes, Reply]
    limits: Limits = field(default_factory=Limits)
    jobs: list[Job] = field(default_factory=list)

    def describe(self, job: Job) -> Reply:
        """The reply for this source; without one there is no process."""
        self.jobs.append(job)
        if job.code not in self.replies:
            raise GraderError("The process for students' files was lost.")
        return self.replies[job.code]


def sandbox_with(**replies: Reply) -> tuple[Sandbox, StandIn]:
    """A stand-in that knows these sources, as the sandbox and as itself."""
    stand_in = StandIn({name.encode(): reply for name, reply in replies.items()})
    return cast("Sandbox", stand_in), stand_in


def source(name: str, path: str = "fc_a.py") -> Source:
    """A candidate that the stand-in knows by this name."""
    return Source("fc_a", path, name.encode(), {"helper": b"x = 1"})


def answered(raw: bytes, output: str = "") -> Reply:
    """A process that came to its end with this document."""
    return Reply(Ending.ANSWERED, raw, output, exit_code=0)


NETWORK_REPLY = answered(NETWORK, "hello")
UNTOUCHED_REPLY = answered(UNTOUCHED)


def test_nothing_handed_in_is_not_attempted(part: Part) -> None:
    """Without any candidate nothing is run and the part is not attempted."""
    sandbox, stand_in = sandbox_with()

    described = describe(sandbox, part, [])

    assert described.description.fault is not None
    assert Outcome.NOT_ATTEMPTED == described.description.fault.outcome
    assert [] == stand_in.jobs


def test_empty_file_is_not_attempted(part: Part) -> None:
    """A file without anything but white space is not run."""
    sandbox, stand_in = sandbox_with()

    described = describe(sandbox, part, [source(" \n\t\n")])

    assert described.description.fault is not None
    assert Outcome.NOT_ATTEMPTED == described.description.fault.outcome
    assert [] == stand_in.jobs


def test_job_holds_what_the_sandbox_needs(part: Part) -> None:
    """The sandbox is given the part, the bare file name, the source, its helpers and the shape."""
    sandbox, stand_in = sandbox_with(net=NETWORK_REPLY)

    described = describe(sandbox, part, [source("net", "week 3/fc_a.py")])

    assert [Job("fc_a", "fc_a.py", b"net", (4,), {"helper": b"x = 1"})] == stand_in.jobs
    assert "week 3/fc_a.py" == described.path
    assert described.description.architecture is not None
    assert "hello" == described.description.output
    assert () == described.notices


@pytest.mark.parametrize("order", [("stub", "net"), ("net", "stub")])
def test_untouched_candidate_gives_way(part: Part, order: tuple[str, str]) -> None:
    """Of a network and a stub, whichever comes first, the network counts, with a notice."""
    sandbox, _ = sandbox_with(net=NETWORK_REPLY, stub=UNTOUCHED_REPLY)

    described = describe(sandbox, part, [source(name, f"{name}/fc_a.py") for name in order])

    assert described.description.architecture is not None
    assert "net/fc_a.py" == described.path
    (notice,) = notice_messages(described.notices)
    assert "fc_a: net/fc_a.py counts; nothing was written yet in stub/fc_a.py." == notice


def test_broken_attempt_counts_before_a_stub(part: Part) -> None:
    """A stub gives way to an attempt that gives no network, too."""
    silent = Reply(Ending.EXITED, None, "", exit_code=0)
    sandbox, _ = sandbox_with(broken=silent, stub=UNTOUCHED_REPLY)

    described = describe(sandbox, part, [source("stub", "a.py"), source("broken", "b.py")])

    assert "b.py" == described.path
    assert described.description.fault is not None
    assert Rule.SILENT_EXIT == described.description.fault.rule


def test_only_stubs_are_not_attempted(part: Part) -> None:
    """Several stubs are as little as one."""
    sandbox, _ = sandbox_with(one=UNTOUCHED_REPLY, two=UNTOUCHED_REPLY)

    described = describe(sandbox, part, [source("one", "a.py"), source("two", "b.py")])

    assert described.description.fault is not None
    assert Outcome.NOT_ATTEMPTED == described.description.fault.outcome


def test_two_attempts_are_an_error_that_names_both(part: Part) -> None:
    """Which of two networks counts is not guessed: the part is an error with both paths."""
    sandbox, _ = sandbox_with(one=NETWORK_REPLY, two=NETWORK_REPLY, stub=UNTOUCHED_REPLY)
    candidates = [source("one", "a/fc_a.py"), source("stub"), source("two", "b/fc_a.py")]

    grade = grade_part(part, Evidence(describe(sandbox, part, candidates)), "")

    assert Outcome.ERROR == grade.outcome
    assert "a/fc_a.py" in grade.checks[0].message
    assert "b/fc_a.py" in grade.checks[0].message


ENDINGS = [
    (Reply(Ending.CPU_LIMIT, None, ""), Outcome.TIMED_OUT, Rule.TIME_LIMIT, "20 s of computing"),
    (Reply(Ending.WALL_LIMIT, None, ""), Outcome.TIMED_OUT, Rule.TIME_LIMIT, "60 s"),
    (Reply(Ending.MEMORY, None, ""), Outcome.OUT_OF_MEMORY, Rule.MEMORY_LIMIT, "memory"),
    (Reply(Ending.TOO_LARGE, None, ""), Outcome.ERROR, Rule.NOT_A_MODEL, "far larger than a"),
    (Reply(Ending.EXITED, None, "", 3), Outcome.ERROR, Rule.SILENT_EXIT, "exit code 3"),
    (Reply(Ending.SIGNALLED, None, "", None, 11), Outcome.ERROR, Rule.SILENT_EXIT, "signal 11"),
]


@pytest.mark.parametrize(("reply", "outcome", "rule", "told"), ENDINGS, ids=lambda v: str(v)[:20])
def test_absence_of_an_answer_is_never_a_pass(
    part: Part, reply: Reply, outcome: Outcome, rule: Rule, told: str
) -> None:
    """Each way for the process to end without a document has its outcome, rule and sentence."""
    sandbox, _ = sandbox_with(odd=replace(reply, output="so far"))

    grade = grade_part(part, Evidence(describe(sandbox, part, [source("odd")])), "")

    assert (outcome, "so far") == (grade.outcome, grade.output)
    assert [rule] == [hint.rule for hint in grade.hints]
    assert told in grade.checks[0].message


def test_document_that_breaks_the_rules_is_an_error(part: Part) -> None:
    """A forged document is refused and gives no network."""
    sandbox, _ = sandbox_with(forged=answered(b'{"format": 1, "status": "passed"}'))

    grade = grade_part(part, Evidence(describe(sandbox, part, [source("forged")])), "")

    assert (Outcome.ERROR, 0.0) == (grade.outcome, grade.score)


def rebuild(_: Architecture) -> Rebuilt:
    """Stands for the worker, which is never to be asked here."""
    raise AssertionError("There is nothing to rebuild.")


def test_what_gave_no_network_is_not_rebuilt(part: Part) -> None:
    """Trusted code builds nothing where the file gave nothing."""
    sandbox, _ = sandbox_with(stub=UNTOUCHED_REPLY)

    evidence = examine(sandbox, rebuild, part, [source("stub")])

    assert (None, None) == (evidence.rebuilt, evidence.comparison)


def test_lost_sandbox_becomes_an_outcome(part: Part) -> None:
    """Where no process can be had, the part has trouble with the grader, and no more happens."""
    sandbox, _ = sandbox_with()

    grade = grade_part(part, examine(sandbox, rebuild, part, [source("any")]), "")

    assert Outcome.GRADER_ERROR == grade.outcome
    assert "The process for students' files was lost." in grade.checks[0].message


def test_lost_worker_becomes_an_outcome(part: Part) -> None:
    """A worker that is lost while rebuilding is the grader's trouble, not the student's."""

    def lost(_: Architecture) -> Rebuilt:
        raise GraderError("The worker process ended.")

    sandbox, _ = sandbox_with(net=NETWORK_REPLY)

    grade = grade_part(part, examine(sandbox, lost, part, [source("net")]), "")

    assert Outcome.GRADER_ERROR == grade.outcome
    assert "The worker process ended." in grade.checks[0].message
