"""What can be asked about notifications and alerts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from apps.core.errors import NotFound
from apps.notifications.choices import Mail
from apps.notifications.kinds import Channels, Kind, kinds_known
from apps.notifications.models import Alert, Hours, Notification, Preference
from apps.notifications.quiet import Quiet
from apps.users.models import User
from apps.users.time_zones import zone_or_company

OVERSEE = "notifications.oversee_alerts"
ALERT_STATES = ("open", "waiting", "taken", "resolved", "all")
COUNT_AT_MOST = 100  # past that a bell says "99+"


def notifications_of(user: User) -> QuerySet[Notification]:
    """What a person was told, newest first."""
    return Notification.objects.filter(recipient=user, in_app=True).select_related("alert")


def unread_count(user: User) -> int:
    """How many a person has not read, counted up to COUNT_AT_MOST."""
    unread = Notification.objects.filter(recipient=user, in_app=True, read_at=None)
    return unread.order_by()[:COUNT_AT_MOST].count()


def alerts_visible_to(user: User) -> QuerySet[Alert]:
    """Alerts a person was told of; all of them for those who oversee them."""
    alerts = Alert.objects.select_related("acknowledged_by", "resolved_by")
    if user.has_perm(OVERSEE):
        return alerts
    told = Notification.objects.filter(alert=OuterRef("pk"), recipient=user)
    return alerts.filter(Exists(told))


def alert_visible_to(user: User, alert_id: UUID) -> Alert:
    """One of them. Raises NotFound, also for one the person must not see."""
    alert = alerts_visible_to(user).filter(public_id=alert_id).first()
    if alert is None:
        raise NotFound("There is no such alert.")
    return alert


def hours_of(user_pks: Iterable[int]) -> dict[int, Hours]:
    """When each of these people wants mail; nothing for those who never chose."""
    found = Hours.objects.filter(user__in=user_pks).select_related("user")
    return {hours.user_id: hours for hours in found}


def hours_or_default(user: User) -> Hours:
    """When a person wants mail; unsaved and as it starts for one who never chose."""
    return Hours.objects.filter(user=user).first() or Hours(user=user)


def quiet_of(hours: Hours) -> Quiet | None:
    """A person's hours of quiet; None for one who wants none."""
    if hours.quiet_from is None or hours.quiet_until is None:
        return None
    return Quiet(zone_of(hours), hours.quiet_from, hours.quiet_until)


def is_quiet_for(user: User, now: datetime) -> bool:
    quiet = quiet_of(hours_or_default(user))
    return quiet is not None and quiet.holds(now)


def zone_of(hours: Hours) -> ZoneInfo:
    """The time zone a person lives by: the one for their mail, else the one of their screens, else
    the company's."""
    return ZoneInfo(hours.time_zone or zone_or_company(hours.user.time_zone))


@dataclass(frozen=True)
class Choice:
    """A kind, and how one person is told of it."""

    kind: Kind
    channels: Channels


def choices_of(user: User) -> list[Choice]:
    """Every kind, as the person chose or as it starts."""
    chosen = {
        row.kind: Channels(in_app=row.in_app, live=row.live, mail=Mail(row.mail))
        for row in Preference.objects.filter(user=user)
    }
    return [Choice(kind, chosen.get(kind.code, kind.channels)) for kind in kinds_known()]


def alerts_by_state(alerts: QuerySet[Alert], state: str) -> QuerySet[Alert]:
    """`open` (nobody has it, or somebody has), `waiting`, `taken`, `resolved`, or `all`."""
    match state:
        case "open":
            return alerts.filter(resolved_at=None)
        case "waiting":
            return alerts.filter(resolved_at=None, acknowledged_at=None)
        case "taken":
            return alerts.filter(resolved_at=None, acknowledged_at__isnull=False)
        case "resolved":
            return alerts.filter(resolved_at__isnull=False)
        case _:
            return alerts


def has_open_alert(kind: str) -> bool:
    return Alert.objects.filter(kind=kind, resolved_at=None).exists()


def waiting_count(user: User) -> int:
    """How many alerts a person may take wait for somebody, counted up to COUNT_AT_MOST."""
    waiting = alerts_by_state(alerts_visible_to(user), "waiting")
    return waiting.order_by()[:COUNT_AT_MOST].count()
