"""What the room of buyers is worth: the newest bid prices, and the figures they came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RelatedDropdownFilter

from apps.b2b.models import CapacityPlan
from apps.core.money import Money
from apps.core.staff.filters import DaysFilter
from apps.core.staff.marks import age, mark
from apps.core.staff.pages import ReadOnlyAdmin
from apps.core.staff.panels import Panel, page_panel


@admin.register(CapacityPlan)
class CapacityPlanAdmin(ReadOnlyAdmin):
    """Bid prices by market, computed every hour for the strategy “optimal”."""

    list_display = ("computed", "market", "standing", "leads_seen", "money")
    list_display_links = ("computed",)
    list_filter = (("market", RelatedDropdownFilter), ("computed_at", DaysFilter))
    list_select_related = ("market",)
    fields = (("market", "computed"), ("leads_seen", "money"), "standing")
    readonly_fields = ("computed", "money", "standing")

    @display(description="Computed", ordering="computed_at")
    def computed(self, plan: CapacityPlan) -> SafeString | str:
        return age(plan.computed_at)

    @display(description="What is scarce")
    def standing(self, plan: CapacityPlan) -> SafeString:
        if plan.why_none:
            return mark(f"Too few leads to tell: {plan.leads_seen}")
        buyers = len(plan.scarce)
        if not buyers:
            return mark("Room for all that will come", "good")
        return mark(f"Scarce at {buyers} buyer{'s' if buyers > 1 else ''}", "gold")

    @display(description="At best until the month ends", ordering="value")
    def money(self, plan: CapacityPlan) -> str:
        return "—" if plan.value is None else str(Money(plan.value, plan.market.currency))


@dataclass(frozen=True)
class LimitShown:
    """A cap or money of a buyer: what is left, what should be used, what one more is worth."""

    name: str
    words: str
    left: str
    used: str
    worth: str
    is_scarce: bool
    is_full: bool
    until: datetime | None


@page_panel("b2b.capacityplan", place=10)
def _limits(request: HttpRequest, plan: CapacityPlan) -> Panel:
    shown = sorted(_limits_shown(plan), key=lambda one: (not one.is_scarce, one.name, one.words))
    return Panel("What the room is worth", "admin/b2b/plan_limits.html",
                 {"limits": shown, "plan": plan})  # fmt: skip


@page_panel("b2b.capacityplan", place=20)
def _segments(request: HttpRequest, plan: CapacityPlan) -> Panel | None:
    if not plan.figures:
        return None
    # Midnight, when a span ends, is a moment of the day after it.
    ends = [datetime.fromisoformat(one) - timedelta(seconds=1) for one in plan.figures["ends"]]
    segments = [
        one | {"territory": one["territory"].replace("_", " ").title()}
        for one in plan.figures["segments"]
    ]
    return Panel(
        "What is expected to come",
        "admin/b2b/plan_segments.html",
        {"segments": segments, "ends": ends, "weeks": plan.figures["weeks"]},
    )


def _limits_shown(plan: CapacityPlan) -> Iterator[LimitShown]:
    currency = plan.market.currency
    for one in plan.figures.get("limits", ()):
        is_scarce = one["worth"] >= 0.005
        yield LimitShown(
            name=one["name"],
            words=one["words"].removeprefix("its ").capitalize(),
            left=_amount(one["left"], one, currency),
            used=_amount(one["used"], one, currency),
            worth=_worth(one, currency) if is_scarce else "—",
            is_scarce=is_scarce,
            is_full=not one["of_price"] and one["left"] < 1,
            until=datetime.fromisoformat(one["until"]) if one["until"] else None,
        )


def _amount(value: float, limit: dict[str, Any], currency: str) -> str:
    if limit["of_price"]:
        return str(Money(Decimal(str(value)), currency))
    return f"{value:.1f}".removesuffix(".0")


def _worth(limit: dict[str, Any], currency: str) -> str:
    if limit["of_price"]:
        return f"{limit['worth']:.0%} of the price"
    return str(Money(Decimal(str(limit["worth"])), currency))
