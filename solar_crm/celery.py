"""The Celery application: background work of all rooms, with the settings of `settings.base`."""

import os
from typing import Any

from celery import Celery
from celery.signals import task_failure, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "solar_crm.settings.development")

app = Celery("solar_crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def _say_hello(**_: Any) -> None:
    """Heard of from the start: the first heartbeat of the schedule comes ten seconds later."""
    from apps.core.health import beat_heart  # noqa: PLC0415 (needs the settings)

    beat_heart()


@task_failure.connect
def _keep_failure(
    sender: Any = None, task_id: str = "", exception: BaseException | None = None, **_: Any
) -> None:
    """A task that will not be tried again is shown to staff."""
    from apps.core.failures import failure_record  # noqa: PLC0415 (needs the settings)

    failure_record("task", getattr(sender, "name", ""), exception, reference=task_id)
