"""A first answer that does not come: the owner is reminded, managers are told, another person
takes the lead. Each stage once for each lead, however many workers look at the same time.

A stage that was slept through, because no worker ran, is left out: the last one that is due
counts. The pool's turn is the one `assigning` keeps.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from apps.leads.actions.assigning import lead_hand_over, person_instead
from apps.leads.alerts import DUE_SOON, ESCALATED, LATE, alert_key
from apps.leads.choices import OPEN_STATUSES, ActivityKind, ResponseStage
from apps.leads.first_response import after_office_time, duration_words, office_time
from apps.leads.models import Lead
from apps.leads.office import office_hours_of, policy_of
from apps.leads.telling import page_path
from apps.leads.timeline import activity_add
from apps.notifications.actions import notify
from apps.users.models import User
from apps.users.selectors import people_who_may


def first_responses_watch(*, now: datetime, most: int = 500) -> int:
    """Tell of every first answer that is due soon, late, or very late. Returns of how many.

    Reads only the leads of which somebody is to be told now. Repeatable, and safe to run twice at
    the same time.
    """
    due = Lead.objects.filter(first_response_alert_at__lte=now)
    pks = due.order_by("first_response_alert_at").values_list("pk", flat=True)[:most]
    return sum(_tell_next(lead_pk, now) for lead_pk in list(pks))


@transaction.atomic
def _tell_next(lead_pk: int, now: datetime) -> bool:
    """Tell of the stage that a lead is at. False when there is nothing to tell, or another worker
    tells it."""
    lead = (
        Lead.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("market", "assigned_to")
        .filter(pk=lead_pk, first_response_alert_at__lte=now)
        .first()
    )
    if lead is None:
        return False
    due_at = lead.first_response_due_at
    is_waiting = lead.first_response_at is None and lead.status in OPEN_STATUSES
    if due_at is None or not is_waiting:
        Lead.objects.filter(pk=lead.pk).update(first_response_alert_at=None)
        return False
    hours = office_hours_of(lead.market)
    target = timedelta(minutes=lead.first_response_target or 0)
    escalate_at = after_office_time(hours, due_at, target)
    next_at: datetime | None
    if now < due_at:
        stage, next_at = ResponseStage.WARNED, due_at
        _warn(lead, office_time(hours, now, due_at), now)
    elif escalate_at is None or now < escalate_at:
        stage, next_at = ResponseStage.BREACHED, escalate_at
        _tell_late(lead, target, now)
    else:
        stage, next_at = ResponseStage.ESCALATED, None
        _escalate(lead, target, now)
    Lead.objects.filter(pk=lead.pk).update(
        first_response_stage=stage, first_response_alert_at=next_at
    )
    return True


def _warn(lead: Lead, left: timedelta, now: datetime) -> None:
    title = f"{lead.name}: answer within {duration_words(left)}"
    told = _tell(DUE_SOON, lead, _owner_or_managers(lead), title, "", "warning", now)
    _line(lead, f"An answer is due in {duration_words(left)}: {told}", now)


def _tell_late(lead: Lead, target: timedelta, now: datetime) -> None:
    title = f"{lead.name}: nobody answered within {duration_words(target)}"
    people = _owner_or_managers(lead) | _managers()
    told = _tell(LATE, lead, people, title, f"{_holder(lead)} has the lead.", "warning", now)
    _line(lead, f"Not answered within {duration_words(target)}: {told}", now)


def _escalate(lead: Lead, target: timedelta, now: datetime) -> None:
    """Another person gets the lead, or is suggested to the managers, as the policy says."""
    policy, owner = policy_of(lead), lead.assigned_to
    other = person_instead(lead, now=now) if owner is not None else None
    waited = f"not answered within {duration_words(target * 2)}"
    people = _owner_or_managers(lead) | _managers()
    title = f"{lead.name}: still {waited}"
    if policy is not None and policy.reassigns and other is not None:
        lead_hand_over(
            lead, other, why=f"{_holder(lead)} had it, {waited}; the answer times say so", now=now
        )
        _tell(ESCALATED, lead, people | {other.pk}, title, f"Now with {other}.", "critical", now)
        return
    if other is not None:
        advice = f"{_holder(lead)} has it. Give it to {other}, whose turn is next."
    else:
        advice = f"{_holder(lead)} has it, and nobody else is free: look who can take it."
    told = _tell(ESCALATED, lead, people, title, advice, "critical", now, needs_action=True)
    _line(lead, f"Still {waited}: {told}. {advice}", now)


def _tell(
    kind: str,
    lead: Lead,
    people: set[int],
    title: str,
    body: str,
    level: str,
    now: datetime,
    *,
    needs_action: bool = False,
) -> str:
    """Tell people; returns in words who was told."""
    notify(
        kind,
        recipients=people,
        title=title,
        body=body,
        link=page_path(lead.pk),
        key=alert_key(kind, lead),
        level=level,
        needs_action=needs_action,
        now=now,
    )
    told = [str(user) for user in User.objects.filter(pk__in=people).order_by("pk")]
    return f"told {', '.join(told)}" if told else "there was nobody to tell"


def _line(lead: Lead, words: str, now: datetime) -> None:
    activity_add(lead.pk, ActivityKind.RESPONSE, words, now=now)


def _holder(lead: Lead) -> str:
    return str(lead.assigned_to) if lead.assigned_to else "Nobody"


def _owner_or_managers(lead: Lead) -> set[int]:
    return {lead.assigned_to_id} if lead.assigned_to_id else _managers()


def _managers() -> set[int]:
    return set(people_who_may("users.manage_leads"))
