"""What an estimate costs in server time: where the yield is known, and where the model has to run.

Counted in this process, as `cost.py` does. The first estimate of a process whose yield nobody has
computed yet also imports pvlib: that one is named by itself, and `yields_prepare` is there so that
few processes ever meet it.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from django.test import Client

_ROUNDS = 40
_COLD_ROUNDS = 8
WARM_MS, COLD_MS = 20.0, 300.0


@dataclass(frozen=True)
class EstimateCost:
    """Milliseconds; `cpu_ms` is what of the median this process computed itself: on a busy machine
    it tells more than the clock."""

    median_ms: float
    cpu_ms: float
    most_ms: float
    target_ms: float


def estimate_costs() -> dict[str, EstimateCost]:
    """Warm: another bill each time, so each is a run of its own. Cold: a roof not asked about."""
    client = Client()
    _milliseconds(client, monthly_bill=100)  # warm up
    _milliseconds(client, tilt=1.5)  # pvlib is imported
    warm = [_milliseconds(client, monthly_bill=120 + n) for n in range(_ROUNDS)]
    cold = [_milliseconds(client, tilt=10.5 + n) for n in range(_COLD_ROUNDS)]
    return {"warm": _cost(warm, WARM_MS), "cold": _cost(cold, COLD_MS)}


def web_start_is_free_of_pvlib() -> bool:
    """Whether a web process has answered a page and the schema without importing the model."""
    code = (
        "import django, sys; django.setup()\n"
        "from solar_crm.wsgi import application\n"
        "from django.test import Client\n"
        "Client().get('/'); Client().get('/api/solar/incentives/')\n"
        "sys.exit(any(name in sys.modules for name in ('pvlib', 'pandas', 'scipy')))"
    )
    return subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _milliseconds(client: Client, **changed: Any) -> tuple[float, float]:
    """By the clock, and of our own processor time."""
    body = {
        "market": "nyc",
        "postal_code": "11215",
        "monthly_bill": 220,
        "property_type": "single_family",
        "homeowner": True,
    } | changed
    began, computed = time.perf_counter(), time.process_time()
    response = client.post("/api/solar/estimate/", json.dumps(body), "application/json")
    took = (time.perf_counter() - began) * 1000, (time.process_time() - computed) * 1000
    if response.status_code != 200:
        raise RuntimeError(f"The estimate failed: {response.content[:300]!r}")
    return took


def _cost(times: list[tuple[float, float]], target: float) -> EstimateCost:
    clock, computed = zip(*times, strict=True)
    return EstimateCost(
        median_ms=round(statistics.median(clock), 1),
        cpu_ms=round(statistics.median(computed), 1),
        most_ms=round(max(clock), 1),
        target_ms=target,
    )
