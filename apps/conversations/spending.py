"""What speech has cost today, and whether there is more to spend."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Sum

from apps.conversations.models import SpokenReply
from apps.core.clock import company_time


def midnight_before(now: datetime) -> datetime:
    """When the company's day began."""
    return company_time(now).replace(hour=0, minute=0, second=0, microsecond=0)


def spent_today(now: datetime) -> Decimal:
    """US dollars since the company's midnight."""
    found = SpokenReply.objects.filter(created_at__gte=midnight_before(now)).aggregate(
        sum=Sum("cost_usd")
    )
    return found["sum"] or Decimal(0)


def is_within_budget(now: datetime) -> bool:
    """Whether a provider may still be asked today. Replies under way may go a little over."""
    return spent_today(now) < settings.CHAT_DAILY_BUDGET_USD
