from __future__ import annotations

import importlib

from django.apps import apps

from apps.intake.actions import source_issue_key
from apps.intake.models import LeadSource


def our_own_doors() -> None:
    """What the migration brings, again: a test that commits has emptied the table."""
    migration = importlib.import_module("apps.intake.migrations.0002_our_own_doors")
    migration.create(apps, None)


def make_vendor(slug: str = "acme", **fields) -> tuple[LeadSource, str]:
    """A vendor's source, and its key."""
    source = LeadSource.objects.create(slug=slug, name=slug.title(), kind="vendor", **fields)
    return source, source_issue_key(source)
