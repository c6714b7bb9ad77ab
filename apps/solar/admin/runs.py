"""Estimates that were given to somebody. Read only: they are what we said."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import admin
from django.contrib.admin import display
from django.http import HttpRequest
from unfold.contrib.filters.admin import RelatedDropdownFilter

from apps.core.money import Money
from apps.core.staff.pages import ReadOnlyAdmin
from apps.core.staff.panels import Panel, page_panel
from apps.solar.models import EstimateRun
from apps.solar.showing import assumptions_of, figures_of, inputs_of


@admin.register(EstimateRun)
class EstimateRunAdmin(ReadOnlyAdmin):
    """What visitors were told, with everything it rests on."""

    list_display = ("public_id", "market", "capacity", "savings", "model_version", "created_at")
    list_filter = (("market", RelatedDropdownFilter),)
    list_select_related = ("market",)
    search_fields = ("public_id",)
    ordering = ("-created_at", "-id")
    fields = (("public_id", "model_version"), ("yield_source", "created_at"))

    @display(description="System")
    def capacity(self, run: EstimateRun) -> str:
        return f"{run.result['system_capacity_kw']:g} kW"

    @display(description="Saves a year")
    def savings(self, run: EstimateRun) -> str:
        saved = Decimal(str(run.result["annual_savings"]))
        return str(Money(saved, run.result["currency"]))


@page_panel("solar.estimaterun")
def _estimate(request: HttpRequest, run: EstimateRun) -> Panel:
    return Panel(
        "The estimate",
        "admin/tables.html",
        {
            "tables": [
                ("What was asked", inputs_of(run.inputs)),
                ("What we said", figures_of(run.result)),
                ("What it rests on", assumptions_of(run.result)),
            ]
        },
    )
