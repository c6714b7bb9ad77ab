"""What people are told of leads."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from apps.leads.choices import OPEN_STATUSES, Tier
from apps.leads.models import Lead
from apps.notifications.actions import notify, settle
from apps.notifications.choices import Level, Mail
from apps.notifications.kinds import Channels, Kind, register
from apps.users.models import User
from apps.users.selectors import people_who_may

GIVEN = Kind(
    "lead.assigned",
    "A lead is given to me",
    Channels(mail=Mail.AT_ONCE),
    "By the rules of assignment or by a colleague; not when you take it yourself.",
)
UNOWNED = Kind(
    "lead.unowned",
    "A premium lead has nobody",
    Channels(mail=Mail.AT_ONCE),
    "No rule found a person for it, and it is too good to wait.",
    managers_after=10,
    admins_after=20,
)
register(GIVEN)
register(UNOWNED)


@transaction.atomic
def lead_tell_owner(lead: Lead, person: User, *, key: str, by: int | None, now: datetime) -> None:
    """Tell a person of the lead they got; `by` gave it, or nobody when a rule did. Repeatable.

    Nobody is told of what they took themselves, nor of demo leads that rules gave away.
    """
    lead_settle_unowned(lead, words=f"{person} has it.", now=now)
    if by == person.pk or (lead.is_sample and by is None):
        return
    notify(
        GIVEN.code,
        recipients=[person.pk],
        title=f"A lead for you: {lead.name}",
        body=_words(lead),
        link=page_path(lead.pk),
        key=f"{GIVEN.code}:{key}",
        now=now,
    )


@transaction.atomic
def lead_tell_unowned(lead_pk: int, *, now: datetime) -> None:
    """Raise an alert when a premium lead found nobody. Repeatable: one alert a lead."""
    lead = Lead.objects.select_related("territory", "market").get(pk=lead_pk)
    is_open = lead.status in OPEN_STATUSES
    if lead.tier != Tier.PREMIUM or lead.assigned_to_id is not None or not is_open:
        return
    notify(
        UNOWNED.code,
        recipients=people_who_may("users.manage_leads"),
        title=f"Nobody has a premium lead: {lead.name}",
        body=_words(lead),
        link=page_path(lead.pk),
        key=_unowned_key(lead),
        level=Level.WARNING,
        needs_action=True,
        now=now,
    )


def lead_settle_unowned(lead: Lead, *, words: str, now: datetime) -> None:
    """Nobody has to be found for a lead any more. Repeatable."""
    settle(UNOWNED.code, key=_unowned_key(lead), words=words, now=now)


def page_path(lead_pk: int) -> str:
    """The page of a lead."""
    return f"/admin/leads/lead/{lead_pk}/change/"


def _unowned_key(lead: Lead) -> str:
    return f"{UNOWNED.code}:{lead.public_id}"


def _words(lead: Lead) -> str:
    place = str(lead.territory or lead.market)
    return f"{lead.get_tier_display()}, score {lead.score}, {place}"
