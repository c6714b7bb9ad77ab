"""Markets, territories and postal areas."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from apps.core.staff.marks import mark
from apps.core.staff.pages import StaffAdmin
from apps.solar.models import Market, PostalArea, Territory

_SERVICE_TONES = {"core": "good", "served": "info", "outside": "plain"}
_ORIGIN = ("Where this comes from", {"fields": ("source", ("checked_on", "confidence"))})


@admin.register(Market)
class MarketAdmin(StaffAdmin):
    """Countries and cities we work in."""

    list_display = ("name", "code", "currency", "region", "time_zone", "postal_code_name")
    ordering = ("name",)

    def get_readonly_fields(self, request: HttpRequest, obj: Market | None = None) -> Any:
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Territory)
class TerritoryAdmin(StaffAdmin):
    """Boroughs and states. What is changed here counts from the next lead on."""

    list_display = (
        "name",
        "market",
        "service_mark",
        "adoption_index",
        "demand_index",
        "checked_on",
    )
    list_filter = (("market", RelatedDropdownFilter), ("service", ChoicesDropdownFilter))
    list_select_related = ("market",)
    search_fields = ("name", "code")
    ordering = ("market", "name")
    fieldsets = (
        (None, {"fields": (("market", "code"), ("name", "service"))}),
        (
            "For the score",
            {
                "fields": (("adoption_index", "demand_index"),),
                "description": "The tables that ship with the product are loaded again with every"
                " new version and write over what they contain.",
            },
        ),
        _ORIGIN,
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Territory | None = None) -> Any:
        return ("market", "code") if obj else ()

    @display(description="Service", ordering="service")
    def service_mark(self, territory: Territory) -> SafeString:
        return mark(territory.get_service_display(), _SERVICE_TONES[territory.service])


@admin.register(PostalArea)
class PostalAreaAdmin(StaffAdmin):
    """Postal codes, or how they begin, and the territory they lie in."""

    list_display = ("prefix", "neighborhood", "territory", "market", "utility", "income_rank")
    list_filter = (("market", RelatedDropdownFilter),)
    list_select_related = ("market", "territory")
    search_fields = ("prefix__startswith", "neighborhood__istartswith")
    autocomplete_fields = ("territory",)
    ordering = ("market", "prefix")
    fieldsets = (
        (None, {"fields": (("market", "prefix"), ("territory", "neighborhood"))}),
        ("Facts", {"fields": (("utility", "income_rank"), ("latitude", "longitude"))}),
        _ORIGIN,
    )
