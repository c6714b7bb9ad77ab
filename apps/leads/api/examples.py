"""Bodies that can be sent as they stand, for the description of the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample


def _sent(name: str, body: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value=body, request_only=True)


NEW_LEAD = _sent(
    "A co-op owner in Manhattan",
    {
        "first_name": "Grace",
        "last_name": "Feldman",
        "email": "grace@example.com",
        "phone": "(212) 555-0142",
        "market": "nyc",
        "postal_code": "10021",
        "property_type": "co_op",
        "ownership": "owner",
        "monthly_bill": 400,
        "timeline": "within_3_months",
        "message": "My neighbours have panels. What would they bring me?",
    },
)
CHANGES = [
    _sent("They were called", {"status": "contacted", "call_status": "callback_requested"}),
    _sent("They said more", {"monthly_bill": 310, "roof_type": "flat", "decision_maker": "joint"}),
    _sent("It was lost", {"status": "lost", "lost_reason": "Moves away"}),
]
