"""Demo data: six people who work here, a vendor, and three dozen requests that came in.

Leads are not made up row by row: each request goes in by a door's payload and down the journey,
so what the demo shows is what the product does. Everything is flagged `is_sample`.
"""

from __future__ import annotations

import hashlib
import json
import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.contacts.models import Contact
from apps.core import outbox
from apps.core.models import OutboxMessage
from apps.intake.actions import RECORDED, event_record, source_issue_key
from apps.intake.choices import Provenance, SourceKind
from apps.intake.contracts import Arrival
from apps.intake.models import InboundEvent, LeadSource
from apps.intake.selectors import forget_sources
from apps.integrations.models import CalculatorData, ChatbotInteraction, EmailLog
from apps.leads.choices import Strategy
from apps.leads.models import AssignmentPool, Lead, LeadActivity, PoolMember
from apps.leads.selectors import lead_of_event
from apps.pipeline.demo_requests import demo_requests
from apps.pipeline.models import Journey
from apps.solar.models import Market
from apps.users.actions import user_apply_role
from apps.users.models import Role, User

PASSWORD = "solar-demo"  # noqa: S105 (printed by `make run`, and refused in production)
_VENDOR = "demo-vendor"
_PEOPLE = (
    ("admin", "Ada", "Okafor", Role.ADMIN, "Office"),
    ("manager", "Manuel", "Ortiz", Role.MANAGER, "Sales"),
    ("sales", "Sana", "Mehta", Role.SALES, "Sales"),
    ("sales2", "Sol", "Greenberg", Role.SALES, "Sales"),
    ("support", "Suki", "Tanaka", Role.SUPPORT, "Service"),
    ("technician", "Theo", "Brandt", Role.TECHNICIAN, "Service"),
    ("analyst", "Anaïs", "Laurent", Role.ANALYST, "Office"),
)


def demo_load() -> None:
    """Load what is missing of the demo. Repeatable: what is there stays as it is."""
    people = {name: _person(name, *facts) for name, *facts in _PEOPLE}
    _pools([people["sales"], people["sales2"]])
    _vendor()
    now, known = timezone.now(), set(_demo_events().values_list("repeat_key", flat=True))
    for number, (source, age, payload) in enumerate(demo_requests(random.Random(2026))):  # noqa: S311 (a fixed seed, for the same demo everywhere)
        key = f"{_key_prefix()}{number}"
        if f"key:{key}" not in known:
            _send(source, payload, key=key, at=now - age)


def demo_keys() -> dict[str, str]:
    """The keys that go with the demo data, by what they open."""
    return {"vendor_key": _fixed_key("vendor")}


@transaction.atomic
def demo_remove() -> dict[str, int]:
    """Delete the demo. Returns how many rows of each kind went."""
    leads = Lead.objects.filter(is_sample=True)
    events = _demo_events()
    event_ids = list(events.values_list("public_id", flat=True))
    ours_alone = AssignmentPool.objects.filter(members__user__is_sample=True).exclude(
        members__user__is_sample=False
    )
    pools = list(ours_alone.values_list("pk", flat=True))
    removed = {}
    for what, rows in {
        "chats": ChatbotInteraction.objects.filter(inbound_event__in=event_ids),
        "calculations": CalculatorData.objects.filter(inbound_event__in=event_ids),
        "form mails": EmailLog.objects.filter(email_id__in=[str(one) for one in event_ids]),
        "outbox messages": OutboxMessage.objects.filter(
            payload__event__in=[str(one) for one in event_ids]
        ),
        "journeys": Journey.objects.filter(event__in=events),
        "leads": leads,
        "contacts": Contact.objects.filter(is_sample=True),
        "events": events,
        "sources": LeadSource.objects.filter(slug=_VENDOR, events=None),
        "pools": AssignmentPool.objects.filter(pk__in=pools),
        "people": User.objects.filter(is_sample=True),
    }.items():
        removed[what] = rows.delete()[0]
    forget_sources()
    return removed


def _person(username: str, first: str, last: str, role: str, department: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User(
            username=username,
            email=f"{username}@aurum-solar.example",
            first_name=first,
            last_name=last,
            role=role,
            department=department,
            is_sample=True,
        )
        user_apply_role(user)
        user.set_password(PASSWORD)
        user.save()
    return user


def _pools(sellers: list[User]) -> None:
    for market in Market.objects.all():
        pool, _ = AssignmentPool.objects.get_or_create(
            market=market,
            defaults={"name": f"{market.name} sales", "strategy": Strategy.ROUND_ROBIN},
        )
        if not pool.members.exists():
            PoolMember.objects.bulk_create(PoolMember(pool=pool, user=user) for user in sellers)


def _vendor() -> None:
    source, _ = LeadSource.objects.get_or_create(
        slug=_VENDOR,
        defaults={
            "name": "Demo vendor",
            "kind": SourceKind.VENDOR,
            "provenance": Provenance.THIRD_PARTY,
            "description": "A vendor whose key `manage.py demo_keys` prints",
        },
    )
    source_issue_key(source, key=_fixed_key("vendor"))


def _key_prefix() -> str:
    """No visitor's idempotency key begins so: removing the demo removes nothing of theirs."""
    return f"demo-{_fixed_key('requests')[-12:]}-"


def _demo_events() -> QuerySet[InboundEvent]:
    return InboundEvent.objects.filter(repeat_key__startswith=f"key:{_key_prefix()}")


def _fixed_key(purpose: str) -> str:
    """The same on every start of this installation, and nobody's guess outside it."""
    text = f"demo:{purpose}:{settings.SECRET_KEY}".encode()
    return "src_" + hashlib.sha256(text).hexdigest()[:40]


@transaction.atomic
def _send(source: str, payload: dict[str, Any], *, key: str, at: datetime) -> None:
    """Down the real road, at once, then moved to the time it is said to have happened."""
    recorded = event_record(
        Arrival(
            source=source,
            body=json.dumps(payload).encode(),
            payload=payload,
            idempotency_key=key,
            ip_address="203.0.113.7",
            user_agent="Demo",
            page_url=f"{settings.SITE_ADDRESS}/",
        ),
        now=at,
    )
    if recorded.is_repeat:
        return
    outbox.deliver_now(RECORDED, key=str(recorded.event_id))
    _move_in_time(recorded.event_id, at)


def _move_in_time(event_id: UUID, at: datetime) -> None:
    lead = lead_of_event(event_id)
    if lead is None:
        return
    for position, line in enumerate(lead.activities.order_by("id")):
        LeadActivity.objects.filter(pk=line.pk).update(
            created_at=at + timedelta(milliseconds=100 * position)
        )
    Lead.objects.filter(pk=lead.pk).update(created_at=at, updated_at=at, is_sample=True)
    Contact.objects.filter(pk=lead.contact_id).update(created_at=at, is_sample=True)
    Journey.objects.filter(event__public_id=event_id).update(created_at=at, updated_at=at)
