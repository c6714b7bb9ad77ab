"""What has to be known to mail a buyer, and a mapping to begin with."""

from __future__ import annotations

from typing import Any

from apps.b2b.transports.contracts import Setting

SETTINGS = (
    Setting("to", "Addresses", "Where the file goes, separated by commas"),
    Setting("subject", "Subject", required=False, default="New solar lead"),
)
TEMPLATE: dict[str, Any] = {
    "Reference": "delivery_id",
    "First name": "first_name",
    "Last name": "last_name",
    "E-mail": "email",
    "Telephone": "phone",
    "Address": "address",
    "City": "city",
    "ZIP": "postal_code",
    "Home": "property_type",
    "Owner": {"from": "ownership", "values": {"owner": "yes", "renter": "no"}, "default": ""},
    "Monthly bill": "monthly_bill",
    "When": "timeline",
    "Consent given at": "consent_given_at",
    "Price": "price",
}
