"""What can be asked about leads, and by whom."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from apps.contacts.models import ContactIdentity
from apps.core.errors import NotFound
from apps.leads.choices import OPEN_STATUSES
from apps.leads.models import Lead, LeadActivity, PoolMember
from apps.solar.models import Market
from apps.users.models import User
from apps.users.roles import roles_with


def leads_visible_to(user: User) -> QuerySet[Lead]:
    """The leads somebody may see: all with `view_all_leads`, else their own and nobody's."""
    if not user.has_perm("leads.view_lead"):
        return Lead.objects.none()
    if user.has_perm("users.view_all_leads"):
        return Lead.objects.all()
    return Lead.objects.filter(Q(assigned_to=user) | Q(assigned_to=None))


def lead_visible_to(user: User, lead_id: UUID) -> Lead:
    """One lead. Raises NotFound also for one that exists but is not theirs to see."""
    lead = (
        leads_visible_to(user)
        .select_related("source", "assigned_to", "market", "territory")
        .filter(public_id=lead_id)
        .first()
    )
    if lead is None:
        raise NotFound("There is no such lead.")
    return lead


def open_lead_with_identity(*, email: str, phone: str) -> Lead | None:
    """The open lead of the person with this e-mail or phone, if there is one."""
    values = [value for value in (email, phone) if value]
    contacts = ContactIdentity.objects.filter(value__in=values).values("contact")
    return (
        Lead.objects.filter(contact__in=contacts, status__in=OPEN_STATUSES).order_by("pk").first()
    )


def people_who_work_leads() -> QuerySet[User]:
    """Those who may be given leads: active, and in a role that may change leads."""
    return User.objects.filter(is_active=True, role__in=roles_with("leads.change_lead")).order_by(
        "first_name", "last_name", "username"
    )


def markets_without_people() -> list[Market]:
    """The markets in which nobody takes leads in turn."""
    working = PoolMember.objects.filter(is_active=True, user__is_active=True)
    return list(Market.objects.exclude(pk__in=working.values("pool__market")).order_by("name"))


def lead_of_event(event_id: UUID) -> Lead | None:
    """The lead an inbound event was captured into."""
    line = (
        LeadActivity.objects.select_related("lead")
        .filter(inbound_event=event_id)
        .order_by("pk")
        .first()
    )
    return line.lead if line else None


def lead_timeline(lead: Lead) -> QuerySet[LeadActivity]:
    """A lead's activities, newest first."""
    return lead.activities.select_related("actor")
