"""VGG lists: which addresses of the network may be asked; the machine's own surroundings may not.

A name is looked up once, all that it stands for is checked, and the connection is made to what was
checked. A name server that answers differently the second time therefore gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

# Beyond what `ipaddress` knows: addresses by which clouds tell a machine its secrets, ranges that
# Pythons before 3.11.10 and 3.12.4 call global, and the two ways of putting IPv4 into IPv6 that
# nobody serves pictures by.
CLOSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",
        "192.0.0.0/24",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
    )
)
# RFC 6052: networks without IPv4 reach it by these, the last four bytes being the address.
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressError(Exception):
    """A host may not be asked or cannot be found; the text goes on from the address."""


class NoSuchHostError(AddressError):
    """A host cannot be found."""


def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """Return the numeric addresses of a host, in the order in which to try them.

    Raises `AddressError` unless all of them are public or `allow_private`.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoSuchHostError("has a host that is not found") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise NoSuchHostError("has a host that is not found")
    if not allow_private and not all(is_public(address) for address in addresses):
        raise AddressError("leads to an address that is not public (--allow-private)")
    return addresses


def is_public(text: str) -> bool:
    """Return whether a numeric address is one of the public network.

    >>> is_public("169.254.169.254"), is_public("::ffff:127.0.0.1"), is_public("9.9.9.9")
    (False, False, True)
    """
    try:
        address = _inner(ipaddress.ip_address(text))
    except ValueError:
        return False
    closed = (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or getattr(address, "is_site_local", False)
        or any(address in network for network in CLOSED)
    )
    return address.is_global and not closed


def _inner(address: Address) -> Address:
    """Return the IPv4 address that is written as an IPv6 one, else the address itself."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
