"""A manager in a real browser: a buyer is set up, a lead is traced, the manual queue is emptied."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.system.browser import watched_page
from tests.system.processes import Running, poll

pytestmark = pytest.mark.system


@pytest.fixture
def manager(browser: Browser, running_system: Running) -> Iterator[Page]:
    """The demo's manager, signed in."""
    with watched_page(browser, base_url=running_system.url) as page:
        page.goto("/admin/login/")
        page.locator("[name=username]").fill("manager")
        page.locator("[name=password]").fill("solar-demo")
        page.locator("form [type=submit]").first.click()
        expect(page.locator("#do-next")).to_be_visible()
        yield page


def one(database: psycopg.Connection, query: str) -> str | int | None:
    row = database.execute(query).fetchone()
    return row[0] if row else None


SOLD = (
    "SELECT lead_id FROM b2b_sale WHERE state = 'accepted' AND currency = 'USD' ORDER BY id LIMIT 1"
)


def test_the_demo_earns_and_a_lead_can_be_traced(
    manager: Page, database: psycopg.Connection
) -> None:
    lead = poll(lambda: one(database, SOLD), seconds=60, what="a lead a buyer accepted")
    manager.goto("/admin/")
    expect(manager.locator("#earned")).to_contain_text("this month")
    manager.goto(f"/admin/leads/lead/{lead}/change/")
    manager.get_by_role("link", name="The whole trace").click()
    chosen = manager.locator(".sc-bidder--chosen").first
    expect(chosen).to_contain_text("Chosen")
    expect(chosen).to_contain_text("Expected revenue")
    expect(manager.get_by_text("Why not the others").first).to_be_visible()


def test_a_buyer_is_set_up_step_by_step(manager: Page, database: psycopg.Connection) -> None:
    stand_in = one(database, "SELECT endpoint->>'url' FROM b2b_platform WHERE slug = 'homequotes'")
    manager.goto("/admin/b2b/platform/add/")
    manager.locator("#id_name").fill("Rivera & Daughters")
    manager.locator("#id_slug").fill("rivera")
    manager.locator("#id_contact_email").fill("leads@rivera.example")
    manager.locator("#id_market").select_option("nyc")
    manager.locator("#id_time_zone").fill("America/New_York")
    manager.locator("#id_price_floor").fill("30")
    manager.locator("#id_price_ceiling").fill("200")
    manager.locator("[name=_save]").click()
    expect(manager.get_by_text("Address is missing")).to_be_visible()
    manager.get_by_text("How they get it", exact=True).last.click()
    manager.locator("#id_json_api_url").fill(str(stand_in))
    manager.locator("[name=_save]").click()
    manager.get_by_role("button", name="Send a test lead").click()
    expect(manager.get_by_text("The test lead was accepted.")).to_be_visible()
    manager.get_by_role("button", name="Go live").click()
    expect(manager.get_by_text("is live and gets leads from now on")).to_be_visible()


MANUAL = "SELECT id FROM b2b_delivery WHERE state = 'manual' ORDER BY id LIMIT 1"


def test_what_may_have_arrived_is_settled_by_a_person(
    manager: Page, database: psycopg.Connection
) -> None:
    key = poll(lambda: one(database, MANUAL), seconds=90, what="a buyer that forgets what it took")
    manager.goto("/admin/b2b/delivery/?state__in=manual")
    manager.locator("#result_list tbody").get_by_role("link", name="Needs a person").first.click()
    manager.goto(f"/admin/b2b/delivery/{key}/change/")
    expect(manager.get_by_text("Unknown: it may have been taken").first).to_be_visible()
    manager.get_by_role("button", name="They have it").click()
    expect(manager.get_by_text("Accepted: it is sold and owed.")).to_be_visible()
    sale = (
        f"SELECT s.state FROM b2b_sale s JOIN b2b_delivery d ON d.sale_id = s.id WHERE d.id = {key}"
    )
    assert one(database, sale) == "accepted"
