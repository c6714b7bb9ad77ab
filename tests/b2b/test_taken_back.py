"""A buyer has a lead that was taken back from it: what staff read, may press, and who pays."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from apps.b2b.actions.delivering import delivery_send
from apps.b2b.actions.manual import delivery_confirm, delivery_deny, delivery_withdraw
from apps.b2b.actions.offering import lead_offer
from apps.b2b.actions.outcomes import attempt_settle
from apps.b2b.actions.settling import sale_accept
from apps.b2b.answers import Reading
from apps.b2b.models import CapUse, Delivery, DeliveryAttempt, PlatformAccount, Sale
from apps.contacts.suppression import suppress
from apps.core.errors import Conflict
from apps.leads.models import Lead
from tests.factories.b2b import make_platform, make_sellable
from tests.walking import settle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_sent(monkeypatch) -> None:
    monkeypatch.setattr("apps.b2b.handlers.delivery_send", lambda _: None)


def late_yes() -> Delivery:
    """Acme's try came to nothing, so it was taken back; now it says yes to an earlier one."""
    make_platform("acme", caps={"day": 3}, contact_email="leads@acme.example")
    lead_offer(make_sellable().pk, now=timezone.now())
    delivery = Delivery.objects.get()
    for number, outcome in ((1, "unknown"), (2, "rejected")):
        attempt = DeliveryAttempt.objects.create(delivery=delivery, number=number)
        Delivery.objects.filter(pk=delivery.pk).update(state="sending", tries=number)
        answered(attempt, outcome)
    settle()
    answered(delivery.attempts.get(number=1), "accepted")
    return Delivery.objects.get(pk=delivery.pk)


def answered(attempt: DeliveryAttempt, outcome: str) -> None:
    attempt_settle(attempt.pk, reading=Reading(outcome), status=200, answer="", milliseconds=1,
                   now=timezone.now())  # fmt: skip


def gone_to_brook() -> Delivery:
    make_platform("brook", tier="volume")
    delivery = late_yes()
    sale_accept(Sale.objects.get(platform__slug="brook").pk, now=timezone.now())
    return delivery


def owes(slug: str) -> bool:
    return PlatformAccount.objects.get(platform__slug=slug).balance > 0


def page_of(client: Client, delivery: Delivery) -> str:
    return client.get(f"/admin/b2b/delivery/{delivery.pk}/change/").content.decode()


def press(client: Client, delivery: Delivery, name: str) -> str:
    address = f"/admin/b2b/delivery/{delivery.pk}/do/{name}/"
    return client.post(address, follow=True).content.decode()


def test_with_the_lead_gone_elsewhere_the_page_says_who_has_it_and_what_to_do(client, mia) -> None:
    client.force_login(mia)
    delivery = gone_to_brook()
    page = page_of(client, delivery)
    assert "is with Brook now" in page
    assert "Ask leads@acme.example to delete the lead" in page
    for name, is_there in (("withdraw", True), ("confirm", False), ("deny", False),
                           ("resend", False)):  # fmt: skip
        assert (f"/do/{name}/" in page) is is_there, name
    assert "They owe nothing for it" in press(client, delivery, "withdraw")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.words) == (
        "cancelled", f"{mia} asked: the buyer has deleted it",
    )  # fmt: skip
    assert (owes("acme"), owes("brook")) == (False, True)
    assert Sale.objects.filter(state="accepted").count() == 1
    assert delivery.sale.lead.activities.filter(summary__contains="has deleted").exists()


def test_it_is_never_booked_for_both(client, mia) -> None:
    """Whoever presses an old page is told who has it, and nothing moves."""
    client.force_login(mia)
    delivery = gone_to_brook()
    assert "The lead has gone to Brook meanwhile." in press(client, delivery, "confirm")
    assert "nobody else is asked" in press(client, delivery, "deny")
    delivery.refresh_from_db()
    assert (delivery.state, owes("acme")) == ("manual", False)


def test_with_nobody_else_they_may_keep_it_and_pay(client, mia) -> None:
    client.force_login(mia)
    delivery = late_yes()
    page = page_of(client, delivery)
    assert "nobody else has it" in page
    assert "/do/withdraw/" in page
    assert "it is sold and owed" in press(client, delivery, "confirm")
    sale = Sale.objects.get()
    assert (sale.state, sale.rounds) == ("accepted", 2)
    assert PlatformAccount.objects.get().balance == sale.price
    assert CapUse.objects.get().used == 1


def test_a_lead_that_was_closed_meanwhile_is_not_theirs(mia) -> None:
    delivery = late_yes()
    Lead.objects.update(status="won")
    with pytest.raises(Conflict, match="The lead is closed"):
        delivery_confirm(delivery.pk, now=timezone.now())
    delivery_withdraw(delivery.pk, actor=mia, now=timezone.now())
    assert (Sale.objects.get().state, owes("acme")) == ("released", False)


def test_what_still_holds_is_not_withdrawn(mia) -> None:
    make_platform("acme")
    lead_offer(make_sellable().pk, now=timezone.now())
    Delivery.objects.update(state="manual")
    delivery = Delivery.objects.get()
    with pytest.raises(Conflict):
        delivery_withdraw(delivery.pk, actor=mia, now=timezone.now())
    delivery_deny(delivery.pk, actor=mia, now=timezone.now())
    assert Sale.objects.get().state == "released"


def test_who_may_have_a_lead_that_nobody_must_call_is_asked_to_delete_it(client, mia) -> None:
    """The person withdrew after a try without an answer: somebody has to tell the buyer."""
    make_platform("acme", contact_email="leads@acme.example")
    lead = make_sellable()
    lead_offer(lead.pk, now=timezone.now())
    Delivery.objects.update(state="retrying", tries=1, may_have_arrived=True)
    suppress(kind="email", value=lead.email, reason="opt_out")
    delivery_send(Delivery.objects.get().pk)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.words) == (
        "manual", "It may have arrived. Must not be contacted any more",
    )  # fmt: skip
    assert (Sale.objects.get().state, owes("acme")) == ("released", False)
    client.force_login(mia)
    page = page_of(client, delivery)
    assert "is for nobody to call. Ask leads@acme.example to delete the lead" in page
    assert "/do/confirm/" not in page
    press(client, delivery, "withdraw")
    delivery.refresh_from_db()
    assert delivery.state == "cancelled"
