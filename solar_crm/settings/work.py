"""Background work: Celery on Redis, and how long an outbox message may be in one worker's hands."""

from __future__ import annotations

from typing import Any

from apps.core.embedded.places import data_dir
from solar_crm.settings.environment import env, service_url
from solar_crm.settings.schedule import BEAT_SCHEDULE, QUEUES, TASK_ROUTES

CELERY_BROKER_URL = service_url("REDIS_URL")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 0.5,
    "socket_timeout": 2.0,  # a broker that hangs holds no request; above the 1 s of a poll
    "socket_keepalive": True,
    # One try: the library's own retries would hold a request for six seconds.
    "max_retries": 0,
}
# The sweeper sends again whatever is lost, so a request never waits for a broker.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_DEFAULT_QUEUE = "intake"
CELERY_TASK_ROUTES = TASK_ROUTES
WORK_QUEUES = QUEUES
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Without this Celery closes the database connection around every single task.
CELERY_DB_REUSE_MAX = 500
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(data_dir() / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
# Longer than any task may run: a slow handler is not begun a second time beside itself.
OUTBOX_LEASE_SECONDS = env.int("OUTBOX_LEASE_SECONDS", CELERY_TASK_TIME_LIMIT + 30)
