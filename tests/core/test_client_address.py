"""Who is calling, believed only as far as our own proxies vouch for it."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from apps.core.client_address import address_block, client_address, is_from

INNER, OUTER, CLIENT, LIE = "10.0.0.1", "10.0.0.2", "203.0.113.7", "198.51.100.9"


def request(remote: str, forwarded: str = ""):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)


@pytest.mark.parametrize(
    ("trusted", "remote", "forwarded", "expected"),
    [
        ([], CLIENT, "", CLIENT),
        ([], CLIENT, LIE, CLIENT),  # nobody is trusted: the header is the client's own
        (["10.0.0.0/8"], CLIENT, LIE, CLIENT),  # came past the proxy
        (["10.0.0.0/8"], INNER, CLIENT, CLIENT),
        (["10.0.0.0/8"], INNER, f"{LIE}, {CLIENT}", CLIENT),  # only what our proxy added
        (["10.0.0.0/8"], INNER, f"{LIE}, {CLIENT}, {OUTER}", CLIENT),  # two of ours
        (["10.0.0.1/32"], INNER, f"{CLIENT}, {OUTER}", OUTER),  # the other is not ours
        (["10.0.0.0/8"], INNER, "", INNER),
        (["10.0.0.0/8"], INNER, "garbage", INNER),
        (["10.0.0.0/8"], INNER, f"{CLIENT}, garbage", INNER),
        (["10.0.0.0/8"], INNER, f"{CLIENT}:4711", INNER),
        (["10.0.0.0/8"], INNER, f"{OUTER}, {OUTER}", OUTER),  # all of them ours: the first
        (["10.0.0.0/8"], "::ffff:10.0.0.1", f"::ffff:{CLIENT}", CLIENT),
        (["2001:db8::/32"], "2001:db8::1", "2a00::7", "2a00::7"),
        (["10.0.0.0/8"], INNER, "fe80::1%eth0", "fe80::1"),
        ([], "", "", "0.0.0.0"),
        ([], "not an address", CLIENT, "0.0.0.0"),
    ],
)
def test_the_nearest_party_we_do_not_trust(trusted, remote, forwarded, expected, settings) -> None:
    settings.TRUSTED_PROXIES = trusted
    assert client_address(request(remote, forwarded)) == expected


@pytest.mark.parametrize(
    ("address", "block"),
    [
        (CLIENT, CLIENT),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", CLIENT),
    ],
)
def test_a_home_is_limited_as_one(address: str, block: str) -> None:
    assert address_block(request(address)) == block


def test_networks(settings) -> None:
    assert is_from(request("127.0.0.9"), ["127.0.0.0/8", "::1/128"])
    assert is_from(request("::1"), ["127.0.0.0/8", "::1/128"])
    assert not is_from(request(CLIENT), ["127.0.0.0/8", "::1/128"])
    assert not is_from(request(CLIENT, "127.0.0.1"), ["127.0.0.0/8"])
