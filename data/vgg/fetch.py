"""VGG lists: one address is asked, within limits of time and size, and only where it is allowed."""

from __future__ import annotations

import email.utils
import enum
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urljoin

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NewConnectionError,
    ReadTimeoutError,
)
from urllib3.util import Url, parse_url

from data.vgg.addresses import AddressError, NoSuchHostError, resolve

AGENT = "eight-faces-grader/0.1 (fetches pictures for teaching, from the VGG Face lists)"
PORTS = {"http": 80, "https": 443}
MOVED = {301, 302, 303, 307, 308}
LATER = {408, 425, 429, 500, 502, 503, 504}
MAX_ADDRESSES = 2
PIECE = 2**16
MAX_URL = 4_000


@dataclass(frozen=True)
class Limits:
    """How long one address may take, and how much it may give."""

    connect_seconds: float = 10
    read_seconds: float = 15
    total_seconds: float = 60
    max_bytes: int = 20 * 2**20
    max_redirects: int = 5


class Lasting(enum.Enum):
    """For how long a failure holds."""

    FOR_GOOD = "for good"  # remembered: the next run does not ask again
    THIS_RUN = "this run"
    FOR_NOW = "for now"  # tried again in this run


class FetchError(Exception):
    """An address gives nothing; the text goes on from it: 'answers 404 (Not Found)'."""

    def __init__(
        self, reason: str, lasting: Lasting, *, wait_seconds: float = 0, is_host: bool = False
    ) -> None:
        super().__init__(reason)
        self.lasting = lasting
        self.wait_seconds = wait_seconds
        self.is_host = is_host  # the whole host is at fault, not this address of it


class Fetcher:
    """Fetches addresses; safe to be used by several threads at once."""

    def __init__(self, limits: Limits | None = None, *, allow_private: bool = False) -> None:
        self._limits = limits or Limits()
        self._allow_private = allow_private
        self._context = ssl.create_default_context()

    def fetch(self, url: str) -> bytes:
        """Return what the address gives, after its redirections; raises `FetchError`."""
        deadline = time.monotonic() + self._limits.total_seconds
        for _ in range(self._limits.max_redirects + 1):
            answer = self._ask(url, deadline)
            if isinstance(answer, bytes):
                return answer
            url = answer
        raise FetchError("is redirected too often", Lasting.FOR_GOOD)

    def _ask(self, url: str, deadline: float) -> bytes | str:
        """Return the content, or the address that it has moved to."""
        target = _parse(url)
        try:
            with self._connected(target, deadline) as connection:
                connection.request(
                    "GET",
                    target.request_uri,
                    headers={
                        "Host": target.netloc or "",
                        "User-Agent": AGENT,
                        "Accept": "image/*,*/*;q=0.5",
                        "Accept-Encoding": "identity",
                        "Connection": "close",
                    },
                    preload_content=False,
                    decode_content=False,
                )
                return self._read(connection.getresponse(), url, deadline)
        except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            if time.monotonic() >= deadline:
                seconds = f"{self._limits.total_seconds:g}"
                raise FetchError(f"takes longer than {seconds} s", Lasting.FOR_NOW) from error
            raise _explain(error) from error

    @contextmanager
    def _connected(self, target: Url, deadline: float) -> Iterator[HTTPConnection]:
        """A connection to a checked address, cut off when the time is over."""
        connection = self._connect(target, deadline)
        # Kept here, as the connection lets go of its socket before the content is read.
        timer = threading.Timer(max(0.0, deadline - time.monotonic()), _cut, [connection.sock])
        timer.daemon = True
        timer.start()
        try:
            connection.timeout = self._limits.read_seconds
            yield connection
        finally:
            timer.cancel()
            connection.close()

    def _connect(self, target: Url, deadline: float) -> HTTPConnection:
        host, port = (target.host or "").strip("[]"), target.port or PORTS[target.scheme or "http"]
        try:
            addresses = resolve(host, port, allow_private=self._allow_private)
        except NoSuchHostError as error:
            raise FetchError(str(error), Lasting.THIS_RUN, is_host=True) from error
        except AddressError as error:
            raise FetchError(str(error), Lasting.THIS_RUN) from error
        failure: Exception | None = None
        for address in addresses[:MAX_ADDRESSES]:
            seconds = min(self._limits.connect_seconds, deadline - time.monotonic())
            if seconds <= 0:
                break
            connection = self._connection(target, host, address, port, seconds)
            try:
                connection.connect()
            except (HTTPError, OSError, ValueError) as error:
                connection.close()
                failure = error
            else:
                return connection
        raise failure or TimeoutError

    def _connection(
        self, target: Url, host: str, address: str, port: int, seconds: float
    ) -> HTTPConnection:
        if target.scheme == "http":
            return HTTPConnection(address, port, timeout=seconds)
        return HTTPSConnection(
            address,
            port,
            timeout=seconds,
            ssl_context=self._context,
            server_hostname=host.rstrip("."),
            assert_hostname=host.rstrip("."),
        )

    def _read(self, response: urllib3.BaseHTTPResponse, url: str, deadline: float) -> bytes | str:
        if response.status in MOVED and response.headers.get("Location"):
            return urljoin(url, response.headers["Location"])
        if response.status != HTTPStatus.OK:
            raise _refusal(response)
        limit = self._limits.max_bytes
        too_large = FetchError(f"gives more than {limit / 2**20:.0f} MiB", Lasting.FOR_GOOD)
        declared = response.headers.get("Content-Length", "")
        if declared.isascii() and declared.isdecimal() and int(declared) > limit:
            raise too_large
        content = bytearray()
        while piece := response.read(PIECE):
            content += piece
            if len(content) > limit:
                raise too_large
        # What was cut off may look like an end.
        if time.monotonic() >= deadline:
            raise TimeoutError
        return bytes(content)


def _parse(url: str) -> Url:
    try:
        target = parse_url(url[:MAX_URL])
    except LocationParseError as error:
        raise FetchError("is no address that can be read", Lasting.FOR_GOOD) from error
    if target.scheme not in PORTS or not target.host or len(url) > MAX_URL:
        raise FetchError("is no http or https address", Lasting.FOR_GOOD)
    return target


def _cut(connection: socket.socket) -> None:
    # It may have ended by itself in the meantime.
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _explain(error: Exception) -> FetchError:
    if isinstance(error, ssl.SSLError):
        return FetchError("has no valid certificate", Lasting.THIS_RUN)
    if isinstance(error, NewConnectionError):
        return FetchError("has a host that takes no connection", Lasting.FOR_NOW, is_host=True)
    if isinstance(error, ConnectTimeoutError):
        return FetchError("has a host that does not answer", Lasting.FOR_NOW, is_host=True)
    if isinstance(error, (TimeoutError, ReadTimeoutError)):
        return FetchError("stops answering", Lasting.FOR_NOW)
    return FetchError("breaks off or does not answer as it should", Lasting.FOR_NOW)


def _refusal(response: urllib3.BaseHTTPResponse) -> FetchError:
    status = response.status
    known = status in {entry.value for entry in HTTPStatus}
    name = f" ({HTTPStatus(status).phrase})" if known else ""
    lasting = Lasting.FOR_NOW if status in LATER else Lasting.FOR_GOOD
    wait_seconds = _retry_after(response.headers.get("Retry-After", "")) if status in LATER else 0
    return FetchError(f"answers {status}{name}", lasting, wait_seconds=wait_seconds)


def _retry_after(text: str) -> float:
    """Return the seconds that a server asks to wait, given as such or as a date; 0 if unclear."""
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        due = email.utils.parsedate_to_datetime(text)
        return max(0.0, due.timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0
