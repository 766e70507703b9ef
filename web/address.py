"""Where a request comes from: the peer's own address, or what a trusted proxy says of its client."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from flask import request

from web.access_rules import Network
from web.context import context


def peer() -> IPv4Address | IPv6Address | None:
    """The address at the other end of the connection; None for a local socket."""
    return _read(str(request.environ.get("REMOTE_ADDR") or ""))


def from_proxy() -> bool:
    """Whether the other end is one of the proxies that the settings name."""
    return _is_listed(peer(), context().access.proxy.networks)


def client_address() -> str:
    """The client's address as far as it can be known.

    Only trusted proxies are believed: of X-Forwarded-For the last address that is not a proxy itself.
    """
    networks, own = context().access.proxy.networks, peer()
    if not _is_listed(own, networks):
        return str(own or "")
    for text in reversed(request.headers.get("X-Forwarded-For", "").split(",")[-8:]):
        found = _read(text.strip())
        if found is None:
            break
        if not _is_listed(found, networks):
            return str(found)
    return str(own or "")


def _is_listed(address: IPv4Address | IPv6Address | None, networks: tuple[Network, ...]) -> bool:
    return address is not None and any(address in network for network in networks)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped or found
