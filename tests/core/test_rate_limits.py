"""Limits hold, say when to come back, and stand open while Redis is away."""

from __future__ import annotations

import pytest
import time_machine
from django.core.cache import cache
from django.test import RequestFactory

from apps.core.errors import RateLimited
from apps.core.rate_limits import count_failure, limit_by_address, refuse_after_failures

DEAD_REDIS = {
    "default": {
        "BACKEND": "apps.core.cache.ForgivingRedisCache",
        "LOCATION": "redis://127.0.0.1:9/1",
        "OPTIONS": {"socket_connect_timeout": 0.2},
    }
}


@pytest.fixture
def dead_redis(settings) -> None:
    settings.CACHES = DEAD_REDIS


@pytest.fixture
def limits(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {
        "public": "2/m", "webhook": "2/h", "staff": "3/m", "login": "2/m",
    }  # fmt: skip


def call(address: str = "203.0.113.7") -> None:
    limit_by_address(RequestFactory().get("/", REMOTE_ADDR=address), "public")


def test_past_the_limit_an_address_is_refused(limits) -> None:
    call()
    call()
    with pytest.raises(RateLimited) as refusal:
        call()
    assert 1 <= refusal.value.retry_after <= 61
    call("203.0.113.8")  # another address is another matter


def test_the_limit_is_over_when_its_window_is(limits) -> None:
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        call()
        call()
        with pytest.raises(RateLimited) as refusal:
            call()
        clock.shift(refusal.value.retry_after + 1)
        call()


def test_a_home_with_ipv6_is_one_caller(limits) -> None:
    call("2001:db8:1:2::1")
    call("2001:db8:1:2::2")
    with pytest.raises(RateLimited):
        call("2001:db8:1:2::3")


def test_off_is_off() -> None:
    for _ in range(50):
        call()


def test_without_redis_nobody_is_limited(limits, dead_redis) -> None:
    for _ in range(5):
        call()
    request = RequestFactory().get("/")
    count_failure(request, "login", "a")
    count_failure(request, "login", "a")
    refuse_after_failures(request, "login", "a")


def test_only_failures_count(limits) -> None:
    request = RequestFactory().get("/")
    for _ in range(10):
        refuse_after_failures(request, "login", "a", "b")
    count_failure(request, "login", "a")
    refuse_after_failures(request, "login", "a", "b")
    count_failure(request, "login", "a")
    with pytest.raises(RateLimited, match="failed attempts"):
        refuse_after_failures(request, "login", "b", "a")
    refuse_after_failures(request, "login", "b")


def test_the_api_answers_429_with_an_envelope(limits, db, api, settings) -> None:
    url = "/api/integrations/events/019ab0a0-0000-7000-8000-000000000000/"
    assert [api.get(url).status_code for _ in range(3)] == [404, 404, 429]
    refused = api.get(url)
    assert refused.json()["error"]["code"] == "RATE_LIMITED"
    assert int(refused["Retry-After"]) >= 1


def test_the_v1_address_shares_the_limit(limits, db, api) -> None:
    tail = "integrations/events/019ab0a0-0000-7000-8000-000000000000/"
    statuses = [api.get(f"/api/{root}{tail}").status_code for root in ("", "v1/", "", "v1/")]
    assert statuses == [404, 404, 429, 429]


def test_staff_are_limited_by_person_and_not_by_address(limits, sam, sue, api_as) -> None:
    url = "/api/auth/user/"
    assert [api_as(sam).get(url).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert api_as(sue).get(url).status_code == 200


def test_a_cache_that_is_away_is_an_empty_cache(dead_redis, caplog) -> None:
    cache.set("a", 1)
    cache.set_many({"a": 1})
    cache.delete("a")
    cache.delete_many(["a"])
    cache.clear()
    assert cache.get("a") is None
    assert cache.get("a", "otherwise") == "otherwise"
    assert cache.get_many(["a"]) == {}
    assert cache.get_or_set("a", lambda: 7) == 7
    assert not cache.add("a", 1)
    assert not cache.touch("a")
    assert not cache.has_key("a")
    assert "a" not in cache
    with pytest.raises(ValueError, match="not available"):
        cache.incr("a")
    assert {record.message for record in caplog.records} == {"cache.unavailable"}
