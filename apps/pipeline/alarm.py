"""Telling people that something on the road stands still: parked journeys, messages given up.

Looked at every minute rather than told at each event: a thousand that park for one reason are one
alert, and when nothing stands still any more the alert is over by itself.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Model, QuerySet

from apps.core.models import OutboxMessage
from apps.notifications.actions import notify, settle
from apps.notifications.choices import Level, Mail
from apps.notifications.kinds import Channels, Kind, register
from apps.notifications.selectors import has_open_alert
from apps.pipeline.models import Journey, JourneyState
from apps.users.selectors import people_who_may

PARKED = Kind(
    "pipeline.parked",
    "Requests are parked",
    Channels(mail=Mail.AT_ONCE),
    "Something that came in cannot go on by itself: a person has to look.",
)
GIVEN_UP = Kind(
    "pipeline.given_up",
    "Work was given up",
    Channels(mail=Mail.AT_ONCE),
    "A step behind the scenes failed too often and is not tried again by itself.",
)
register(PARKED)
register(GIVEN_UP)
_COUNT_AT_MOST = 1000


def road_watch(*, now: datetime) -> None:
    """Raise, leave or settle the two alerts. Repeatable."""
    parked = Journey.objects.filter(state=JourneyState.PARKED)
    newest = parked.order_by("-updated_at").first()
    _alarm(
        PARKED,
        parked,
        "{} request is parked|{} requests are parked",
        "/admin/pipeline/journey/?state__in=parked",
        None if newest is None else f"{newest.public_id}:{newest.updated_at.timestamp():.0f}",
        now,
    )
    dead = OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD)
    last = dead.order_by("-not_before").first()
    _alarm(
        GIVEN_UP,
        dead,
        "{} message was given up|{} messages were given up",
        "/admin/core/outboxmessage/?state__in=dead",
        None if last is None else f"{last.pk}:{last.not_before.timestamp():.0f}",
        now,
    )


def _alarm(
    kind: Kind,
    standing: QuerySet[Model],
    words: str,
    link: str,
    newest: str | None,
    now: datetime,
) -> None:
    """`newest` names the last that stopped: after somebody resolved, only another one rings."""
    if newest is None:
        settle(kind.code, words="Nothing stands still any more.", now=now)
        return
    if has_open_alert(kind.code):
        return
    count = standing.order_by()[:_COUNT_AT_MOST].count()
    one, many = words.split("|")
    number = f"{count}" if count < _COUNT_AT_MOST else f"{_COUNT_AT_MOST} or more"
    notify(
        kind.code,
        recipients=people_who_may("users.replay_events"),
        title=(one if count == 1 else many).format(number),
        body=kind.description,
        link=link,
        key=f"{kind.code}:{newest}",
        level=Level.WARNING,
        needs_action=True,
        now=now,
    )
