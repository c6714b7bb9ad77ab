"""How long lists, searches, filters and the board take when there are very many leads.

Each case is asked in this process through all middlewares, a little different every time, so that
neither the socket nor a warm page is measured. The promise is on the 95th percentile.
"""

from __future__ import annotations

import itertools
import os
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.test import Client
from rest_framework.test import APIClient

from apps.solar.models import Territory
from apps.users.models import User
from benchmarks.crowd import crowd

LEADS = int(os.environ.get("BENCH_LEADS", "200000"))
TIMES = int(os.environ.get("BENCH_TIMES", "40"))
PROMISED_P95_MS = 200
_API, _LIST = "/api/leads/", "/admin/leads/lead/"
_WARM_UP = 3

Ask = Callable[[str], Any]


def lists_measure() -> dict[str, Any]:
    """Fill an empty database, then time every case. Milliseconds."""
    began = time.perf_counter()
    manager, seller = crowd(LEADS)
    filled = time.perf_counter() - began
    cases = {name: _times(ask, paths) for name, ask, paths in _cases(manager, seller)}
    return {"leads": LEADS, "fill_seconds": round(filled, 1), "cases": cases}


def lists_print(results: dict[str, Any]) -> None:
    print(f"\n{results['leads']:,} leads, {TIMES} requests a case\n")
    print(f"{'':<44}{'p50 ms':>10}{'p95 ms':>10}")
    for name, case in results["cases"].items():
        late = "" if case["p95_ms"] < PROMISED_P95_MS else "  over the promise"
        print(f"{name:<44}{case['p50_ms']:>10.0f}{case['p95_ms']:>10.0f}{late}")


def _cases(manager: User, seller: User) -> Iterator[tuple[str, Ask, Iterator[str]]]:
    """Name, who asks, and the addresses."""
    api, page, own = _api(manager), _admin(manager), _admin(seller)
    places = list(Territory.objects.filter(market="nyc").values_list("code", flat=True))
    names = ("Castillo", "Mehta", "Zhang", "Okafor", "Petrova")
    for name, ask, paths in (
        ("API: newest", api, [f"{_API}?page={n}" for n in range(1, 9)]),
        ("API: the last page that is counted", api, [f"{_API}?page_size=100&page=100"]),
        ("API: status and tier", api, [f"{_API}?status={s}&tier=premium" for s in ("new", "lost")]),
        ("API: territory", api, [f"{_API}?market=nyc&territory={p}" for p in places]),
        ("API: one person's open ones", api, [
            f"{_API}?assigned_to={seller.public_id}&status={s}" for s in ("new", "qualified")]),
        ("API: created between", api, [
            f"{_API}?created_from=2026-0{m}-01T00:00:00Z&created_to=2026-0{m}-15T00:00:00Z"
            for m in range(1, 9)]),
        ("API: best score first", api, [f"{_API}?ordering=-score&page={n}" for n in range(1, 9)]),
        ("API: highest bill first", api, [f"{_API}?ordering=-monthly_bill&tier={t}"
                                          for t in ("premium", "basic")]),
        ("API: search, one word", api, [f"{_API}?search={n}" for n in names]),
        ("API: search, beginnings of two words", api, [f"{_API}?search=an {n[:4]}" for n in names]),
        ("API: search, rare", api, [f"{_API}?search=nobody{n}" for n in range(8)]),
        ("API: search, e-mail", api, [f"{_API}?search=lead{n}@example.com" for n in range(9)]),
        ("API: search, phone", api, [f"{_API}?search=212-200-{n:04}" for n in range(1000, 1009)]),
        ("API: search in a filter", api, [f"{_API}?search={n}&status=proposal" for n in names]),
        ("Admin: newest, with tabs and counts", page, [f"{_LIST}?view=all&p={n}"
                                                       for n in range(1, 9)]),
        ("Admin: a seller's", own, [f"{_LIST}?view=all&p={n}" for n in range(1, 5)]),
        ("Admin: status and tier", page, [f"{_LIST}?status__in={s}&tier__in=premium"
                                          for s in ("new", "lost")]),
        ("Admin: search, one word", page, [f"{_LIST}?q={n}" for n in names]),
        ("Admin: search, phone", page, [f"{_LIST}?q=212-200-{n:04}" for n in range(1000, 1009)]),
        ("Admin: highest bill first", page, [f"{_LIST}?view=all&o=-6"]),
        ("Admin: the last page that is counted", page, [f"{_LIST}?view=all&p=200"]),
        ("Board: everybody's", page, [f"{_LIST}board/"]),
        ("Board: a seller's", own, [f"{_LIST}board/?assigned=me"]),
        ("Board: more of a column", page, [f"{_LIST}board/cards/?column=contacted&before={n}"
                                           for n in range(50_000, 50_009)]),
    ):  # fmt: skip
        yield name, ask, itertools.cycle(paths)


def _times(ask: Ask, paths: Iterator[str]) -> dict[str, float]:
    for _ in range(_WARM_UP):
        ask(next(paths))
    took = []
    for _ in range(TIMES):
        path = next(paths)
        began = time.perf_counter()
        ask(path)
        took.append((time.perf_counter() - began) * 1000)
    slow = statistics.quantiles(took, n=20)[-1]
    return {"p50_ms": round(statistics.median(took), 1), "p95_ms": round(slow, 1)}


def _api(user: User) -> Ask:
    client = APIClient()
    client.force_authenticate(user)
    return lambda path: _answered(client.get(path), path)


def _admin(user: User) -> Ask:
    client = Client()
    client.force_login(user)
    return lambda path: _answered(client.get(path), path)


def _answered(response: Any, path: str) -> None:
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}.")
