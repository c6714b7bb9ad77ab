from __future__ import annotations

import importlib

from django.apps import apps

from apps.intake.actions import source_issue_key
from apps.intake.models import LeadSource


def our_own_doors() -> None:
    """What the migration brings, again: a test that commits has emptied the table."""
    for name in ("0002_our_own_doors", "0005_the_mailbox"):
        importlib.import_module(f"apps.intake.migrations.{name}").create(apps, None)


def make_vendor(slug: str = "acme", **fields) -> tuple[LeadSource, str]:
    """A vendor's source, and its key."""
    source = LeadSource.objects.create(slug=slug, name=slug.title(), kind="vendor", **fields)
    return source, source_issue_key(source)


def mailbox_key() -> str:
    """A key that opens the e-mail door."""
    return source_issue_key(LeadSource.objects.get(slug="mailbox"))
