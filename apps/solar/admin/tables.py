"""Tariffs, incentives, costs and assumptions: what the calculator reckons with, and since when.

A change counts from the next estimate on; estimates already given keep what they were made with.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from apps.core.staff.pages import StaffAdmin
from apps.solar.models import Assumption, Incentive, InstallCost, Tariff

_ORIGIN = ("Where this comes from", {"fields": ("source", ("checked_on", "confidence"))})
_VALIDITY = ("When it holds", {"fields": (("valid_from", "valid_to"),)})


class _Dated(StaffAdmin):
    """A row of a dated table: named by its key, never deleted, only ended by its last day."""

    list_filter: Any = (("market", RelatedDropdownFilter), ("confidence", ChoicesDropdownFilter))
    list_select_related = ("market",)
    ordering = ("market", "key")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("key",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="Holds", ordering="valid_from")
    def holds(self, row: Any) -> str:
        begins = f"from {row.valid_from:%-d %b %Y}" if row.valid_from else "from the beginning"
        return f"{begins} to {row.valid_to:%-d %b %Y}" if row.valid_to else f"{begins} on"


@admin.register(Tariff)
class TariffAdmin(_Dated):
    """What power costs, and what is paid for what flows back."""

    list_display = ("name", "market", "rates", "net_metering", "holds", "checked_on")
    search_fields = ("name", "utility", "key")
    fieldsets = (
        (None, {"fields": (("key", "market"), ("name", "utility"))}),
        (
            "Charges",
            {
                "fields": (
                    "slabs",
                    ("per_kwh_charge", "surcharge_percent"),
                    ("fixed_charge", "fixed_charge_per_kw"),
                    "subsidies",
                )
            },
        ),
        (
            "Solar",
            {
                "fields": (
                    ("net_metering", "net_metering_limit_kw"),
                    ("export_rate", "cbc_per_kw_month"),
                    "escalation_percent",
                )
            },
        ),
        _VALIDITY,
        _ORIGIN,
    )

    @display(description="Rates a kWh")
    def rates(self, tariff: Tariff) -> str:
        """`3.00 to 200, 4.50 to 400, then 6.50`, in the market's currency."""
        steps = [f"{rate} to {limit}" if limit else f"then {rate}" for limit, rate in tariff.slabs]
        return ", ".join(steps) if len(steps) > 1 else str(tariff.slabs[0][1])


@admin.register(Incentive)
class IncentiveAdmin(_Dated):
    """Credits, rebates and abatements, each with the days it holds."""

    list_display = ("name", "market", "code", "counted", "holds", "checked_on")
    search_fields = ("name", "code")
    fieldsets = (
        (None, {"fields": (("key", "market"), ("code", "name"), ("kind", "is_counted"), "note")}),
        (
            "Amount",
            {
                "fields": (
                    ("percent", "basis"),
                    ("fixed_amount", "cap"),
                    ("per_kw", "paid_over_years"),
                )
            },
        ),
        (
            "Who gets it",
            {
                "fields": (
                    ("financing", "property_types"),
                    ("territories", "utilities"),
                    "requires",
                )
            },
        ),
        _VALIDITY,
        _ORIGIN,
    )

    @display(description="Counted", boolean=True, ordering="is_counted")
    def counted(self, incentive: Incentive) -> bool:
        return incentive.is_counted


@admin.register(InstallCost)
class InstallCostAdmin(_Dated):
    """What a system costs, installed, and the roof it needs."""

    list_display = ("key", "market", "cost_per_kw", "roof_m2_per_kw", "holds", "checked_on")
    fieldsets = (
        (None, {"fields": (("key", "market"), "property_types")}),
        ("Cost", {"fields": (("cost_per_kw", "roof_m2_per_kw"),)}),
        _VALIDITY,
        _ORIGIN,
    )


@admin.register(Assumption)
class AssumptionAdmin(StaffAdmin):
    """Losses, degradation, discount rates: every other number an estimate rests on."""

    list_display = ("name", "market", "value", "unit", "confidence", "checked_on")
    list_filter = (("market", RelatedDropdownFilter), ("confidence", ChoicesDropdownFilter))
    list_select_related = ("market",)
    search_fields = ("name",)
    ordering = ("market", "name")
    fieldsets = ((None, {"fields": (("market", "name"), ("value", "unit"))}), _ORIGIN)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("market", "name") if obj else ()
