"""Demo data: six people who work here, a vendor, buyers, and some forty requests that came in.

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
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.contacts.models import Contact
from apps.core import outbox
from apps.core.keys import key_digest
from apps.core.models import OutboxMessage
from apps.intake.actions import RECORDED, event_record, source_issue_key
from apps.intake.choices import Provenance, SourceKind
from apps.intake.contracts import Arrival
from apps.intake.models import InboundEvent, LeadSource, SourceKey
from apps.intake.selectors import forget_sources
from apps.integrations.models import CalculatorData, ChatbotInteraction, EmailLog
from apps.leads.choices import ActivityKind, RuleSetState, Strategy, Tier
from apps.leads.models import (
    AssignmentPool,
    AssignmentRule,
    Availability,
    Lead,
    LeadActivity,
    PoolMember,
    RuleSet,
)
from apps.leads.selectors import lead_of_event
from apps.leads.telling import lead_tell_owner, page_path
from apps.notifications.actions.reading import news_forget
from apps.notifications.choices import Mail
from apps.notifications.models import Notification
from apps.pipeline.demo_buyers import (
    FEEDBACK_BUYER,
    demo_buyers_load,
    demo_delivery_ids,
    demo_plans,
    demo_sales_rows,
)
from apps.pipeline.demo_mail import MAILBOX, demo_mail, demo_mail_traces
from apps.pipeline.demo_requests import demo_requests
from apps.pipeline.demo_talks import demo_talk_rows, demo_talks_count, demo_talks_load
from apps.pipeline.demo_work import demo_work
from apps.pipeline.models import Journey
from apps.solar.models import Market
from apps.users.actions import api_key_issue, user_apply_role
from apps.users.models import Role, User
from apps.users.selectors import api_key_by_secret

PASSWORD = "solar-demo"  # noqa: S105 (printed by `make run`, and refused in production)
_VENDOR = "demo-vendor"
_TOLD_TO_EACH = 5
_SOMEBODY = 0  # gave it by hand; the demo does not say who
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
    _rules([people["sales"], people["sales2"]])
    demo_buyers_load(_vendor(), feedback_key=_fixed_key("buyer-feedback", kind="buy"))
    source_issue_key(LeadSource.objects.get(slug=MAILBOX), key=_fixed_key("mailbox"))
    _program(people["manager"])
    new: list[UUID | None] = []
    now, known = timezone.now(), set(_demo_events().values_list("repeat_key", flat=True))
    for number, (source, age, payload) in enumerate(demo_requests(random.Random(2026))):  # noqa: S311 (a fixed seed, for the same demo everywhere)
        key = f"{_key_prefix()}{number}"
        if f"key:{key}" not in known:
            new.append(_send(source, payload, key=key, at=now - age))
    came = {event for event in new if event is not None}
    lines = LeadActivity.objects.filter(inbound_event__in=came, kind=ActivityKind.CREATED)
    leads = Lead.objects.filter(activities__in=lines).select_related("market", "assigned_to")
    demo_work(list(leads.order_by("created_at", "pk")), now=now)
    demo_plans(now=now)
    _news()
    demo_mail(key=_key_prefix(), now=now)
    demo_talks_load(now=now)


def demo_keys() -> dict[str, str]:
    """The keys that go with the demo data, by what they open."""
    return {
        "vendor_key": _fixed_key("vendor"),
        "mailbox_key": _fixed_key("mailbox"),
        "api_key": _fixed_key("api", kind="crm"),
        "buyer_feedback_key": _fixed_key("buyer-feedback", kind="buy"),
        "buyer_feedback_buyer": FEEDBACK_BUYER,
    }


@transaction.atomic
def demo_remove() -> dict[str, int]:
    """Delete the demo. Returns how many rows of each kind went."""
    leads = Lead.objects.filter(is_sample=True)
    events = _demo_events()
    event_ids = list(events.values_list("public_id", flat=True))
    lead_ids = list(leads.values_list("public_id", flat=True))
    ours_alone = AssignmentPool.objects.filter(members__user__is_sample=True).exclude(
        members__user__is_sample=False
    )
    pools = list(ours_alone.values_list("pk", flat=True))
    rules = RuleSet.objects.filter(is_sample=True).exclude(
        pk__in=AssignmentRule.objects.exclude(pool__in=pools).values("rule_set")
    )
    removed = {"notifications": news_forget(map(page_path, leads.values_list("pk", flat=True)))}
    for what, rows in {
        **demo_mail_traces(),
        **demo_talk_rows(),
        "chats": ChatbotInteraction.objects.filter(inbound_event__in=event_ids),
        "calculations": CalculatorData.objects.filter(inbound_event__in=event_ids),
        "form mails": EmailLog.objects.filter(email_id__in=[str(one) for one in event_ids]),
        "outbox messages": OutboxMessage.objects.filter(
            Q(payload__event__in=[str(one) for one in event_ids])
            | Q(payload__lead__in=[str(one) for one in lead_ids])
            | Q(payload__delivery__in=demo_delivery_ids(leads))
        ),
        "journeys": Journey.objects.filter(event__in=events),
        **demo_sales_rows(leads),
        "leads": leads,
        "contacts": Contact.objects.filter(is_sample=True),
        "events": events,
        "keys": SourceKey.objects.filter(digest=key_digest(_fixed_key("mailbox"))),
        "sources": LeadSource.objects.filter(slug=_VENDOR, events=None),
        "assignment rules": rules,
        "teams": AssignmentPool.objects.filter(pk__in=pools, rules=None),
        "people": User.objects.filter(is_sample=True),
    }.items():
        removed[what] = rows.delete()[0]
    forget_sources()
    demo_talks_count(now=timezone.now())
    return removed


def _news() -> None:
    """What the sellers were told of their newest leads: days ago, so nothing rings any more."""
    for seller in User.objects.filter(is_sample=True, role=Role.SALES):
        newest = Lead.objects.filter(is_sample=True, assigned_to=seller).select_related(
            "territory", "market"
        )[:_TOLD_TO_EACH]
        for lead in newest:
            key = f"demo-{lead.public_id}"
            lead_tell_owner(lead, seller, key=key, by=_SOMEBODY, now=lead.created_at)
        told = Notification.objects.filter(recipient=seller, key__contains="demo-")
        told.update(mail=Mail.OFF, mail_at=None)
        keys = [str(public_id) for public_id in told.values_list("public_id", flat=True)]
        OutboxMessage.objects.filter(key__in=keys).delete()


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


def _rules(sellers: list[User]) -> None:
    """A team for each market and rules for them, where nobody has written any yet."""
    if RuleSet.objects.exists():
        return
    rule_set = RuleSet.objects.create(
        version=1,
        state=RuleSetState.LIVE,
        note="What the demo begins with.",
        is_sample=True,
        live_from=timezone.now(),
    )
    for number, market in enumerate(Market.objects.order_by("-code")):
        team = AssignmentPool.objects.create(name=f"{market.name} sales")
        PoolMember.objects.bulk_create(PoolMember(pool=team, user=user) for user in sellers)
        AssignmentRule.objects.create(
            rule_set=rule_set,
            position=2 * number + 1,
            name=f"The best of {market.name}",
            conditions={"market": [market.code], "tier": [Tier.PREMIUM]},
            strategy=Strategy.BEST_AVAILABLE,
            pool=team,
            at_any_hour=True,
        )
        AssignmentRule.objects.create(
            rule_set=rule_set,
            position=2 * number + 2,
            name=f"Everybody of {market.name}",
            conditions={"market": [market.code]},
            pool=team,
        )
    for seller in sellers:
        Availability.objects.get_or_create(user=seller, defaults={"max_open": 60})


def _vendor() -> LeadSource:
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
    return source


def _program(owner: User) -> None:
    """A key of the manager's, to try the API with."""
    secret = _fixed_key("api", kind="crm")
    now = timezone.now()
    if api_key_by_secret(secret, now=now) is None:
        api_key_issue(
            owner=owner,
            name="Demo: a program that reads and works leads",
            scopes=["leads:read", "leads:write", "b2b:read", "b2b:write", "system:read"],
            now=now,
            secret=secret,
        )


def _key_prefix() -> str:
    """No visitor's idempotency key begins so: removing the demo removes nothing of theirs."""
    return f"demo-{_fixed_key('requests')[-12:]}-"


def _demo_events() -> QuerySet[InboundEvent]:
    return InboundEvent.objects.filter(repeat_key__startswith=f"key:{_key_prefix()}")


def _fixed_key(purpose: str, *, kind: str = "src") -> str:
    """The same on every start of this installation, and nobody's guess outside it."""
    text = f"demo:{purpose}:{settings.SECRET_KEY}".encode()
    return f"{kind}_" + hashlib.sha256(text).hexdigest()[:40]


@transaction.atomic
def _send(source: str, payload: dict[str, Any], *, key: str, at: datetime) -> UUID | None:
    """Down the real road, at once, then moved to the time it is said to have happened.

    The event, or None when it was there before.
    """
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
        return None
    outbox.deliver_now(RECORDED, key=str(recorded.event_id))
    _move_in_time(recorded.event_id, at)
    return recorded.event_id


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
