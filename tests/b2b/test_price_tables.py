"""The tables of prices as a form: read, stated, copied, and left alone once they have priced."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from apps.b2b.actions.offering import lead_offer
from apps.b2b.models import PricingPolicy
from apps.b2b.pricing import FIRST_POLICY, read_policy
from tests.factories.b2b import make_platform, make_sellable

pytestmark = pytest.mark.django_db

TABLES = {
    "base_USD_premium": "250", "base_USD_standard": "125", "base_USD_volume": "75",
    "base_USD_direct": "180", "base_INR_premium": "1500", "base_INR_standard": "800",
    "base_INR_volume": "400", "base_INR_direct": "1100",
    "quality_0_from": "90", "quality_0_factor": "1.3", "quality_1_from": "80",
    "quality_1_factor": "1.2", "surge_factor": "1.5", "surge_from": "",
    "morning_from": "9", "morning_to": "12", "morning_factor": "1.10",
    "afternoon_from": "12", "afternoon_to": "17", "afternoon_factor": "1.20",
    "weekend": "0.90", "market_nyc": "1.00", "market_india": "1.00",
    "share_percent": "100", "note": "",
}  # fmt: skip
ADD = "/admin/b2b/pricingpolicy/add/"


@pytest.fixture
def as_manager(client: Client, mia) -> Client:
    client.force_login(mia)
    return client


def page_of(policy: PricingPolicy) -> str:
    return f"/admin/b2b/pricingpolicy/{policy.pk}/change/"


def test_the_form_states_the_tables_as_prices_are_made_with_them(as_manager: Client) -> None:
    answer = as_manager.post(ADD, TABLES | {"version": "first"})
    assert answer.status_code == 302, answer.content.decode()
    made = read_policy("x", PricingPolicy.objects.get(version="first").parameters)
    assert made == read_policy("x", FIRST_POLICY)


def test_what_is_shown_is_what_is_stored(as_manager: Client) -> None:
    """Saved as it is shown, nothing changes; and nothing of it is code."""
    odd = FIRST_POLICY | {"quality": [[95, "1.4"]], "surge": {"factor": "2", "from_percent": 70}}
    policy = PricingPolicy.objects.create(version="draft", parameters=odd)
    page = as_manager.get(page_of(policy))
    assert "read_policy" not in page.content.decode()
    form = page.context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    stated = {name: value for name, value in shown.items() if value not in (None, False)}
    assert as_manager.post(page_of(policy), stated).status_code == 302
    policy.refresh_from_db()
    assert read_policy("x", policy.parameters) == read_policy("x", odd)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("base_USD_premium", "0", "greater than or equal"),
        ("weekend", "", "required"),
        ("morning_to", "9", "Later than it begins"),
        ("quality_0_from", "101", "less than or equal"),
        ("quality_1_from", "", "or neither"),
    ],
)
def test_a_table_that_cannot_price_is_said_at_its_field(
    as_manager: Client, field: str, value: str, words: str
) -> None:
    before = PricingPolicy.objects.count()
    page = as_manager.post(ADD, TABLES | {"version": "first", field: value}).content.decode()
    assert words in page
    assert PricingPolicy.objects.count() == before


def test_what_has_priced_leads_stays_and_its_copy_is_changed(as_manager: Client) -> None:
    make_platform()
    lead_offer(make_sellable().pk, now=timezone.now())
    used = PricingPolicy.objects.get()
    as_manager.post(page_of(used), TABLES | {"weekend": "0.50", "share_percent": "40"})
    used.refresh_from_db()
    assert (used.parameters["weekend"], used.share_percent) == ("0.90", 40)
    as_manager.post(f"/admin/b2b/pricingpolicy/{used.pk}/do/copy/")
    copy = PricingPolicy.objects.exclude(pk=used.pk).get()
    assert (copy.version, copy.is_active) == (f"{used.version}-2", False)
    as_manager.post(page_of(copy), TABLES | {"weekend": "0.50", "is_active": "on"})
    copy.refresh_from_db()
    assert (copy.parameters["weekend"], copy.is_active) == ("0.50", True)
