"""Which queue a task goes to, and what happens by the clock."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

QUEUES = ("intake", "journey", "delivery", "voice", "analytics")
TASK_ROUTES: dict[str, Any] = {
    "core.backup": {"queue": "analytics"},
    "core.purge": {"queue": "analytics"},
    "leads.assign_waiting": {"queue": "journey"},
    "solar.*": {"queue": "analytics"},
    "notifications.*": {"queue": "delivery"},
    "leads.*": {"queue": "journey"},
    "pipeline.count_conversations": {"queue": "analytics"},
    "pipeline.*": {"queue": "journey"},
    "conversations.*": {"queue": "journey"},
    # It thinks for seconds: not in front of what buyers wait for.
    "b2b.plan_one_market": {"queue": "analytics"},
    "b2b.*": {"queue": "delivery"},
    # Files of leads wait behind what comes in by itself: not in the queue of the journeys.
    "integrations.*": {"queue": "analytics"},
    "leads.compare_unchecked": {"queue": "analytics"},
}
BEAT_SCHEDULE: dict[str, Any] = {
    "relay-outbox": {"task": "core.relay_outbox", "schedule": 5.0, "options": {"expires": 5}},
    "resume-journeys": {
        "task": "pipeline.resume_journeys",
        "schedule": 5.0,
        "options": {"expires": 5, "queue": "journey"},
    },
    "remind-of-surveys": {"task": "leads.remind_of_surveys", "schedule": 10 * 60.0},
    "answer-chats": {"task": "conversations.answer_missing", "schedule": 30.0},
    "hand-in-chats": {"task": "conversations.hand_in_idle", "schedule": 60.0},
    "count-conversations": {
        "task": "pipeline.count_conversations",
        "schedule": crontab(minute="*/30"),
    },
    "watch-road": {
        "task": "pipeline.watch_road",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "escalate-alerts": {
        "task": "notifications.escalate",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "hand-over-mail": {
        "task": "notifications.hand_over_mail",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "send-deliveries": {
        "task": "b2b.send_due_deliveries",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "learn-acceptance": {"task": "b2b.learn_acceptance", "schedule": crontab(minute=5)},
    "plan-capacity": {"task": "b2b.plan_capacity", "schedule": crontab(minute=7)},
    "check-buyers": {"task": "b2b.check_platforms", "schedule": crontab(minute="13-59/15")},
    "watch-exchange": {"task": "b2b.watch_exchange", "schedule": crontab(minute="*/15")},
    "resume-imports": {
        "task": "integrations.resume_imports",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "assign-waiting-leads": {
        "task": "leads.assign_waiting",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "prepare-yields": {"task": "solar.prepare_yields", "schedule": 60 * 60.0},
    "watch-first-responses": {
        "task": "leads.watch_first_responses",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "prepare-office": {"task": "leads.prepare_office", "schedule": crontab(minute=5, hour=3)},
    "compare-unchecked": {"task": "leads.compare_unchecked", "schedule": 5 * 60.0},
    "take-steps": {
        "task": "leads.take_steps",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "heartbeat": {"task": "core.heartbeat", "schedule": 10.0, "options": {"expires": 10}},
    # By the clock: an interval would begin again whenever beat loses its schedule file.
    "backup": {"task": "core.backup", "schedule": crontab(minute=30, hour=2)},
    "purge": {"task": "core.purge", "schedule": crontab(minute=15, hour="*/6")},
}
