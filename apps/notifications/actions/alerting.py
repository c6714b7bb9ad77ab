"""Alerts: raised once, taken by one person, resolved once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.core.errors import Conflict, NotFound, PermissionRefused
from apps.core.ids import new_id
from apps.notifications.actions.reading import tell_of_reading
from apps.notifications.choices import EscalationStep, StoryKind
from apps.notifications.escalation import Patience, step_after
from apps.notifications.kinds import Kind, kind_by
from apps.notifications.models import Alert, AlertEvent, EscalationRule, Notification
from apps.notifications.selectors import OVERSEE, alert_visible_to
from apps.users.models import User

_WORDS_AT_MOST = 500


def alert_raise(
    kind: Kind,
    *,
    title: str,
    body: str,
    link: str,
    key: str,
    level: str,
    told: Sequence[int],
    now: datetime,
) -> Alert:
    """The alert of a key, raised now unless it was before.

    Nobody to tell: the next in line are due at once.
    """
    following = step_after(EscalationStep.TOLD, patience_with(kind.code))
    escalate_at = None
    if following is not None:
        escalate_at = now + timedelta(minutes=following.minutes) if told else now
    fresh = Alert(
        public_id=new_id(),
        kind=kind.code,
        level=level,
        title=title,
        body=body,
        link=link,
        key=key,
        escalate_at=escalate_at,
        created_at=now,
    )
    Alert.objects.bulk_create([fresh], ignore_conflicts=True)
    alert = Alert.objects.get(key=key)
    if alert.public_id == fresh.public_id:
        names = names_of(told)
        story_add(
            alert, StoryKind.RAISED, f"Told: {names}" if names else "There was nobody to tell", now
        )
    return alert


@transaction.atomic
def alert_acknowledge(alert_id: UUID, *, actor: User, now: datetime) -> Alert:
    """Take care of an alert: it goes no further. Repeatable by the one who has it.

    Raises NotFound for one the person must not see, Conflict when it is resolved or somebody else
    was quicker.
    """
    alert = _locked(actor, alert_id)
    if not alert.is_open:
        raise Conflict("This is resolved already.")
    if alert.acknowledged_by_id == actor.pk:
        return alert
    if alert.acknowledged_by is not None:
        raise Conflict(f"{alert.acknowledged_by} takes care of it already.")
    alert.acknowledged_by = actor
    alert.acknowledged_at = now
    alert.escalate_at = None
    alert.save(update_fields=["acknowledged_by", "acknowledged_at", "escalate_at"])
    story_add(alert, StoryKind.ACKNOWLEDGED, "", now, actor)
    _read_by_all(alert, now)
    return alert


@transaction.atomic
def alert_release(alert_id: UUID, *, actor: User, now: datetime) -> Alert:
    """Give an alert back: it waits for somebody again, from now on.

    Raises Conflict when nobody has it, PermissionRefused when another person has it and the actor
    does not oversee alerts.
    """
    alert = _locked(actor, alert_id)
    if not alert.is_open or alert.acknowledged_at is None:
        raise Conflict("Nobody has this at the moment.")
    if alert.acknowledged_by_id != actor.pk and not actor.has_perm(OVERSEE):
        raise PermissionRefused("Only who has it, or a manager, can give it back.")
    following = step_after(alert.step, patience_with(alert.kind))
    alert.acknowledged_by = None
    alert.acknowledged_at = None
    alert.escalate_at = now + timedelta(minutes=following.minutes) if following else None
    alert.save(update_fields=["acknowledged_by", "acknowledged_at", "escalate_at"])
    story_add(alert, StoryKind.RELEASED, "", now, actor)
    return alert


@transaction.atomic
def alert_resolve(alert_id: UUID, *, actor: User, note: str = "", now: datetime) -> Alert:
    """Say that it is dealt with, and how. Repeatable: the first one counts.

    Raises NotFound for one the person must not see.
    """
    alert = _locked(actor, alert_id)
    if alert.is_open:
        _resolve(alert, note, now, actor)
    return alert


@transaction.atomic
def settle(kind: str, *, key: str = "", words: str, now: datetime) -> int:
    """What alerts of a kind were about is over by itself: resolve the open ones, or that of `key`.

    For the room that raised them. Returns how many were open.
    """
    open_ones = Alert.objects.select_for_update().filter(kind=kind, resolved_at=None)
    if key:
        open_ones = open_ones.filter(key=key)
    settled = list(open_ones.order_by("pk"))
    for alert in settled:
        _resolve(alert, words, now, None)
    return len(settled)


def patience_with(kind: str) -> Patience:
    """How long alerts of a kind wait at each step: as managers set it, or as the kind starts."""
    rule = EscalationRule.objects.filter(kind=kind).first()
    if rule is not None:
        return Patience(rule.managers_after, rule.admins_after)
    known = kind_by(kind)
    return Patience(known.managers_after, known.admins_after) if known else Patience(None, None)


def story_add(
    alert: Alert, kind: StoryKind, words: str, now: datetime, actor: User | None = None
) -> None:
    AlertEvent.objects.create(
        alert=alert, kind=kind, actor=actor, words=words.strip()[:_WORDS_AT_MOST], created_at=now
    )


def names_of(people: Sequence[int]) -> str:
    return ", ".join(str(person) for person in User.objects.filter(pk__in=people).order_by("pk"))


def _locked(actor: User, alert_id: UUID) -> Alert:
    seen = alert_visible_to(actor, alert_id)
    alert = Alert.objects.select_for_update(of=("self",)).filter(pk=seen.pk)
    found = alert.select_related("acknowledged_by").first()
    if found is None:
        raise NotFound("There is no such alert.")
    return found


def _resolve(alert: Alert, words: str, now: datetime, actor: User | None) -> None:
    alert.resolved_by = actor
    alert.resolved_at = now
    alert.escalate_at = None
    alert.save(update_fields=["resolved_by", "resolved_at", "escalate_at"])
    story_add(alert, StoryKind.RESOLVED, words, now, actor)
    _read_by_all(alert, now)


def _read_by_all(alert: Alert, now: datetime) -> None:
    """Once somebody takes care, nobody else's bell has to say so."""
    unread = Notification.objects.filter(alert=alert, read_at=None)
    people = set(unread.values_list("recipient_id", flat=True))
    if people:
        unread.update(read_at=now)
        tell_of_reading(people)
