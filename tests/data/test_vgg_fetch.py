"""One address is asked: only in public, within limits, and with a reason where nothing comes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from data.vgg import addresses
from data.vgg.addresses import is_public
from data.vgg.fetch import Fetcher, FetchError, Lasting, Limits
from tests.data.picture_server import PictureServer, picture

LIMITS = Limits(
    connect_seconds=1, read_seconds=0.5, total_seconds=1, max_bytes=100_000, max_redirects=3
)


@pytest.fixture
def server() -> Iterator[PictureServer]:
    """A server of pictures on this machine."""
    with PictureServer() as running:
        threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def fetcher() -> Fetcher:
    """Asks addresses of this machine, too."""
    return Fetcher(LIMITS, allow_private=True)


@pytest.mark.parametrize("kind", ["good", "lies", "slow"])
def test_content(server: PictureServer, fetcher: Fetcher, kind: str) -> None:
    """What an address gives comes as it is, whatever type the server claims."""
    assert picture(f"/{kind}/a") == fetcher.fetch(f"{server.address}/{kind}/a")


def test_redirection(server: PictureServer, fetcher: Fetcher) -> None:
    """A moved picture is fetched from where it is now."""
    assert picture("/good/a") == fetcher.fetch(f"{server.address}/moved/a")


FAILURES = {
    "404": ("answers 404 (Not Found)", Lasting.FOR_GOOD),
    "403": ("answers 403 (Forbidden)", Lasting.FOR_GOOD),
    "500": ("answers 500 (Internal Server Error)", Lasting.FOR_NOW),
    "busy": ("answers 429 (Too Many Requests)", Lasting.FOR_NOW),
    "hangs": ("stops answering", Lasting.FOR_NOW),
    "drips": ("takes longer than 1 s", Lasting.FOR_NOW),
    "drips-headers": ("takes longer than 1 s", Lasting.FOR_NOW),
    "truncates": ("breaks off", Lasting.FOR_NOW),
    "breaks": ("breaks off", Lasting.FOR_NOW),
    "nonsense": ("breaks off or does not answer as it should", Lasting.FOR_NOW),
    "floods": ("gives more than", Lasting.FOR_GOOD),
    "declares": ("gives more than", Lasting.FOR_GOOD),
    "loops": ("is redirected too often", Lasting.FOR_GOOD),
    "to-file": ("is no http or https address", Lasting.FOR_GOOD),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_failures(server: PictureServer, fetcher: Fetcher, kind: str) -> None:
    """Each way of giving no picture has its reason, that of a time limit among them."""
    expected, lasting = FAILURES[kind]

    with pytest.raises(FetchError) as caught:
        fetcher.fetch(f"{server.address}/{kind}/a")

    assert expected in str(caught.value)
    assert lasting is caught.value.lasting


def test_wait_that_a_server_asks_for(server: PictureServer, fetcher: Fetcher) -> None:
    """The seconds of Retry-After are passed on."""
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(f"{server.address}/busy/a")

    assert 1 == caught.value.wait_seconds


@pytest.mark.parametrize("kind", ["to-this-machine", "to-metadata"])
def test_redirection_into_private(
    server: PictureServer, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A public address cannot send the grader to this machine or to a cloud's secrets."""
    only_first = iter([True])
    monkeypatch.setattr(addresses, "is_public", lambda _: next(only_first, False))

    with pytest.raises(FetchError, match="leads to an address that is not public"):
        Fetcher(LIMITS).fetch(f"{server.address}/{kind}/a")

    assert "/good/secret" not in server.asked


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0.0.0.0",  # noqa: S104 - asked, not bound
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::]",
        "169.254.169.254",
        "user@127.0.0.1",
        "127.0.0.1.",
    ],
)
def test_private_hosts_are_not_asked(server: PictureServer, host: str) -> None:
    """However this machine is spelled, it is not asked."""
    with pytest.raises(FetchError) as caught:
        Fetcher(LIMITS).fetch(f"http://{host}:{server.server_port}/good/a")

    assert "not public" in str(caught.value) or "not found" in str(caught.value)
    assert {} == server.asked


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "ftp://example.org/a.jpg",
        "file:///etc/passwd",
        "http://",
        "javascript:1",
        "http://[::1",
        "http://exa mple/",
        "//example.org/a.jpg",
        "http://a" + "/b" * 3000,
    ],
)
def test_other_addresses(fetcher: Fetcher, url: str) -> None:
    """Only http and https are asked, and what is no address has a reason."""
    with pytest.raises(FetchError, match=r"is no (http or https )?address"):
        fetcher.fetch(url)


def test_name_is_looked_up_once(server: PictureServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that points elsewhere the second time is asked where it was checked."""
    real = socket.getaddrinfo
    looked_up: list[str] = []

    def rebinding(host: str, port: int, *numbers: int, **named: int) -> object:
        if host == "rebind.example":
            looked_up.append(host)
            host = "127.0.0.1" if len(looked_up) == 1 else "127.0.0.2"
        return real(host, port, *numbers, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")

    content = Fetcher(LIMITS).fetch(f"http://rebind.example:{server.server_port}/good/a")

    assert picture("/good/a") == content
    assert ["rebind.example"] == looked_up


def test_one_private_address_among_several(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with a public and a private address is not asked at all."""
    found = [(0, 0, 0, "", (address, 80)) for address in ("9.9.9.9", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    with pytest.raises(FetchError, match="not public"):
        Fetcher(LIMITS).fetch("http://two.example/a.jpg")


def test_nobody_listens(fetcher: Fetcher) -> None:
    """A port where nobody listens and a name that there is not are the host's fault."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(FetchError, match="takes no connection") as caught:
            fetcher.fetch(f"http://127.0.0.1:{port}/a.jpg")

    assert caught.value.is_host
    with pytest.raises(FetchError, match="has a host that is not found"):
        fetcher.fetch("http://nowhere.invalid/a.jpg")


def test_certificate_is_asked_for(server: PictureServer, fetcher: Fetcher) -> None:
    """A server without TLS behind https is refused."""
    with pytest.raises(FetchError, match="certificate"):
        fetcher.fetch(f"https://127.0.0.1:{server.server_port}/good/a")


PRIVATE = (
    "127.0.0.1 10.0.0.1 172.16.0.1 192.168.1.1 0.0.0.0 169.254.169.254 100.100.100.200 "
    "168.63.129.16 192.0.0.192 224.0.0.1 255.255.255.255 240.0.0.1 198.18.0.1 203.0.113.1 ::1 :: "
    "::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1:: 2001::1 fe80::1%eth0 "
    "fec0::1 fd00:ec2::254 ff02::1 2001:db8::1 nonsense"
)


@pytest.mark.parametrize("address", PRIVATE.split())
def test_private_addresses(address: str) -> None:
    """Addresses of machines, networks, clouds and documents are not public."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["9.9.9.9", "1.1.1.1", "2620:fe::fe", "64:ff9b::909:909"])
def test_public_addresses(address: str) -> None:
    """Addresses that anyone can reach are public, also IPv4 through a network of IPv6 alone."""
    assert is_public(address)
