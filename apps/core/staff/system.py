"""The page "System": is everything well, how busy is it, what failed, and what to do about it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from apps.core.failures import failure_kinds, failures_recent
from apps.core.health import Verdict, overall, run_checks
from apps.core.load import load_now
from apps.core.metrics import NO_ROUTE
from apps.core.models import BackupRun

REFRESH_SECONDS = 30
_MOST_FAILURES = 50
_MOST_ROUTES = 8
_WORDS = {
    Verdict.OK: ("good", "All well", "Everything that has to run is running."),
    Verdict.DEGRADED: ("warn", "Work waits", "Doors are open and nothing is lost, but it is late."),
    Verdict.DOWN: ("bad", "Down", "Nothing can be taken in: act at once."),
}
_TONES = {Verdict.OK: "good", Verdict.DEGRADED: "warn", Verdict.DOWN: "bad"}


def system_page(request: HttpRequest) -> dict[str, Any]:
    """What the page shows."""
    results = run_checks()
    kind = request.GET.get("kind", "")
    kind = kind if kind in failure_kinds() else ""
    failures = failures_recent(kind=kind)
    load = load_now()
    return {
        "verdict": _WORDS[overall(results)],
        "checks": [(result, _TONES[result.verdict]) for result in results],
        "load": load,
        "routes": [route for route in load.routes if route.route != NO_ROUTE][:_MOST_ROUTES],
        "gauges": [
            (name.replace("_", " "), label, value)
            for name, values in sorted(load.gauges.items())
            for label, value in sorted(values.items())
        ],
        "failures": failures[:_MOST_FAILURES],
        "failure_count": len(failures),
        "kinds": failure_kinds(),
        "kind": kind,
        "backup": BackupRun.objects.order_by("-started_at").first(),
        "backup_folder": settings.BACKUP_DIR,
        "refresh": REFRESH_SECONDS,
    }
