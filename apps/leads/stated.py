"""When each thing a lead states was last stated: read off its timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apps.leads.choices import ActivityKind
from apps.leads.merging import CLOCK, UNITS, Told
from apps.leads.models import Lead

_STATING = (ActivityKind.INBOUND, ActivityKind.UPDATED)
_FOLLOWED = (
    "status", "call_status", "interest_level", "priority_level", "is_partial", "behaviour",
    "first_touch", "last_touch", "first_response_at", "first_reached_at", *CLOCK,
)  # fmt: skip


def told_by(lead: Lead) -> Told:
    """What a lead states, as merging weighs it. One query."""
    names = [*(column for columns in UNITS.values() for column in columns), *_FOLLOWED]
    return Told(
        values={name: getattr(lead, name) for name in names},
        stated_at=_stated_at(lead),
        created_at=lead.created_at,
    )


def _stated_at(lead: Lead) -> dict[str, datetime]:
    lines = lead.activities.filter(kind__in=_STATING).order_by("created_at", "id")
    found: dict[str, datetime] = {}
    for data, at in lines.values_list("data", "created_at"):
        for name in _changed(data):
            found[name] = at
    return found


def _changed(data: dict[str, Any]) -> list[str]:
    """An inbound line lists what it changed; a correction by hand, what was there before."""
    return [*data.get("changed", ()), *data.get("before", {})]
