"""Words: files that are either the old ones or the new ones, never half of each."""

from __future__ import annotations

import os
import threading
from pathlib import Path


def write_atomically(path: Path, text: str) -> None:
    """Write `text` to `path` as UTF-8 by way of a temporary file beside it; folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # tempfile would make the file unreadable for others, and pages are made to be shared
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
