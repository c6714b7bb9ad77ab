"""The Celery application: background work of all rooms, with the settings of `settings.base`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "solar_crm.settings.development")

app = Celery("solar_crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
