"""Describe: text without folders of this machine and places in the grader (both sides)."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from pathlib import Path

_PACKAGES = [path for path in sys.path if Path(path).name in {"site-packages", "dist-packages"}]
_FOLDERS = sorted({*_PACKAGES, sysconfig.get_path("stdlib")}, key=len, reverse=True)
_INSTALLED = re.compile("|".join(re.escape(folder + os.sep) for folder in _FOLDERS))
_OWN = re.escape(str(Path(__file__).resolve().parents[1]) + os.sep)
_OWN_FRAME = re.compile(rf'^ *File "{_OWN}[^"\n]*", line .*\n?(?:    .*\n?)*', re.MULTILINE)
# As `warnings` writes them: file, line, category and text, then the line of source.
_OWN_WARNING = re.compile(rf"^{_OWN}[^:\n]*:\d+: (\w+: .*\n?)(?:  .*\n?)?", re.MULTILINE)


def tidied(text: str) -> str:
    """The text with `keras/...` for `/.../site-packages/keras/...`, without the grader's frames.

    A warning that was met in the grader keeps its words and loses its place.
    """
    return _INSTALLED.sub("", _OWN_WARNING.sub(r"\1", _OWN_FRAME.sub("", text)))
