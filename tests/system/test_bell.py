"""The bell of the admin in a real browser: it rings when somebody else gives away a lead."""

from __future__ import annotations

import re

import psycopg
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.system.browser import PATIENCE
from tests.system.processes import Running

pytestmark = pytest.mark.system

LIVE = "[data-bell][data-live]"
PHONE = {"width": 390, "height": 844}


def sign_in(browser: Browser, running: Running, name: str, **how) -> Page:
    """A page of somebody's own session, on the home page of the admin."""
    page = browser.new_context(reduced_motion="reduce", **how).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{running.url}/admin/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", "solar-demo")
    page.keyboard.press("Enter")
    expect(page.locator(LIVE)).to_be_attached(timeout=PATIENCE)
    return page


def a_lead_of_the_other_seller(database: psycopg.Connection) -> tuple[int, str]:
    row = database.execute(
        "SELECT lead.id, lead.first_name FROM leads_lead lead"
        " JOIN users_user seller ON seller.id = lead.assigned_to_id"
        " WHERE seller.username = 'sales2' AND lead.first_name <> '' ORDER BY lead.id LIMIT 1"
    ).fetchone()
    assert row is not None
    return row


def give(page: Page, running: Running, lead: int, seller: str) -> None:
    page.goto(f"{running.url}/admin/leads/lead/{lead}/change/")
    page.locator("#sc-user").select_option(label=seller)
    page.get_by_role("button", name="Give", exact=True).click()
    expect(page.get_by_text(f"Given to {seller}.")).to_be_visible()


def rings(page: Page, name: str, *, before: int) -> None:
    """It shows it, says it and counts it. Others may ring too: leads come back from buyers."""
    expect(page.locator(".sc-bell__toast", has_text=name)).to_be_attached(timeout=PATIENCE)
    expect(page.locator("[data-bell-said]")).to_contain_text("New notification: ")
    assert unread(page) > before


def unread(page: Page) -> int:
    """As it is said: what is shown ends at 99."""
    label = page.locator("[data-bell-button]").get_attribute("aria-label") or ""
    return int(re.sub(r"\D", "", label) or 0)


def open_bell(page: Page, lead: int) -> Locator:
    """Opened by keyboard; returns the line about the lead."""
    bell = page.get_by_role("button", name=re.compile("Notifications, .* unread"))
    bell.focus()
    bell.press("Space")
    return page.locator(f'[data-bell-list] a[href$="/lead/{lead}/change/"]')


def test_it_rings_live_on_a_desk_and_on_a_phone_and_is_read_by_keyboard(
    running_system: Running, database: psycopg.Connection, browser: Browser
) -> None:
    lead, name = a_lead_of_the_other_seller(database)
    desk = sign_in(browser, running_system, "sales")
    phone = sign_in(browser, running_system, "sales", viewport=PHONE)
    manager = sign_in(browser, running_system, "manager")
    before = unread(desk)
    give(manager, running_system, lead, "Sana Mehta")

    for page in (desk, phone):
        rings(page, name, before=before)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    on_the_desk = open_bell(desk, lead)
    expect(on_the_desk.locator("time")).to_contain_text("unread")

    # Read by keyboard, on the phone: open, go to the line, follow it.
    line = open_bell(phone, lead)
    expect(line).to_contain_text(f"A lead for you: {name}")
    box = phone.locator("[data-bell-box]").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    line.focus()
    line.press("Enter")
    phone.wait_for_url(f"**/admin/leads/lead/{lead}/change/")

    # Read on the phone, it is read on the desk, without anybody touching it.
    expect(on_the_desk.locator("time")).not_to_contain_text("unread", timeout=PATIENCE)
    for page in (desk, phone, manager):
        page.context.close()


@pytest.mark.soak
def test_a_socket_outlives_silence(
    running_system: Running, database: psycopg.Connection, browser: Browser
) -> None:
    """With channels_redis' other layer, redis-py ends every silent socket after five seconds."""
    lead, name = a_lead_of_the_other_seller(database)
    desk = sign_in(browser, running_system, "sales")
    desk.evaluate(
        """() => {
          const socket = new WebSocket(`ws://${location.host}/ws/notifications/`);
          window.heard = [];
          window.closed = false;
          socket.onmessage = (event) => window.heard.push(event.data);
          socket.onclose = () => { window.closed = true; };
        }"""
    )
    desk.wait_for_timeout(16_000)
    assert desk.evaluate("window.closed") is False
    manager = sign_in(browser, running_system, "manager")
    give(manager, running_system, lead, "Sana Mehta")
    told = "name => window.heard.some((frame) => frame.includes(`A lead for you: ${name}`))"
    desk.wait_for_function(told, arg=name)
    assert desk.evaluate("window.closed") is False
    for page in (desk, manager):
        page.context.close()
