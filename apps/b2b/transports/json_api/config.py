"""What has to be known of a buyer's API, and a mapping to begin with."""

from __future__ import annotations

from typing import Any

from apps.b2b.transports.contracts import Setting

SETTINGS = (
    Setting("url", "Address", "Where leads are posted to, https://…"),
    Setting(
        "auth_header",
        "Header of the key",
        "The name of the header that carries the key",
        required=False,
        default="Authorization",
    ),
    Setting(
        "key", "Key", "The whole value of that header, as “Bearer abc”", required=False, secret=True
    ),
    Setting(
        "health_url",
        "Address to ask for health",
        "Empty: the address itself is asked with HEAD",
        required=False,
    ),
)
TEMPLATE: dict[str, Any] = {
    "external_id": "delivery_id",
    "lead.first_name": "first_name",
    "lead.last_name": "last_name",
    "lead.email": "email",
    "lead.phone": "phone",
    "lead.address": "address",
    "lead.zip": "postal_code",
    "property.type": "property_type",
    "property.own_or_rent": {"from": "ownership", "values": {"owner": "OWN", "renter": "RENT"}},
    "property.monthly_bill": "monthly_bill",
    "consent.text": "consent_text",
    "consent.given_at": "consent_given_at",
    "price": "price",
    "test": "is_test",
}
