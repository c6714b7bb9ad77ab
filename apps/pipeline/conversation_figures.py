"""The chat figures of a market, as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from apps.core.money import Money
from apps.pipeline.conversation_days import counted_of
from apps.pipeline.conversation_rules import Counted
from apps.pipeline.models import ConversationAdvice, ConversationDay
from apps.solar.models import Market

_SHOWN_DAYS = 30


@dataclass(frozen=True)
class Question:
    """How many were asked something, and how many of them left there."""

    name: str
    asked: int
    left: int

    @property
    def percent(self) -> int:
        return round(100 * self.left / self.asked)


@dataclass(frozen=True)
class MarketFigures:
    """One market's last days."""

    market: Market
    total: Counted
    days: tuple[ConversationDay, ...]
    questions: tuple[Question, ...]
    hand_overs: tuple[tuple[str, int], ...]
    advice: tuple[ConversationAdvice, ...]
    facts: int
    cost_usd: Decimal
    consents: int

    @property
    def potential(self) -> Money:
        return Money(self.total.potential, self.total.currency)

    @property
    def facts_each(self) -> str:
        return f"{self.facts / self.total.answered:.1f}" if self.total.answered else "—"

    @property
    def each(self) -> Money | None:
        """What an answered conversation is worth on average."""
        answered = self.total.answered
        return Money(self.total.potential / answered, self.total.currency) if answered else None


def conversation_figures(*, today: date) -> list[MarketFigures]:
    """Every market that had conversations in the last 30 days. Three queries."""
    rows = ConversationDay.objects.filter(day__gt=today - timedelta(days=_SHOWN_DAYS))
    by_market: dict[str, list[ConversationDay]] = {}
    for row in rows.order_by("-day"):
        by_market.setdefault(row.market_id, []).append(row)
    told: dict[str, list[ConversationAdvice]] = {}
    for one in ConversationAdvice.objects.all():
        told.setdefault(one.market_id, []).append(one)
    markets = Market.objects.filter(code__in=by_market).order_by("name")
    return [_figures(market, by_market[market.pk], told.get(market.pk, [])) for market in markets]


def _figures(
    market: Market, days: list[ConversationDay], told: list[ConversationAdvice]
) -> MarketFigures:
    total = counted_of(market, days)
    asked, left = total.asked or {}, total.left_at or {}
    questions = (
        Question(key.replace("_", " "), count, min(left.get(key, 0), count))
        for key, count in asked.items()
    )
    reasons = sorted((total.hand_overs or {}).items(), key=lambda one: -one[1])
    return MarketFigures(
        market=market,
        total=total,
        days=tuple(days),
        questions=tuple(sorted(questions, key=lambda one: (-one.left, one.name))),
        hand_overs=tuple((reason.replace("_", " "), count) for reason, count in reasons),
        advice=tuple(told),
        facts=sum(day.facts for day in days),
        cost_usd=sum((day.cost_usd for day in days), Decimal(0)),
        consents=sum(day.consents for day in days),
    )
