"""A buyer that may have the lead already, and a consent that does not hold any more."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.b2b.actions.delivering import delivery_send
from apps.b2b.actions.feedback import FeedbackDraft, feedback_record
from apps.b2b.actions.manual import delivery_deny, delivery_resend
from apps.b2b.actions.offering import lead_offer
from apps.b2b.actions.outcomes import attempt_settle
from apps.b2b.answers import Reading
from apps.b2b.models import Delivery, DeliveryAttempt, PlatformAccount, Sale
from apps.contacts.actions import consent_revoke
from apps.core.errors import Conflict
from apps.leads.models import Lead
from tests.factories.b2b import consent, make_platform, make_sellable
from tests.walking import settle

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 27, 17, tzinfo=UTC)  # Friday noon in New York


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def delivery() -> Delivery:
    """Of a lead sold to acme. Brook would take it too."""
    make_platform("acme")
    make_platform("brook", tier="volume")
    lead_offer(make_sellable(now=NOON).pk, now=NOON)
    return Delivery.objects.get()


def answered(delivery: Delivery, outcome: str) -> str:
    """A try that ended so; returns where the delivery stands then."""
    number = delivery.attempts.count() + 1
    attempt = DeliveryAttempt.objects.create(delivery=delivery, number=number, started_at=NOON)
    Delivery.objects.filter(pk=delivery.pk).update(state="sending", claimed_at=NOON, tries=number)
    attempt_settle(
        attempt.pk, reading=Reading(outcome), status=None, answer="", milliseconds=1, now=NOON
    )
    delivery.refresh_from_db()
    return delivery.state


def test_who_knows_it_after_a_try_without_an_answer_may_know_it_from_us(delivery) -> None:
    assert answered(delivery, "unknown") == "retrying"
    assert answered(delivery, "duplicate") == "manual"
    settle()
    sale = Sale.objects.get()  # of nobody else
    assert (sale.platform.slug, sale.state) == ("acme", "reserved")


def test_a_buyer_that_forgets_what_it_took_is_asked_by_a_person(buyers, clock) -> None:
    make_platform("acme", endpoint={"url": f"{buyers.url}/forgetful/leads"})
    lead_offer(make_sellable(now=NOON).pk, now=NOON)
    delivery = Delivery.objects.get()
    for _ in range(2):
        delivery_send(delivery.pk)
        clock.shift(20)
    delivery.refresh_from_db()
    assert delivery.state == "manual"
    assert list(delivery.attempts.values_list("outcome", flat=True)) == ["unknown", "duplicate"]
    assert buyers.memory.taken == {"forgetful": [str(delivery.public_id)]}


@pytest.mark.parametrize("what", ["settle", "claim", "resend"])
def test_locks_are_taken_in_one_order(delivery, what: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        if what == "settle":
            answered(delivery, "failed")
        elif what == "claim":
            delivery_send(delivery.pk)
        else:
            with pytest.raises(Conflict):
                delivery_resend(delivery.pk, now=NOON)
    assert locked_in(queries)[:3] == ["leads_lead", "b2b_platformaccount", "b2b_delivery"]


def locked_in(queries: CaptureQueriesContext) -> list[str]:
    """The tables that were locked, in order."""
    found = (re.search(r'FROM "(\w+)".* FOR (NO KEY )?UPDATE', one["sql"]) for one in queries)
    return list(dict.fromkeys(one[1] for one in found if one))


def test_who_knows_it_at_the_first_try_knows_it_from_others(delivery) -> None:
    assert answered(delivery, "duplicate") == "rejected"
    settle()
    assert Sale.objects.get(platform__slug="acme").release_reason == "duplicate"
    assert Sale.objects.filter(platform__slug="brook").exists()


# --- consents -------------------------------------------------------------------------------------


def withdraw(lead: Lead, channel: str) -> None:
    consent_revoke(contact_pk=lead.contact_id, channels=[channel], inbound_event=None, now=NOON)


def sold_to_one_that_needs(*channels: str) -> Delivery:
    make_platform("acme", filters={"consent_channels": list(channels)})
    lead_offer(make_sellable(now=NOON).pk, now=NOON)
    return Delivery.objects.get()


@pytest.mark.parametrize("withdrawn", ["call", "email"])
def test_a_channel_the_buyer_needs_that_is_withdrawn_stops_what_waits(withdrawn: str) -> None:
    delivery = sold_to_one_that_needs("call", "email")
    withdraw(delivery.sale.lead, withdrawn)
    delivery_send(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts.count()) == ("cancelled", 0)
    assert Sale.objects.get().release_reason == "suppressed"


def test_the_channel_the_sale_relies_on_is_needed_whatever_the_buyer_needs() -> None:
    delivery = sold_to_one_that_needs()
    assert delivery.sale.consent is not None
    withdraw(delivery.sale.lead, delivery.sale.consent.channel)
    delivery_send(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts.count()) == ("cancelled", 0)


def test_what_nobody_relies_on_may_be_withdrawn() -> None:
    delivery = sold_to_one_that_needs("call")
    withdraw(delivery.sale.lead, "email")
    delivery_send(delivery.pk)
    assert delivery.attempts.count() == 1


def test_without_a_channel_the_buyer_needs_it_is_not_reserved_again() -> None:
    delivery = sold_to_one_that_needs("call", "email")
    assert answered(delivery, "rejected") == "rejected"
    withdraw(delivery.sale.lead, "email")
    with pytest.raises(Conflict, match="consent"):
        delivery_resend(delivery.pk, now=NOON)
    assert Sale.objects.get().state == "released"


# --- by hand --------------------------------------------------------------------------------------


def test_what_may_have_arrived_may_have_arrived_when_it_is_sent_again_too(delivery) -> None:
    answered(delivery, "unknown")
    answered(delivery, "refused")
    delivery_resend(delivery.pk, now=NOON)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.may_have_arrived) == ("queued", True)
    assert answered(delivery, "duplicate") == "manual"


def test_what_a_person_says_has_not_arrived_has_not(delivery, mia) -> None:
    answered(delivery, "unknown")
    answered(delivery, "duplicate")
    delivery_deny(delivery.pk, actor=mia, now=NOON)
    delivery_resend(delivery.pk, now=NOON)
    delivery.refresh_from_db()
    assert not delivery.may_have_arrived


def test_the_sale_points_to_the_consent_that_comes_with_a_certificate() -> None:
    """The newest has none: the buyer that needs one is sent the one it relies on."""
    make_platform("acme", filters={"needs_certificate": True})
    lead = make_sellable()
    consent(lead, "email", certificate_url="https://certificates.example/1")
    consent(lead, "call")
    [sale] = lead_offer(lead.pk, now=NOON).sales
    assert sale.consent is not None
    assert sale.consent.channel == "email"
    assert sale.consent.certificate_url == "https://certificates.example/1"


# --- what the buyer says itself -------------------------------------------------------------------


def says(sale: Sale, kind: str) -> Delivery:
    draft = FeedbackDraft(lead_id=sale.lead.public_id, type=kind)
    feedback_record(sale.platform, draft, way="api", now=NOON)
    return Delivery.objects.get(sale=sale)


@pytest.mark.parametrize("kind", ["accepted", "contacted", "lost"])
def test_who_says_something_of_a_lead_it_may_have_has_it(delivery, kind: str) -> None:
    answered(delivery, "unknown")
    answered(delivery, "duplicate")
    told = says(delivery.sale, kind)
    assert (told.state, told.words) == (
        "accepted", f"They have it, for their feedback says: {kind}",
    )  # fmt: skip
    sale = Sale.objects.get()
    assert sale.state == "accepted"
    assert PlatformAccount.objects.get(platform=sale.platform).balance == sale.price


def test_a_rejection_is_left_to_a_person(delivery) -> None:
    answered(delivery, "unknown")
    answered(delivery, "duplicate")
    assert says(delivery.sale, "rejected").state == "manual"
    assert Sale.objects.get().state == "reserved"


def test_what_is_still_being_tried_is_settled_by_its_own_answer(delivery) -> None:
    answered(delivery, "unknown")
    assert says(delivery.sale, "contacted").state == "retrying"


def test_feedback_takes_its_locks_in_the_one_order(delivery) -> None:
    Delivery.objects.update(state="manual")
    with CaptureQueriesContext(connection) as queries:
        says(delivery.sale, "contacted")
    assert locked_in(queries)[:3] == ["leads_lead", "b2b_platformaccount", "b2b_delivery"]
    said = [one["sql"] for one in queries]
    locks = next(n for n, sql in enumerate(said) if "FOR UPDATE" in sql)
    assert locks < next(n for n, sql in enumerate(said) if "INSERT INTO" in sql)
