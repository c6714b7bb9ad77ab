"""Which queue a task goes to, and what happens by the clock."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

TASK_ROUTES: dict[str, Any] = {
    "core.purge": {"queue": "analytics"},
    "solar.*": {"queue": "analytics"},
    "pipeline.*": {"queue": "journey"},
}
BEAT_SCHEDULE: dict[str, Any] = {
    "relay-outbox": {"task": "core.relay_outbox", "schedule": 5.0, "options": {"expires": 5}},
    "resume-journeys": {
        "task": "pipeline.resume_journeys",
        "schedule": 5.0,
        "options": {"expires": 5, "queue": "journey"},
    },
    "prepare-yields": {"task": "solar.prepare_yields", "schedule": 60 * 60.0},
    "heartbeat": {"task": "core.heartbeat", "schedule": 10.0, "options": {"expires": 10}},
    # By the clock: an interval would begin again whenever beat loses its schedule file.
    "purge": {"task": "core.purge", "schedule": crontab(minute=15, hour="*/6")},
}
