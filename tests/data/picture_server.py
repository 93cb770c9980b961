"""A server of pictures that behaves as servers of old addresses do: badly, in many ways."""

from __future__ import annotations

import io
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from PIL import Image


def picture(name: str, kind: str = "PNG") -> bytes:
    """A picture of noise that belongs to this name alone."""
    values = np.random.default_rng(list(name.encode())).integers(0, 256, (8, 8)).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(values).resize((90, 120), Image.Resampling.BICUBIC).save(buffer, kind)
    return buffer.getvalue()


class PictureServer(ThreadingHTTPServer):
    """Listens on a free port of this machine; `/KIND/NAME` is answered as the kind says."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: Counter[str] = Counter()
        self.at_once = 0
        self.most_at_once = 0
        self.lock = threading.Lock()

    @property
    def address(self) -> str:
        """The beginning of all addresses of this server."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that go away are what is tested."""


class _Handler(BaseHTTPRequestHandler):
    server: PictureServer

    def do_GET(self) -> None:
        """Answer as the first part of the path says."""
        kind = self.path.split("/")[1]
        with self.server.lock:
            self.server.asked[self.path] += 1
        ANSWERS[kind](self)

    def log_message(self, *_: object) -> None:
        """Write no log."""

    def give(self, content: bytes, *, status: int = 200, **headers: str) -> None:
        """Send an answer."""
        self.send_response(status)
        sent = {"Content-Type": "image/png", "Content-Length": str(len(content))}
        for name, value in (sent | {k.replace("_", "-"): v for k, v in headers.items()}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    @property
    def number(self) -> int:
        """How often this path was asked, this time included."""
        return self.server.asked[self.path]


def _slow(handler: _Handler) -> None:
    with handler.server.lock:
        handler.server.at_once += 1
        handler.server.most_at_once = max(handler.server.most_at_once, handler.server.at_once)
    time.sleep(0.05)
    # Before the answer: who has it may ask anew before this thread goes on.
    with handler.server.lock:
        handler.server.at_once -= 1
    handler.give(picture(handler.path))


def _hangs(handler: _Handler) -> None:
    time.sleep(3)
    handler.give(picture(handler.path))


def _drips(handler: _Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for byte in picture(handler.path):
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.1)


def _drips_headers(handler: _Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for index in range(200):
        handler.wfile.write(b"X-%d: a\r\n" % index)
        handler.wfile.flush()
        time.sleep(0.1)


def _truncates(handler: _Handler) -> None:
    content = picture(handler.path)
    handler.give(content[: len(content) // 2], Content_Length=str(len(content)))


def _floods(handler: _Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(bytes(2**16))


def _moves(where: Callable[[_Handler], str]) -> Callable[[_Handler], None]:
    return lambda handler: handler.give(b"", status=302, Location=where(handler))


def _busy_once(handler: _Handler) -> None:
    if handler.number == 1:
        handler.give(b"", status=429, Retry_After="1")
    else:
        handler.give(picture(handler.path))


def _breaks_once(handler: _Handler) -> None:
    if handler.number == 1:
        handler.connection.close()
    else:
        handler.give(picture(handler.path))


def _nonsense(handler: _Handler) -> None:
    handler.wfile.write(b"\x00\xff nonsense\r\n\r\n")


ANSWERS: dict[str, Callable[[_Handler], None]] = {
    "good": lambda handler: handler.give(picture(handler.path)),
    "lies": lambda handler: handler.give(picture(handler.path), Content_Type="text/html"),
    "slow": _slow,
    "hangs": _hangs,
    "drips": _drips,
    "drips-headers": _drips_headers,
    "truncates": _truncates,
    "floods": _floods,
    "declares": lambda handler: handler.give(b"", Content_Length=str(10**12)),
    "html": lambda handler: handler.give(b"<html>not here any more</html>"),
    "placeholder": lambda handler: handler.give(picture("gone")),
    "404": lambda handler: handler.give(b"gone", status=404),
    "403": lambda handler: handler.give(b"no", status=403),
    "500": lambda handler: handler.give(b"", status=500),
    "busy": _busy_once,
    "busy-long": lambda handler: handler.give(b"", status=429, Retry_After="86400"),
    "breaks": _breaks_once,
    "nonsense": _nonsense,
    "moved": _moves(lambda handler: f"/good/{handler.path.split('/')[2]}"),
    "loops": _moves(lambda handler: handler.path),
    "to-file": _moves(lambda _: "file:///etc/passwd"),
    "to-metadata": _moves(lambda _: "http://169.254.169.254/latest/meta-data/"),
    "to-this-machine": _moves(lambda handler: f"{handler.server.address}/good/secret"),
    "to-nonsense": _moves(lambda _: "http://[::1"),
}
