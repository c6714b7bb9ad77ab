"""Getting in touch: what a call, a mail or a meeting changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.contacts.actions import consent_revoke
from apps.contacts.models import Channel, ContactIdentity, Suppression
from apps.contacts.selectors import consent_state
from apps.contacts.suppression import suppress
from apps.core.errors import Conflict, InvalidInput
from apps.leads.actions.changing import leads_set_status
from apps.leads.actions.responding import first_response_note
from apps.leads.actions.tasks import is_plannable, task_add, tasks_done_by_contact, tasks_drop
from apps.leads.call_outcomes import MOST_TRIES, OUTCOMES, Wait, retry_after, status_after
from apps.leads.choices import (
    OPEN_STATUSES,
    ActivityKind,
    CallStatus,
    TaskKind,
    TaskReason,
)
from apps.leads.first_response import after_office_time, next_office_day
from apps.leads.models import Lead, Task
from apps.leads.office import office_hours_of
from apps.leads.timeline import activity_add
from apps.users.models import User

_LINES_LOOKED_AT = 20
_NEXT_DAY = Wait(is_next_day=True)
_CONTACTS = {
    "mail": (ActivityKind.MAIL, "Wrote a mail", {TaskKind.MAIL}, False),
    "meeting": (ActivityKind.MEETING, "Met them", {TaskKind.VISIT}, True),
}


@dataclass(frozen=True)
class _Call:
    """A call that just ended, and who tells of it."""

    lead: Lead
    outcome: str
    actor: User
    now: datetime
    callback_at: datetime | None
    tries: int  # in a row that reached nobody, this one among them


@transaction.atomic
def call_outcome(
    lead_id: UUID,
    *,
    outcome: str,
    actor: User,
    now: datetime,
    note: str = "",
    callback_at: datetime | None = None,
    reason: str = "",
) -> Task | None:
    """Write down how a call ended, with everything that follows. Returns the next task.

    Raises InvalidInput for what is no ending, for a wish to be called without its moment, and for
    `not_qualified` without a reason; Conflict on a closed lead, except for what must be obeyed and
    remembered all the same (`do_not_call`, `wrong_number`).
    """
    lead = (
        Lead.objects.select_for_update(of=("self",)).select_related("market").get(public_id=lead_id)
    )
    _refuse(lead, outcome, callback_at, reason, now)
    follows = OUTCOMES[outcome]
    tries = 0 if follows.reached else _tries(lead) + 1
    call = _Call(lead, outcome, actor, now, callback_at, tries)
    _tell(call, note or reason)
    if follows.answers:
        first_response_note(lead.pk, reached=follows.reached, now=now)
    Lead.objects.filter(pk=lead.pk).update(call_status=outcome, updated_at=now)
    label = CallStatus(outcome).label
    tasks_done_by_contact(lead.pk, kinds={TaskKind.CALL}, result=label, actor=actor, now=now)
    if follows.silences:
        _silence(call)
    if follows.number_is_wrong:
        _number_is_wrong(lead)
    status = status_after(outcome, lead.status)
    if lead.status in OPEN_STATUSES and status != lead.status:
        leads_set_status([lead_id], status=status, lost_reason=reason, actor=actor, now=now)
    if status not in OPEN_STATUSES:
        return None
    return _next(call)


@transaction.atomic
def contact_log(lead_id: UUID, *, channel: str, actor: User, now: datetime, note: str = "") -> None:
    """Write down a mail that was written or a meeting that was held, outside of this product.

    Raises InvalidInput for another channel.
    """
    if channel not in _CONTACTS:
        raise InvalidInput("Neither a mail nor a meeting.", details={"channel": ["Not one."]})
    kind, words, does, reached = _CONTACTS[channel]
    lead = Lead.objects.select_for_update().only("pk", "status").get(public_id=lead_id)
    activity_add(lead.pk, kind, words, now=now, actor_pk=actor.pk, text=note.strip())
    first_response_note(lead.pk, reached=reached, now=now)
    tasks_done_by_contact(lead.pk, kinds=does, result=words, actor=actor, now=now)


def _refuse(
    lead: Lead, outcome: str, callback_at: datetime | None, reason: str, now: datetime
) -> None:
    follows = OUTCOMES.get(outcome)
    if follows is None:
        raise InvalidInput("A call does not end so.", details={"outcome": ["Not an ending."]})
    is_named = callback_at is not None and callback_at > now and is_plannable(callback_at, now=now)
    if follows.asks == "moment" and not is_named:
        raise InvalidInput(
            "Say when they want to be called.", details={"callback_at": ["A moment to come."]}
        )
    if follows.asks == "reason" and not reason.strip():
        raise InvalidInput("Say why not.", details={"reason": ["Say why."]})
    must_be_kept = follows.silences or follows.number_is_wrong
    if lead.status not in OPEN_STATUSES and not must_be_kept:
        raise Conflict("This lead is closed: reopen it first.")


def _tries(lead: Lead) -> int:
    """How many of the last calls in a row reached nobody."""
    lines = lead.activities.filter(kind=ActivityKind.CALL).values_list("data", flat=True)
    tries = 0
    for data in lines[:_LINES_LOOKED_AT]:
        if data.get("reached"):
            break
        tries += 1
    return tries


def _tell(call: _Call, text: str) -> None:
    activity_add(
        call.lead.pk,
        ActivityKind.CALL,
        f"Called: {CallStatus(call.outcome).label.lower()}",
        now=call.now,
        actor_pk=call.actor.pk,
        outcome=call.outcome,
        reached=OUTCOMES[call.outcome].reached,
        text=text.strip(),
    )


def _silence(call: _Call) -> None:
    """At once and for good: the number is suppressed, consent to call and text is taken back."""
    lead = call.lead
    if lead.phone:
        suppress(
            kind=ContactIdentity.Kind.PHONE,
            value=lead.phone,
            reason=Suppression.Reason.OPT_OUT,
            note="Said so in a call",
        )
    state = consent_state(lead.contact_id)
    given = [
        channel
        for channel in (Channel.CALL, Channel.SMS)
        if (line := state[channel]) is not None and line.kind == line.Kind.GIVEN
    ]
    consent_revoke(contact_pk=lead.contact_id, channels=given, inbound_event=None, now=call.now)
    tasks_drop(lead.pk, why="Must not be called", kinds={TaskKind.CALL}, now=call.now)
    activity_add(
        lead.pk,
        ActivityKind.SUPPRESSED,
        "On the do-not-contact list: phone",
        now=call.now,
        actor_pk=call.actor.pk,
    )


def _number_is_wrong(lead: Lead) -> None:
    """The number stays known, so that nobody enters it again as a good one."""
    ContactIdentity.objects.filter(
        contact=lead.contact_id, kind=ContactIdentity.Kind.PHONE, value=lead.phone
    ).update(valid=False)
    Lead.objects.filter(pk=lead.pk).update(phone_valid=False)


def _next(call: _Call) -> Task | None:
    """What is to be done after a call; None when nothing is, or something else already was."""
    lead, follows = call.lead, OUTCOMES[call.outcome]
    if call.callback_at is not None and follows.asks == "moment":
        return _add(call, "call", "Call back, as they asked", call.callback_at, "callback")
    if follows.retries:
        wait = retry_after(call.outcome, call.tries)
        if wait is not None:
            title = f"Try again ({_ordinal(call.tries + 1)} call)"
            return _add(call, "call", title, _moment(call, wait), "retry")
        title = f"Nobody answered {MOST_TRIES} calls: write, or close the lead"
        return _add(call, "mail" if lead.email else "other", title, _moment(call, _NEXT_DAY))
    if follows.follow_up is not None:
        kind = follows.follow_up.kind
        if kind == "mail" and not lead.email:
            kind = "other"
        return _add(call, kind, follows.follow_up.title, _moment(call, _NEXT_DAY))
    return None


def _add(
    call: _Call, kind: str, title: str, due_at: datetime, reason: str = TaskReason.FOLLOW_UP
) -> Task:
    return task_add(
        call.lead.pk,
        kind=kind,
        title=title,
        due_at=due_at,
        now=call.now,
        priority=call.lead.priority_level,
        reason=reason,
        actor=call.actor,
    )


def _moment(call: _Call, wait: Wait) -> datetime:
    """When to do it; the same time tomorrow where the office does not open again."""
    hours = office_hours_of(call.lead.market)
    found = (
        next_office_day(hours, call.now)
        if wait.is_next_day
        else after_office_time(hours, call.now, timedelta(minutes=wait.office_minutes))
    )
    return found or call.now + timedelta(days=1)


def _ordinal(number: int) -> str:
    return {2: "2nd", 3: "3rd"}.get(number, f"{number}th")
