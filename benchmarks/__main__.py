"""`make bench`: the door against its floor, and what a request, a journey and an estimate cost.

The floor is a view that inserts one row, behind the same middlewares, in the same server, measured
in turn with the door so that both meet the same weather.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from apps.core.embedded.places import PROJECT_DIR, data_dir
from apps.core.embedded.postgres import start_postgres
from apps.core.embedded.processes import free_port, start_child, wait_until
from apps.core.embedded.redis_server import start_redis
from apps.core.embedded.supervisor import Supervisor
from benchmarks.chat import chat_measure, chat_print
from benchmarks.load import Load, run_load
from benchmarks.routing import routing_rate

ROUNDS = 3
SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
CONNECTIONS = (16, 64)
_TARGETS = {"floor": "/floor/", "door": "/api/integrations/webhooks/emailjs/"}
_WEB_SERVER = (
    *("--interface", "wsgi", "--blocking-threads", "4", "--no-ws"),
    "solar_crm.wsgi:application",
)
_CHAT_SERVER = ("--interface", "asginl", "--backlog", "1024", "solar_crm.one_port:application")
_CHAT_PARTS = ("chat", "postgres", "redis")
_numbers = itertools.count()
_pids: dict[str, int] = {}  # of the parts that run, by name


def main() -> int:
    """All of it, or one part alone: `python -m benchmarks lists`, `python -m benchmarks chat`."""
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    with tempfile.TemporaryDirectory(prefix="solar-crm-bench-") as name, Supervisor() as supervisor:
        folder = Path(name)
        folder.chmod(0o755)
        address = _start(supervisor, folder)
        results: dict[str, Any] = {}
        if not only:
            results = {
                "door": _measure(address),
                "cost": _costs(),
                "estimate": _estimates(),
                "routing": routing_rate(),
            }
        if only in {"", "chat"}:
            chat = _serve(supervisor, folder, "chat", _CHAT_SERVER)
            results["chat"] = chat_measure(chat, {name: _pids[name] for name in _CHAT_PARTS})
        if only in {"", "lists"}:
            from benchmarks.lists import lists_measure, lists_print

            results["lists"] = lists_measure()
    if not only:
        _print(results)
    if "chat" in results:
        chat_print(results["chat"])
    if "lists" in results:
        lists_print(results["lists"])
    file = data_dir() / "bench" / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(results, indent=2))
    print(f"\nWritten to {file}")
    return 0


def payload() -> dict[str, Any]:
    """A form as the site sends it; somebody new each time."""
    number = next(_numbers)
    return {
        "form_type": "quote_request",
        "service_type": "",
        "contact_info": {
            "name": "Ana Rivera",
            "email": f"ana{number}-{os.getpid()}@example.com",
            "phone": f"+1212{5_550_000 + number % 9_999:07}",
        },
        "form_data": {
            "postal_code": "10021",
            "monthly_bill": "400",
            "property_type": "co_op",
            "homeowner": "yes",
            "timeline": "immediate",
            "message": "x" * 400,
        },
        "timestamp": "2026-11-21T12:00:00Z",
        "source": "website_form",
        "idempotency_key": f"bench-{os.getpid()}-{number}",
    }


def _start(supervisor: Supervisor, folder: Path) -> str:
    postgres, redis = start_postgres(folder), start_redis(folder)
    for name, child in (("postgres", postgres.child), ("redis", redis.child)):
        supervisor.add(child)
        _pids[name] = child.process.pid
    os.environ |= {
        "DATABASE_URL": postgres.url,
        "REDIS_URL": redis.url,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("prepare", verbosity=0)
    return _serve(supervisor, folder, "web", _WEB_SERVER)


def _serve(supervisor: Supervisor, folder: Path, name: str, server: tuple[str, ...]) -> str:
    """Start a web server; its address, once it answers."""
    port = free_port()
    child = start_child(
        name,
        [
            Path(sys.executable).parent / "granian",
            *("--host", "127.0.0.1", "--port", str(port), "--workers", "2"),
            *("--workers-kill-timeout", "5"),
            *server,
        ],
        log=folder / f"{name}.log",
        environment=dict(os.environ),
        cwd=PROJECT_DIR,
    )
    supervisor.add(child)
    _pids[name] = child.process.pid
    address = f"http://127.0.0.1:{port}"
    wait_until(lambda: _answers(f"{address}/health/"), child=child, seconds=60)
    return address


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _body() -> bytes:
    return json.dumps(payload()).encode()


def _measure(address: str) -> dict[str, dict[str, Any]]:
    """Median of ROUNDS interleaved rounds, for each target and number of connections."""
    runs: dict[str, list[Load]] = {}
    for target in _TARGETS.values():
        run_load(address + target, connections=8, seconds=1, body=_body)  # warm up
    for _ in range(ROUNDS):
        for connections in CONNECTIONS:
            for name, target in _TARGETS.items():
                load = run_load(
                    address + target, connections=connections, seconds=SECONDS, body=_body
                )
                runs.setdefault(f"{name} {connections}", []).append(load)
                time.sleep(0.2)
    return {name: _median(loads) for name, loads in runs.items()}


def _median(loads: list[Load]) -> dict[str, Any]:
    middle = {
        name: statistics.median(getattr(load, name) for load in loads)
        for name in ("per_second", "p50_ms", "p99_ms")
    }
    return middle | {"errors": sum(load.errors for load in loads), "rounds": len(loads)}


def _costs() -> dict[str, Any]:
    from benchmarks.cost import door_cost, journey_cost

    door_cost(payload())  # warm up
    door, event_id = door_cost(payload())
    return {"request": asdict(door), "journey": asdict(journey_cost(event_id))}


def _estimates() -> dict[str, Any]:
    from benchmarks.estimates import estimate_costs, web_start_is_free_of_pvlib

    costs = {name: asdict(cost) for name, cost in estimate_costs().items()}
    return costs | {"web_starts_without_pvlib": web_start_is_free_of_pvlib()}


def _print(results: dict[str, Any]) -> None:
    door = results["door"]
    print(f"\n{'':<12}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'errors':>8}")
    for name, row in door.items():
        print(
            f"{name:<12}{row['per_second']:>12,.0f}{row['p50_ms']:>10.1f}{row['p99_ms']:>10.1f}"
            f"{row['errors']:>8}"
        )
    for connections in CONNECTIONS:
        mine, floor = (door[f"{name} {connections}"]["per_second"] for name in ("door", "floor"))
        print(f"door / floor at {connections} connections: {mine / floor:.0%}")
    print(f"\n{'':<12}{'statements':>12}{'commits':>10}{'ms':>10}")
    for name, cost in results["cost"].items():
        print(
            f"{name:<12}{cost['statements']:>12}{cost['commits']:>10}{cost['milliseconds']:>10.1f}"
        )
    print(f"\n{'estimate':<12}{'median ms':>12}{'cpu ms':>10}{'most ms':>10}{'target':>10}")
    for name in ("warm", "cold"):
        cost = results["estimate"][name]
        print(
            f"{name:<12}{cost['median_ms']:>12.1f}{cost['cpu_ms']:>10.1f}{cost['most_ms']:>10.1f}"
            f"{cost['target_ms']:>10.0f}"
        )
    free = results["estimate"]["web_starts_without_pvlib"]
    print(f"a web process starts {'without' if free else 'WITH'} pvlib")
    routing = results["routing"]
    print(
        f"\nrouting, {routing['buyers']} buyers, {routing['eligible']:.0%} of them eligible:"
        f" {routing['leads_per_second']:,.0f} leads/s on one core, trace included"
    )


if __name__ == "__main__":
    sys.exit(main())
