"""Columns of a lead as JSON can keep them exactly, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apps.leads.models import Lead

_AS_THEY_ARE = (type(None), bool, int, float, str, dict, list)


def plain_columns(lead: Lead, names: Iterable[str]) -> dict[str, Any]:
    """The columns by name; amounts and moments as texts that lose nothing (microseconds too)."""
    return {name: _plain(getattr(lead, name)) for name in names}


def read_columns(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The values that `plain_columns` wrote."""
    return {name: _column(name).to_python(value) for name, value in plain.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, _AS_THEY_ARE):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _column(name: str) -> Any:
    field: Any = Lead._meta.get_field(name.removesuffix("_id"))
    return field.target_field if field.is_relation else field
