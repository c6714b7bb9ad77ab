"""How people want to be told, and how long alerts wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction

from apps.core.errors import InvalidInput, NotFound
from apps.notifications.choices import Mail
from apps.notifications.kinds import Channels, kind_by, kinds_known
from apps.notifications.models import EscalationRule, Hours, Preference
from apps.users.models import User


@transaction.atomic
def preference_set(user: User, kind: str, channels: Channels) -> None:
    """Choose how to be told of a kind. Raises NotFound for a kind nobody registered."""
    if kind_by(kind) is None:
        raise NotFound("There is no such kind of notification.")
    Preference.objects.update_or_create(
        user=user,
        kind=kind,
        defaults={
            "in_app": channels.in_app,
            "live": channels.live,
            "mail": Mail(channels.mail),
        },
    )


@transaction.atomic
def hours_set(
    user: User,
    *,
    time_zone: str,
    digest_hour: int,
    quiet_from: time | None,
    quiet_until: time | None,
) -> Hours:
    """Choose when mail comes. Raises InvalidInput for no zone, no hour, or half a quiet time."""
    if time_zone and time_zone not in available_timezones():
        raise InvalidInput("There is no such time zone.", details={"time_zone": ["Not a zone."]})
    if not 0 <= digest_hour <= 23:
        raise InvalidInput("There is no such hour.", details={"digest_hour": ["0 to 23."]})
    if (quiet_from is None) != (quiet_until is None):
        raise InvalidInput(
            "Quiet hours have a beginning and an end.", details={"quiet_until": ["Both, or none."]}
        )
    hours, _ = Hours.objects.update_or_create(
        user=user,
        defaults={
            "time_zone": time_zone,
            "digest_hour": digest_hour,
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
        },
    )
    return hours


@transaction.atomic
def preferences_set(user: User, chosen: Mapping[str, Channels], **hours: Any) -> None:
    """Keep a whole page of choices: channels by kind, and the arguments of `hours_set`."""
    for kind, channels in chosen.items():
        preference_set(user, kind, channels)
    hours_set(user, **hours)


@transaction.atomic
def escalation_rules_prepare() -> int:
    """A row for every kind that has none, as the kind starts. Repeatable; returns how many."""
    known = set(EscalationRule.objects.values_list("kind", flat=True))
    fresh = [
        EscalationRule(
            kind=kind.code, managers_after=kind.managers_after, admins_after=kind.admins_after
        )
        for kind in kinds_known()
        if kind.code not in known
    ]
    EscalationRule.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)
