"""What a buyer is sent: made once, when the lead is sold, and again after a mapping changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from apps.b2b.choices import DeliveryState
from apps.b2b.mapping import as_csv, as_json, map_fields
from apps.b2b.models import Delivery, DeliveryPayload, Platform, Sale
from apps.b2b.snapshot import given_consents
from apps.b2b.transports.registry import transport_of
from apps.b2b.windows import next_opening, read_windows
from apps.core import outbox
from apps.core.ids import new_id

DELIVERY_DUE = "b2b.delivery_due"
KEEP_PAYLOADS_FOR = timedelta(days=180)


def delivery_pack(sale: Sale, *, now: datetime) -> Delivery:
    """The delivery of a new sale, to be sent now or when the buyer's next window opens."""
    key = new_id()
    platform = sale.platform
    opens = next_opening(read_windows(platform.windows), now, platform.time_zone)
    delivery = Delivery.objects.create(
        public_id=key,
        sale=sale,
        platform=platform,
        method=platform.method,
        payload=payload_make(platform, lead_fields(sale, key), now),
        not_before=opens,
        words="" if opens <= now else "Waits for the buyer's hours",
        created_at=now,
    )
    if opens <= now:
        delivery_announce(delivery)
    return delivery


def delivery_repack(delivery: Delivery, *, now: datetime) -> None:
    """The same delivery with the buyer's present mapping and way, to be sent at once.

    One that waited for a person may be there already, and stays in that doubt: the key is the same.
    """
    platform = delivery.platform
    delivery.method = platform.method
    delivery.payload = payload_make(platform, lead_fields(delivery.sale, delivery.public_id), now)
    delivery.may_have_arrived = delivery.state == DeliveryState.MANUAL
    delivery.state, delivery.words, delivery.tries = DeliveryState.QUEUED, "", 0
    delivery.not_before, delivery.ended_at = now, None
    delivery.save()
    delivery_announce(delivery)


def delivery_announce(delivery: Delivery) -> None:
    """Ask a worker to send it soon; without one the sweeper does."""
    outbox.publish(DELIVERY_DUE, key=str(new_id()), delivery=str(delivery.public_id))


def payload_make(platform: Platform, fields: dict[str, Any], now: datetime) -> DeliveryPayload:
    """The bytes for a buyer, by its mapping."""
    body, content_type = body_of(platform, fields)
    return DeliveryPayload.objects.create(
        body=body,
        content_type=content_type,
        mapping=platform.mapping,
        created_at=now,
        delete_after=now + KEEP_PAYLOADS_FOR,
    )


def body_of(platform: Platform, fields: dict[str, Any]) -> tuple[bytes, str]:
    """Our fields in the buyer's words, and their content type."""
    mapped = map_fields(platform.mapping, fields)
    if transport_of(platform.method).body == "csv":
        return as_csv(mapped), "text/csv; charset=utf-8"
    return as_json(mapped), "application/json"


def lead_fields(sale: Sale, delivery_id: UUID) -> dict[str, Any]:
    """A lead under our own field names, as `mapping.OUR_FIELDS` lists them."""
    lead, consent = sale.lead, sale.consent
    bill = lead.monthly_bill
    return {
        "delivery_id": str(delivery_id),
        "lead_id": str(lead.public_id),
        **{
            name: getattr(lead, name)
            for name in (
                "first_name",
                "last_name",
                "email",
                "phone",
                "address",
                "city",
                "state",
                "postal_code",
                "property_type",
                "ownership",
                "utility",
                "roof_type",
                "roof_age",
                "shading",
                "timeline",
                "decision_maker",
                "credit_range",
                "score",
                "tier",
            )
        },  # fmt: skip
        "market": lead.market_id,
        "territory": lead.territory.code if lead.territory else "",
        "monthly_bill": None if bill is None else float(bill),
        "currency": sale.currency,
        "price": float(sale.price),
        "is_exclusive": sale.is_exclusive,
        "created_at": _utc(lead.created_at),
        "consent_text": consent.wording if consent else "",
        "consent_given_at": _utc(consent.occurred_at) if consent else None,
        "consent_channels": sorted(given_consents(lead)),
        "certificate_url": consent.certificate_url if consent else "",
        "is_test": sale.platform.is_test,
    }


EXAMPLE_FIELDS: dict[str, Any] = {
    "delivery_id": "0192f000-0000-7000-8000-0000000000d1",
    "lead_id": "0192f000-0000-7000-8000-0000000000a1",
    "first_name": "TEST",
    "last_name": "Lead",
    "email": "test.lead@example.com",
    "phone": "+12125550100",
    "address": "1 Test Street",
    "city": "New York",
    "state": "NY",
    "postal_code": "10021",
    "market": "nyc",
    "territory": "manhattan",
    "property_type": "co_op",
    "ownership": "owner",
    "monthly_bill": 240.0,
    "currency": "USD",
    "utility": "Con Edison",
    "roof_type": "flat",
    "roof_age": 8,
    "shading": "none",
    "timeline": "within_3_months",
    "decision_maker": "sole",
    "credit_range": "good",
    "score": 88,
    "tier": "premium",
    "price": 125.0,
    "is_exclusive": True,
    "created_at": "2026-11-21T12:00:00Z",
    "consent_text": "I agree to be contacted about solar for my home.",
    "consent_given_at": "2026-11-21T12:00:00Z",
    "consent_channels": ["call", "email"],
    "certificate_url": "",
    "is_test": True,
}


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
