"""Who speaks in the chat, and how today's replies came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Avg, Count, F, Max, Q, Sum
from django.utils import timezone

from apps.conversations.models import SpokenReply
from apps.conversations.providers.breaker import is_resting
from apps.conversations.providers.registry import providers_in_use
from apps.conversations.spending import is_within_budget, midnight_before
from apps.core.health import Verdict, health_check

Outcome = SpokenReply.Outcome
BUILT_IN = "builtin"
_NAMES = {BUILT_IN: "Built-in", "openai": "OpenAI"}
_LATELY = timedelta(hours=1)


@dataclass(frozen=True)
class SpeakerDay:
    """One speaker's day. `share` of all replies in per cent; money in US dollars.

    `milliseconds` is None for the built-in speaker, who takes none to speak of.
    """

    name: str
    model: str
    said: int
    share: int
    held_back: int
    failed: int
    not_asked: int
    milliseconds: int | None
    cost_usd: Decimal
    priced_by: str  # what their cost rests on


@dataclass(frozen=True)
class SpeakingDay:
    """How the replies of a day came about."""

    speaker: str  # who is asked first
    replies: int
    speakers: list[SpeakerDay]
    cost_usd: Decimal
    budget_usd: Decimal

    @property
    def name(self) -> str:
        return speaker_name(self.speaker)


def speaker_name(speaker: str) -> str:
    """How people call a speaker."""
    return _NAMES.get(speaker, speaker.capitalize())


def first_speaker() -> str:
    """Who is asked first: the first provider with a key, else the built-in speaker."""
    return next((provider.name for provider in providers_in_use()), BUILT_IN)


def speaking_today(now: datetime) -> SpeakingDay:
    """Today's replies by speaker, since midnight in the time zone of the screens."""
    counted = (
        SpokenReply.objects.filter(created_at__gte=midnight_before(now))
        .values("speaker", "model")
        .annotate(
            said=Count("pk", filter=Q(outcome=Outcome.SAID)),
            held_back=Count("pk", filter=Q(outcome=Outcome.REFUSED)),
            failed=Count("pk", filter=Q(outcome=Outcome.FAILED)),
            not_asked=Count("pk", filter=Q(outcome=Outcome.SKIPPED)),
            took=Avg("milliseconds", filter=~Q(outcome=Outcome.SKIPPED) & ~Q(speaker=BUILT_IN)),
            cost=Sum("cost_usd"),
            priced_by=Max("priced_by"),
        )
        .order_by("-said", "speaker")
    )
    rows = list(counted)
    replies = sum(row["said"] for row in rows)
    return SpeakingDay(
        speaker=first_speaker(),
        replies=replies,
        speakers=[
            SpeakerDay(
                name=speaker_name(row["speaker"]),
                model=row["model"],
                said=row["said"],
                share=round(100 * row["said"] / replies) if replies else 0,
                held_back=row["held_back"],
                failed=row["failed"],
                not_asked=row["not_asked"],
                milliseconds=None if row["took"] is None else round(row["took"]),
                cost_usd=row["cost"],
                priced_by=row["priced_by"],
            )
            for row in rows
        ],
        cost_usd=sum((row["cost"] for row in rows), Decimal(0)),
        budget_usd=settings.CHAT_DAILY_BUDGET_USD,
    )


@health_check(
    "chat speakers",
    cure="Visitors are answered by the next speaker, at last by the built-in one. Look at the"
    " account of the one that fails: its key, its limit, its bill.",
)
def _health() -> tuple[Verdict, str]:
    providers = providers_in_use()
    if not providers:
        return Verdict.OK, "the built-in speaker alone: no key is set"
    now = timezone.now()
    try:
        if not is_within_budget(now):
            return Verdict.DEGRADED, "the budget of the day is spent: the built-in speaker answers"
        last = {
            spoken.speaker: spoken
            for spoken in SpokenReply.objects.filter(created_at__gte=now - _LATELY)
            .exclude(outcome=Outcome.SKIPPED)
            .order_by("speaker", F("created_at").desc(), "-pk")
            .distinct("speaker")
        }
    except DatabaseError:
        return Verdict.DEGRADED, "cannot be read"
    failing = [
        f"{one.name} {'rests' if is_resting(one.name) else 'fails'} ({last[one.name].why})"
        for one in providers
        if one.name in last and last[one.name].outcome == Outcome.FAILED
    ]
    if failing:
        return Verdict.DEGRADED, ", ".join(failing)
    return Verdict.OK, ", then ".join([*(one.name for one in providers), "the built-in speaker"])
