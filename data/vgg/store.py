"""VGG lists: what was fetched stays in a folder, so that the next run goes on from there."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from data.dataset import DataError

MAX_REASON = 200


class Store:
    """Contents by address, and for addresses that are gone for good the reason.

    Each is a file named by the SHA-256 of its address, there in whole or not at all.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(
                f"{folder}: the pictures that are fetched cannot be kept there "
                f"({error.strerror}). Name another folder with --cache."
            ) from error

    def content(self, url: str) -> bytes | None:
        """Return what was kept of this address; None where nothing was."""
        return self._read(self._path(url, "content"))

    def reason(self, url: str) -> str | None:
        """Return why this address is gone; None where that is not known."""
        text = self._read(self._path(url, "gone"))
        return None if text is None else text.decode("utf-8", errors="replace")[:MAX_REASON]

    def keep(self, url: str, content: bytes) -> None:
        """Keep what the address gave."""
        self._write(self._path(url, "content"), content)

    def keep_reason(self, url: str, reason: str) -> None:
        """Remember that the address is gone for good."""
        self._write(self._path(url, "gone"), reason.encode())

    def _path(self, url: str, kind: str) -> Path:
        name = hashlib.sha256(url.encode("utf-8", errors="surrogatepass")).hexdigest()
        return self._folder / name[:2] / f"{name}.{kind}"

    def _read(self, path: Path) -> bytes | None:
        try:
            with path.open("rb") as file:
                return file.read(self._max_bytes)
        except OSError:
            return None

    def _write(self, path: Path, content: bytes) -> None:
        temporary = ""
        try:
            path.parent.mkdir(exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(temporary).replace(path)
        except OSError as error:
            raise DataError(
                f"{path.parent}: what was fetched could not be kept ({error.strerror}). Make "
                "room, or name another folder with --cache. The same command then goes on."
            ) from error
        finally:
            if temporary:
                Path(temporary).unlink(missing_ok=True)
