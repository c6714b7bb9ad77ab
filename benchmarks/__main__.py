"""`make bench`: the door against its floor, and what a request and a journey cost.

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
from benchmarks.load import Load, run_load

ROUNDS = 3
SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
CONNECTIONS = (16, 64)
_TARGETS = {"floor": "/floor/", "door": "/api/integrations/webhooks/emailjs/"}
_numbers = itertools.count()


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="solar-crm-bench-") as name, Supervisor() as supervisor:
        folder = Path(name)
        folder.chmod(0o755)
        address = _start(supervisor, folder)
        results = {"door": _measure(address), "cost": _costs()}
    _print(results)
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
    supervisor.add(postgres.child)
    supervisor.add(redis.child)
    os.environ |= {
        "DATABASE_URL": postgres.url,
        "REDIS_URL": redis.url,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("prepare", verbosity=0)
    port = free_port()
    web = start_child(
        "web",
        [
            Path(sys.executable).parent / "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--workers",
            "2",
            "--blocking-threads",
            "4",
            "--no-ws",
            "--workers-kill-timeout",
            "5",
            "solar_crm.wsgi:application",
        ],
        log=folder / "web.log",
        environment=dict(os.environ),
        cwd=PROJECT_DIR,
    )
    supervisor.add(web)
    address = f"http://127.0.0.1:{port}"
    wait_until(lambda: _answers(f"{address}/health/"), child=web, seconds=60)
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


if __name__ == "__main__":
    sys.exit(main())
