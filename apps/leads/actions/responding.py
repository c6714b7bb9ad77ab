"""The clock of the first answer: the only place where it is set, changed and stopped.

It runs from the moment a lead came in, in office time, whoever has the lead: another owner does
not make the person wait less. Another priority or tier changes the target (see
`first_response.clock_moments_changed`); a policy, holiday or hour that staff change holds for
the leads whose clock starts or changes after it. A try to reach somebody answers: a call that
nobody took, a mail. That they were reached is kept beside it. A status that says somebody talked
with them answers, too; closing the lead only stops the clock, and opening it again begins a new
one for whoever never got an answer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.leads.alerts import ESCALATED, alert_key
from apps.leads.choices import OPEN_STATUSES, LeadStatus, ResponseStage
from apps.leads.first_response import clock_moments, clock_moments_changed
from apps.leads.models import Lead
from apps.leads.office import office_hours_of, policy_of
from apps.notifications.actions import settle

# By hand a lead gets here only after somebody was in touch.
_SAYS_ANSWERED = {LeadStatus.CONTACTED}
_SAYS_REACHED = {LeadStatus.QUALIFIED, LeadStatus.PROPOSAL, LeadStatus.NEGOTIATION}


@transaction.atomic
def first_response_clock_set(lead_pk: int, *, now: datetime) -> None:
    """Start the clock of a lead, or bring it in line with its priority and tier. Repeatable.

    Nothing happens to a lead that was answered or closed, or that no policy covers.
    """
    lead = Lead.objects.select_for_update(of=("self",)).select_related("market").get(pk=lead_pk)
    if lead.first_response_at is not None or lead.status not in OPEN_STATUSES:
        return
    policy = policy_of(lead)
    if policy is None or policy.target_minutes == lead.first_response_target:
        return
    hours, due_before = office_hours_of(lead.market), lead.first_response_due_at
    begun = lead.reopened_at or lead.created_at
    if due_before is None:
        moments = clock_moments(hours, policy, begun)
    else:
        moments = clock_moments_changed(hours, policy, begun, due_before=due_before, now=now)
    if moments is None:
        return
    alert_at = {
        ResponseStage.QUIET: moments.warn_at,
        ResponseStage.WARNED: moments.due_at,
    }.get(ResponseStage(lead.first_response_stage), lead.first_response_alert_at)
    Lead.objects.filter(pk=lead.pk).update(
        first_response_target=policy.target_minutes,
        first_response_warn_at=moments.warn_at,
        first_response_due_at=moments.due_at,
        first_response_alert_at=alert_at,
    )


@transaction.atomic
def first_response_begin_again(lead_pk: int, *, now: datetime) -> None:
    """A closed lead is open again: its clock begins now, with nothing told of it yet.

    Nothing happens to a lead that was answered, or that no policy covers.
    """
    lead = Lead.objects.select_for_update(of=("self",)).select_related("market").get(pk=lead_pk)
    policy = policy_of(lead)
    if lead.first_response_at is not None or policy is None:
        return
    moments = clock_moments(office_hours_of(lead.market), policy, now)
    if moments is not None:
        Lead.objects.filter(pk=lead.pk).update(
            reopened_at=now,
            first_response_target=policy.target_minutes,
            first_response_warn_at=moments.warn_at,
            first_response_due_at=moments.due_at,
            first_response_stage=ResponseStage.QUIET,
            first_response_alert_at=moments.warn_at,
        )


@transaction.atomic
def first_response_note(lead_pk: int, *, reached: bool, now: datetime) -> None:
    """Somebody tried to reach the person, or did. Only the first time counts. Repeatable."""
    _change(lead_pk, _answered(Lead.objects.select_for_update().get(pk=lead_pk), reached, now))


@transaction.atomic
def first_response_follow_status(lead_pk: int, *, status: str, now: datetime) -> None:
    """A lead was moved to another status by hand: what that says of its first answer."""
    lead = Lead.objects.select_for_update().get(pk=lead_pk)
    if status in _SAYS_ANSWERED | _SAYS_REACHED:
        _change(lead_pk, _answered(lead, status in _SAYS_REACHED, now))


@transaction.atomic
def first_response_stop(lead: Lead, *, now: datetime) -> None:
    """A lead was closed: nobody hears of its answer any more."""
    _change(lead.pk, {"first_response_alert_at": None})
    settle(ESCALATED, key=alert_key(ESCALATED, lead), words="The lead was closed.", now=now)


def _answered(lead: Lead, reached: bool, now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if lead.first_response_at is None:
        changes = {"first_response_at": now, "first_response_alert_at": None}
        settle(ESCALATED, key=alert_key(ESCALATED, lead), words="Somebody answered.", now=now)
    if reached and lead.first_reached_at is None:
        changes["first_reached_at"] = now
    return changes


def _change(lead_pk: int, changes: dict[str, Any]) -> None:
    if changes:
        Lead.objects.filter(pk=lead_pk).update(**changes)
