"""A buyer is set up in the admin: step by step, tested the real way, live."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.b2b.actions.offering import lead_offer
from apps.b2b.models import Platform
from tests.factories.b2b import make_platform, make_sellable
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

NEW = {
    "name": "Acme Solar", "slug": "acme", "contact_email": "leads@acme.example", "market": "nyc",
    "time_zone": "America/New_York", "tier": "standard", "method": "json_api",
    "price_floor": "20", "price_ceiling": "300",
}  # fmt: skip
NO_CAPS = {"caps-TOTAL_FORMS": "0", "caps-INITIAL_FORMS": "0"}


@pytest.fixture
def as_manager(client: Client, mia) -> Client:
    client.force_login(mia)
    return client


def details(platform: Platform, **changed: str) -> dict[str, str]:
    return {
        "name": platform.name, "contact_email": platform.contact_email, "tier": "standard",
        "time_zone": "America/New_York", "share_limit": "1", "duplicate_days": "90",
        "pause_after_rejections": "8", "price_floor": "20", "price_ceiling": "300",
        "payment": "terms", "days_to_pay": "30", "commission_kind": "percent", "commission": "0",
        "return_window_hours": "72", "return_percent_max": "10", "method": platform.method,
        "pacing_day_percent": "0", "pacing_week_percent": "0", **NO_CAPS,
    } | changed  # fmt: skip


def do(client: Client, platform: Platform, name: str, **data: str):
    return client.post(
        reverse("admin:b2b_platform_do", args=[platform.pk, name]), data, follow=True
    )


def test_from_nothing_to_live(as_manager: Client, buyers) -> None:
    as_manager.post("/admin/b2b/platform/add/", NEW)
    platform = Platform.objects.get(slug="acme")
    assert platform.status == "onboarding"
    assert platform.mapping["lead.zip"] == "postal_code"  # the template of its method
    page = as_manager.get(f"/admin/b2b/platform/{platform.pk}/change/").content.decode()
    assert "Address is missing" in page
    refused = do(as_manager, platform, "live")
    assert "Not yet: address is missing." in refused.content.decode()
    saved = as_manager.post(
        f"/admin/b2b/platform/{platform.pk}/change/",
        details(
            platform,
            json_api_url=f"{buyers.url}/accept/leads",
            json_api_key="Bearer s3cr3t",
            mapping='{"zip": "postal_code", "who.mail": "email"}',
            windows="Mon-Fri 09:00-18:00",
            filter_bill_min="100",
            filter_ownership="owner",
            filter_utilities="Con Edison",
        ),
    )
    assert saved.status_code == 302, saved.context["adminform"].form.errors
    platform.refresh_from_db()
    assert platform.filters == {
        "bill_min": "100", "ownership": ["owner"], "utilities": ["Con Edison"],
    }  # fmt: skip
    assert platform.windows == [{"days": [0, 1, 2, 3, 4], "from": "09:00", "to": "18:00"}]
    assert platform.endpoint == {
        "url": f"{buyers.url}/accept/leads", "auth_header": "Authorization",
    } or platform.endpoint == {"url": f"{buyers.url}/accept/leads"}  # fmt: skip
    assert "Bearer s3cr3t" in platform.credentials
    page = as_manager.get(f"/admin/b2b/platform/{platform.pk}/change/").content.decode()
    assert "s3cr3t" not in page
    assert "&quot;who&quot;: {&quot;mail&quot;: &quot;test.lead@example.com&quot;}" in page
    do(as_manager, platform, "test")
    do(as_manager, platform, "live")
    platform.refresh_from_db()
    assert platform.status == "active"
    assert len(buyers.memory.taken["accept"]) == 1


def test_a_test_lead_that_is_rejected_does_not_pass(as_manager: Client, buyers) -> None:
    platform = make_platform(status="onboarding", endpoint={"url": f"{buyers.url}/reject/leads"})
    shown = do(as_manager, platform, "test").content.decode()
    assert "The buyer rejected the test lead" in shown
    platform.refresh_from_db()
    assert platform.tested_at is None


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("mapping", '{"zip": "nonsense"}', "we have no field called"),
        ("mapping", "[1]", "must be a JSON object"),
        ("answers", '{"accepted": "yes"}', "is a list of words"),
        ("windows", "Someday 9-5", "is not understood"),
        ("windows", "Mon 18:00-09:00", "opens before it closes"),
        ("windows", "Mon 18:00-25:00", "Times are written as"),
        ("time_zone", "Mars/Olympus", "Not a time zone"),
        ("price_ceiling", "10", "Not less than the price at least"),
        ("price_floor", "0", "More than nothing"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(as_manager: Client, field, value, words) -> None:
    platform = make_platform()
    answer = as_manager.post(
        f"/admin/b2b/platform/{platform.pk}/change/", details(platform, **{field: value})
    )
    assert words in answer.content.decode()


def test_a_new_buyer_keeps_the_clock_of_its_market(as_manager: Client) -> None:
    as_manager.post("/admin/b2b/platform/add/", NEW | {"time_zone": "", "market": "india"})
    assert Platform.objects.get().time_zone == "Asia/Kolkata"


def test_a_buyer_that_costs_more_than_it_pays_at_most_is_not_begun(as_manager: Client) -> None:
    page = as_manager.post("/admin/b2b/platform/add/", NEW | {"price_ceiling": "10"})
    assert "Not less than the price at least" in page.content.decode()
    assert "violated" not in page.content.decode()
    assert not Platform.objects.exists()


def test_saving_the_form_takes_back_no_pause_and_nothing_learnt(as_manager: Client) -> None:
    """What comes between reading the row and writing it is not the form's to overwrite."""
    platform = make_platform()
    stated = details(platform, notes="Nice people")
    with CaptureQueriesContext(connection) as seen:
        as_manager.post(f"/admin/b2b/platform/{platform.pk}/change/", stated)
    [written] = [one["sql"] for one in seen if one["sql"].startswith('UPDATE "b2b_platform"')]
    assert '"notes"' in written
    for learnt in ("status", "acceptance_rate", "rejections_in_a_row", "resting_until"):
        assert f'"{learnt}"' not in written


def test_an_empty_secret_keeps_the_old_one(as_manager: Client) -> None:
    platform = make_platform(credentials='{"key": "Bearer old"}')
    as_manager.post(f"/admin/b2b/platform/{platform.pk}/change/", details(platform))
    platform.refresh_from_db()
    assert platform.credentials == '{"key": "Bearer old"}'


def test_a_copy_has_neither_secrets_nor_history(as_manager: Client) -> None:
    platform = make_platform("acme", credentials='{"key": "x"}', filters={"tiers": ["premium"]},
                             caps={"day": 3}, rejections_in_a_row=4)  # fmt: skip
    do(as_manager, platform, "clone")
    copy = Platform.objects.get(slug="acme-copy-1")
    assert (copy.status, copy.credentials, copy.rejections_in_a_row) == ("onboarding", "", 0)
    assert copy.filters == platform.filters
    assert [str(cap) for cap in copy.caps.all()] == ["3 a day"]


def test_a_payment_is_booked_once_for_a_reference(as_manager: Client) -> None:
    platform = make_platform()
    booked = do(as_manager, platform, "payment", amount="250.50", reference="bank 1")
    assert "Booked. $250.50 paid ahead" in booked.content.decode()
    for amount, reference, words in (
        ("250.50", "bank 1", "was booked before"),
        ("99", "bank 1", "was booked before"),
        ("250.50", "", "has a reference"),
        ("-1", "bank 2", "no amount to book"),
        ("0.001", "bank 3", "no amount to book"),
        ("1e30", "bank 4", "no amount to book"),
        ("nothing", "bank 5", "no amount to book"),
    ):
        refused = do(as_manager, platform, "payment", amount=amount, reference=reference)
        assert words in refused.content.decode()
    platform.account.refresh_from_db()
    assert float(platform.account.balance) == -250.50


def test_the_trace_of_a_lead_opens(as_manager: Client) -> None:
    from django.utils import timezone

    from apps.b2b.actions.offering import lead_offer
    from tests.factories.b2b import make_sellable

    make_platform("acme")
    make_platform("brook", filters={"territories": ["queens"]})
    lead = make_sellable(postal_code="10021")
    lead_offer(lead.pk, now=timezone.now())
    page = as_manager.get(reverse("admin:b2b_trace", args=[lead.pk])).content.decode()
    for words in (
        "Acme",
        "Chosen",
        "A standard buyer",
        "Why not the others",
        "Does not take manhattan",
    ):
        assert words in page
    lead_page = as_manager.get(f"/admin/leads/lead/{lead.pk}/change/").content.decode()
    assert "Offered to buyers" in lead_page


def test_a_sale_shows_how_its_price_came_about_and_where_to_go_on(as_manager: Client) -> None:
    make_platform("acme", bid=Decimal(100), price_ceiling=Decimal(105))
    lead = make_sellable(score=95)
    [sale] = lead_offer(lead.pk, now=timezone.now()).sales
    page = as_manager.get(f"/admin/b2b/sale/{sale.pk}/change/").content.decode()
    for words in ("own bid", "Score of 95", "ceiling holds", "$105"):
        assert words in page, words
    for name, key in (("b2b_trace", lead.pk), ("b2b_delivery_change", sale.delivery.pk)):
        assert reverse(f"admin:{name}", args=[key]) in page
    listed = as_manager.get("/admin/b2b/sale/").content.decode()
    assert f"/admin/b2b/sale/{sale.pk}/change/" in listed


def test_who_may_only_look_is_shown_what_a_buyer_wants(client: Client) -> None:
    """The fields of the form hold nothing where there is no form to fill in."""
    platform = make_platform(
        filters={"ownership": ["owner"], "bill_min": "150", "needs_valid_phone": True},
        windows=[{"days": [0, 4], "from": "09:00", "to": "18:00"}],
        credentials='{"key": "Bearer secret"}',
    )
    client.force_login(make_user("ana", role="analyst"))
    page = client.get(f"/admin/b2b/platform/{platform.pk}/change/").content.decode()
    for words in ("Ownership: <strong>Owns it</strong>", "Bill from: <strong>150</strong>",
                  "Valid telephone number needed: <strong>yes</strong>", "Mon, Fri 09:00-18:00",
                  platform.endpoint["url"]):  # fmt: skip
        assert words in page
    assert "Filter bill min" not in page
    assert "Bearer secret" not in page
