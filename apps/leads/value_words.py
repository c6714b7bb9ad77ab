"""A stated value of a lead in words: its choice, its unit, its currency."""

from __future__ import annotations

from apps.core.money import Money
from apps.leads.models import Lead

_UNITS = {"roof_age": " years", "roof_area_m2": " m²", "estimated_capacity": " kW"}


def value_words(lead: Lead, name: str) -> str:
    """What a column says; "" is what nobody stated. A bill reads the `market` of the lead."""
    value = getattr(lead, name)
    if value in ("", None):
        return ""
    if name == "monthly_bill":
        return str(Money(value, lead.market.currency))
    words = getattr(lead, f"get_{name}_display", None)
    return f"{words() if words else value}{_UNITS.get(name, '')}"
