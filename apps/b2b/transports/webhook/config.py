"""What has to be known of a buyer's webhook, and a mapping to begin with."""

from __future__ import annotations

from typing import Any

from apps.b2b.transports.contracts import Setting

SETTINGS = (
    Setting("url", "Address", "Where leads are posted to, https://…"),
    Setting(
        "signing_secret",
        "Signing secret",
        "Shared with the buyer, who checks our signature with it (whsec_…)",
        secret=True,
    ),
    Setting("health_url", "Address to ask for health", "Empty: the address itself", required=False),
)
TEMPLATE: dict[str, Any] = {
    "type": "=lead.sold",
    "data.id": "delivery_id",
    "data.lead_id": "lead_id",
    "data.first_name": "first_name",
    "data.last_name": "last_name",
    "data.email": "email",
    "data.phone": "phone",
    "data.address": "address",
    "data.city": "city",
    "data.state": "state",
    "data.postal_code": "postal_code",
    "data.property_type": "property_type",
    "data.ownership": "ownership",
    "data.monthly_bill": "monthly_bill",
    "data.timeline": "timeline",
    "data.score": "score",
    "data.price": "price",
    "data.currency": "currency",
    "data.consent.text": "consent_text",
    "data.consent.given_at": "consent_given_at",
    "data.consent.channels": "consent_channels",
    "data.test": "is_test",
}
