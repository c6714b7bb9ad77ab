"""Alerts that nobody takes go on: to the managers, then to the admins, each step once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from apps.notifications.actions.alerting import names_of, patience_with, story_add
from apps.notifications.actions.notifying import tell
from apps.notifications.choices import EscalationStep, StoryKind
from apps.notifications.escalation import step_after
from apps.notifications.kinds import Kind, kind_by
from apps.notifications.models import Alert
from apps.users.models import Role, User

_AT_ONCE = 100  # alerts a run; what is left waits for the next minute
_ROLES = {EscalationStep.MANAGERS: Role.MANAGER, EscalationStep.ADMINS: Role.ADMIN}


@transaction.atomic
def alerts_escalate(*, now: datetime) -> int:
    """Pass on what waited long enough. Returns how many alerts went a step further.

    Safe to run at the same time: an alert is locked by one run and passed over by the others.
    """
    due = (
        Alert.objects.select_for_update(skip_locked=True)
        .filter(escalate_at__lte=now, acknowledged_at=None, resolved_at=None)
        .order_by("escalate_at", "pk")[:_AT_ONCE]
    )
    return sum(_go_on(alert, now) for alert in due)


def _go_on(alert: Alert, now: datetime) -> bool:
    """One step; where nobody has that role, the next one at once."""
    patience = patience_with(alert.kind)
    following = step_after(alert.step, patience)
    told = False
    while following is not None and not told:
        alert.step = following.step
        told = _tell_role(alert, EscalationStep(following.step), now)
        following = step_after(alert.step, patience)
    alert.escalate_at = None
    if following is not None:
        alert.escalate_at = now + timedelta(minutes=following.minutes)
    alert.save(update_fields=["step", "escalate_at"])
    return told


def _tell_role(alert: Alert, step: EscalationStep, now: datetime) -> bool:
    able = User.objects.filter(role=_ROLES[step], is_active=True)
    people = list(able.order_by("pk").values_list("pk", flat=True))
    if not people:
        return False
    tell(
        kind_by(alert.kind) or Kind(alert.kind, alert.kind),
        people,
        title=f"Nobody has reacted: {alert.title}",
        body=alert.body,
        link=alert.link,
        key=f"{alert.public_id}:{step}",
        level=alert.level,
        alert=alert,
        now=now,
    )
    story_add(alert, StoryKind.ESCALATED, f"{step.label}: {names_of(people)}", now)
    return True
