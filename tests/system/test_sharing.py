"""A manager shares leads out by rules, and a seller moves them on the board, in a real browser."""

from __future__ import annotations

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.system.processes import Running, poll

pytestmark = pytest.mark.system


def sign_in(page: Page, running: Running, who: str) -> None:
    page.goto(f"{running.url}/admin/login/")
    page.locator("[name=username]").fill(who)
    page.locator("[name=password]").fill("solar-demo")
    page.locator("[type=submit]").click()
    expect(page.locator("#content-main")).to_be_visible()


def test_a_manager_edits_a_rule_tries_it_and_the_next_form_goes_by_it(
    page: Page, running_system: Running, database: psycopg.Connection
) -> None:
    sign_in(page, running_system, "manager")
    page.goto(f"{running_system.url}/admin/leads/ruleset/")
    page.get_by_role("button", name="Edit the rules").click()
    page.get_by_role("link", name="Write a rule").click()
    page.locator("[name=name]").fill("Staten Island")
    page.locator("[name=postal_code]").fill("103")
    page.locator("[name=strategy]").select_option("direct")
    page.locator("[name=person]").select_option(label="Sol Greenberg")
    page.locator("[name=_save]").click()
    rule = page.locator(".sc-rule", has_text="Staten Island")
    expect(rule).to_contain_text("Postal code begins with 103")
    for _ in range(page.locator(".sc-rule").count() - 1):  # to the top
        rule.get_by_role("button", name="Move up").click()
    expect(page.locator(".sc-rule").first).to_contain_text("Sol Greenberg")
    page.get_by_role("link", name="Try it on past leads").click()
    expect(page.locator("#trial")).to_contain_text("leads of the last 30 days")
    page.get_by_role("link", name="Back to rules").click()
    page.get_by_role("button", name="Put it live").click()
    expect(page.locator("#live-rules")).to_contain_text("Live now: version 2")

    emails = [f"staten{number}@example.com" for number in range(3)]
    for email in emails:
        form = {"contact_info": {"email": email}, "form_data": {"postal_code": "10301"}}
        door = f"{running_system.url}/api/integrations/webhooks/emailjs/"
        assert page.request.post(door, data=form).status == 202

    def owners() -> list[str]:
        rows = database.execute(
            "SELECT u.username FROM leads_lead l JOIN users_user u ON u.id = l.assigned_to_id"
            " WHERE l.email = ANY(%s)",
            [emails],
        ).fetchall()
        return [name for (name,) in rows] if len(rows) == len(emails) else []

    found = poll(owners, seconds=30, what="three leads with an owner")
    assert found == ["sales2"] * 3


def test_a_seller_moves_a_card_by_keyboard_and_a_refusal_brings_it_back(
    page: Page, running_system: Running, database: psycopg.Connection
) -> None:
    sign_in(page, running_system, "sales")
    page.goto(f"{running_system.url}/admin/leads/lead/board/?assigned=me")
    card = page.locator('[data-column="new"] [data-lead]').first
    lead = card.get_attribute("data-lead")
    said = page.locator("[data-said]")

    def status() -> str:
        row = database.execute(
            "SELECT status FROM leads_lead WHERE public_id = %s", [lead]
        ).fetchone()
        assert row is not None
        return str(row[0])

    card.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(said).to_contain_text("is in Contacted now")
    moved = page.locator(f'[data-column="contacted"] [data-lead="{lead}"]')
    expect(moved).to_be_focused()
    assert status() == "contacted"

    database.execute("UPDATE leads_lead SET status = 'proposal' WHERE public_id = %s", [lead])
    page.keyboard.press("Shift+ArrowRight")
    expect(said).to_contain_text("somebody moved it meanwhile")
    expect(page.locator(f'[data-column="proposal"] [data-lead="{lead}"]')).to_be_visible()
    assert status() == "proposal"
