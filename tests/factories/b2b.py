from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from apps.b2b.models import Platform, PlatformAccount, PlatformCap
from apps.contacts.actions import consent_record
from apps.contacts.contracts import ConsentDraft
from apps.leads.models import Lead
from tests.factories.leads import make_lead

_numbers = count(1)


def make_platform(slug: str = "", *, caps: dict[str, int] | None = None, **fields: Any) -> Platform:
    """An active buyer in New York that takes everything for 20 to 500 dollars."""
    slug = slug or f"buyer-{next(_numbers)}"
    wallet = fields.pop("wallet", None)
    platform = Platform.objects.create(
        **{
            "slug": slug,
            "name": slug.replace("-", " ").title(),
            "market_id": "nyc",
            "time_zone": "America/New_York",
            "tier": "standard",
            "status": "active",
            "price_floor": Decimal(20),
            "price_ceiling": Decimal(500),
            "endpoint": {"url": "http://127.0.0.1:9/accept/leads"},
        }
        | fields
    )
    PlatformAccount.objects.create(platform=platform)
    if wallet is not None:
        from apps.b2b.actions.booking import book

        Platform.objects.filter(pk=platform.pk).update(payment="prepaid")
        platform.refresh_from_db()
        book(platform, kind="payment", amount=-Decimal(wallet), key=f"top-up:{slug}",
             now=timezone.now())  # fmt: skip
    for period, limit in (caps or {}).items():
        PlatformCap.objects.create(platform=platform, period=period, limit=limit)
    return platform


def consent(lead: Lead, *channels: str, **fields: Any) -> None:
    """The person of a lead agreed to be contacted."""
    draft = ConsentDraft(wording="I agree.", version="1", channels=channels or ("call", "email"),
                         **fields)  # fmt: skip
    consent_record(contact_pk=lead.contact_id, consent=draft, inbound_event=None,
                   now=lead.created_at)  # fmt: skip


def make_sellable(**fields: Any) -> Lead:
    """A lead with a consent, that buyers take."""
    fields.setdefault("score", 85)
    lead = make_lead(**fields)
    Lead.objects.filter(pk=lead.pk).update(tier="premium")
    consent(lead)
    return Lead.objects.get(pk=lead.pk)
