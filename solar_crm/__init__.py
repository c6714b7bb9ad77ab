"""The project: settings, addresses and processes. The only package that may import every app."""

from solar_crm.celery import app as celery_app

__all__ = ["celery_app"]
