"""The figures beside the entries of the menu; "" where there is nothing to say."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from apps.b2b.choices import DeliveryState
from apps.b2b.models import Delivery
from apps.leads.choices import LeadStatus
from apps.leads.models import Lead
from apps.pipeline.models import Journey, JourneyState
from apps.users.selectors import signed_in

_COUNT_AT_MOST = 100  # "99+" says enough


def new_leads_badge(request: HttpRequest) -> str:
    """How many new leads wait for this person."""
    if not request.user.has_perm("leads.change_lead"):
        return ""
    leads = Lead.objects.filter(status=LeadStatus.NEW)
    return bounded(leads.filter(assigned_to=signed_in(request)))


def parked_badge(request: HttpRequest) -> str:
    """How many journeys wait for a person."""
    if not request.user.has_perm("users.replay_events"):
        return ""
    return bounded(Journey.objects.filter(state=JourneyState.PARKED))


def manual_badge(request: HttpRequest) -> str:
    """How many deliveries to buyers wait for a person."""
    if not request.user.has_perm("b2b.change_delivery"):
        return ""
    return bounded(Delivery.objects.filter(state=DeliveryState.MANUAL))


def bounded(rows: QuerySet[Any]) -> str:
    """How many, up to 99; "" for none, so that a badge has nothing to say."""
    count = rows.order_by()[:_COUNT_AT_MOST].count()
    return "99+" if count >= _COUNT_AT_MOST else str(count or "")
