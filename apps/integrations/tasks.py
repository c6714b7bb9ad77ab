"""Celery tasks of the doors."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.integrations.imports.running import import_advance, imports_waiting


@shared_task(name="integrations.advance_import")
def advance_import(import_pk: int) -> None:
    """The next rows of a file; then again, behind whatever else waits in the queue."""
    if import_advance(import_pk):
        advance_import.apply_async([import_pk], retry=False)


@shared_task(name="integrations.resume_imports")
def resume_imports() -> None:
    """Go on with what a dead worker or a lost message left standing."""
    for import_pk in imports_waiting(timezone.now()):
        advance_import.apply_async([import_pk], retry=False)
