"""Who is calling: the client's address, believed only as far as our own proxies vouch for it."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Network = IPv4Network | IPv6Network


def client_address(request: HttpRequest) -> str:
    """The address of the nearest party that is not one of `TRUSTED_PROXIES`.

    `X-Forwarded-For` is read from the right and only while the speaker is trusted: what a client
    writes there itself is never believed. An unreadable address yields the last trusted one.
    """
    nearest = _readable(request.META.get("REMOTE_ADDR", "")) or "0.0.0.0"  # noqa: S104 (no address)
    proxies = _networks(tuple(settings.TRUSTED_PROXIES))
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    while forwarded and _lies_in(nearest, proxies):
        claimed = _readable(forwarded.pop())
        if claimed is None:
            break
        nearest = claimed
    return nearest


def address_block(request: HttpRequest) -> str:
    """What a client can be limited by: its address, or its network of 64 bits under IPv6, where
    every home has more addresses than anybody can count."""
    address = client_address(request)
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address


def is_from(request: HttpRequest, networks: list[str]) -> bool:
    """Whether the client's address lies in one of `networks` (CIDR notation)."""
    return _lies_in(client_address(request), _networks(tuple(networks)))


@lru_cache(maxsize=8)
def _networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(text, strict=False) for text in texts)


def _readable(text: str) -> str | None:
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        # A zone ("%eth0") means something on one machine only, and `inet` refuses it.
        address = address.ipv4_mapped or IPv6Address(int(address))
    return str(address)


def _lies_in(address: str, networks: tuple[Network, ...]) -> bool:
    return any(ip_address(address) in network for network in networks)
