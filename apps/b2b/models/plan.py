"""What the room of the buyers of a market is worth, as it was found, with its figures."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from apps.solar.models import Market


class CapacityPlan(models.Model):
    """The best that could be made of the leads to come, and the bid prices that follow.

    One for each hour and market, never changed; see `bid_prices.py`. Amounts are in the market's
    currency. Without a forecast `why_none` says why, and leads go to whoever pays most.
    """

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+")
    computed_at = models.DateTimeField(default=timezone.now)
    leads_seen = models.PositiveIntegerField(help_text="Offered in the past four weeks.")
    value = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        help_text="What the leads to come would bring until the end of the month, at best.",
    )
    why_none = models.CharField(max_length=200, blank=True)
    scarce = models.JSONField(default=dict, help_text="By buyer: see b2b/room.py.")
    figures = models.JSONField(default=dict, help_text="What was forecast, and what is left.")

    class Meta:
        ordering = ("-computed_at", "-id")
        indexes = [models.Index(fields=["market", "-computed_at"], name="b2b_newest_plan")]

    def __str__(self) -> str:
        return f"Room in {self.market}"
