"""A visitor of the public site in a real browser: the calculator, and the pages on any screen."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.system.browser import chromium
from tests.system.processes import Running, poll

pytestmark = pytest.mark.system

DOOR = "**/api/integrations/webhooks/calculator/"
ESTIMATE = "**/api/solar/estimate/"
PAGES = ["", "About.html", "services.html", "Products.html", "Projects.html"]
PATIENCE = 20_000  # milliseconds


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh visitor. A script error or a breach of the CSP fails the test."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda line: (
            complaints.append(line.text)
            if line.type == "error" and "Failed to load resource" not in line.text
            else None
        ),
    )
    yield page
    context.close()
    assert complaints == []


def compute(page: Page, running: Running, *, bill: str = "220", owns: bool = True) -> None:
    page.goto(f"{running.url}/#calculator")
    page.locator(f'#calc-form [name="homeowner"][value="{"own" if owns else "rent"}"]').check()
    page.locator("#calc-postal_code").fill("11215")
    page.locator("#calc-monthly_bill").fill(bill)
    expect(page.locator("#calc-result")).to_be_visible(timeout=PATIENCE)


def leave_a_name(page: Page, email: str) -> None:
    page.locator("#estimate-first_name").fill("Ana")
    page.locator("#estimate-email").fill(email)
    page.locator("#estimate-submit").click()


def test_a_visitor_computes_changes_the_roof_and_sends(
    page: Page, running_system: Running, database: psycopg.Connection
) -> None:
    compute(page, running_system)
    production = page.locator("#calc-figure-production")
    before = production.inner_text()
    page.locator("#calc-shading").press("ArrowRight")
    expect(production).not_to_have_text(before)
    expect(page.locator("#calc-shading")).to_have_attribute("aria-valuetext", "some shade")
    with page.expect_request(DOOR) as sent:
        leave_a_name(page, "ana.computes@example.com")
    expect(page.locator("#estimate-reference")).to_be_visible()
    shown = sent.value.post_data_json["calculation_results"]
    assert f"{shown['system_capacity_kw']:g} kW" == page.locator("#calc-figure-size").inner_text()

    def kept() -> object:
        return database.execute(
            "SELECT calculation_results ->> 'run_id' FROM integrations_calculatordata c"
            " JOIN leads_lead l ON l.id = c.lead_id WHERE c.session_id = %s",
            [sent.value.post_data_json["session_id"]],
        ).fetchone()

    poll(kept, seconds=20, what="the lead with what the visitor saw")
    assert kept() == (shown["run_id"],)


def test_a_renter_hears_of_community_solar_before_the_figures(
    page: Page, running_system: Running
) -> None:
    compute(page, running_system, owns=False)
    advice = page.locator("#calc-advice")
    expect(advice.locator('[data-code="community_solar"]')).to_be_visible()
    figures = page.locator("#calc-figure-size")
    above, below = advice.bounding_box(), figures.bounding_box()
    assert above
    assert below
    assert above["y"] + above["height"] <= below["y"]


def test_an_unknown_place_is_told_at_its_field(page: Page, running_system: Running) -> None:
    compute(page, running_system)
    page.locator("#calc-postal_code").fill("90210")
    expect(page.locator("#calc-postal_code-error")).to_contain_text("not covered")
    expect(page.locator("#calc-result")).to_be_hidden()


def test_an_estimate_on_its_way_is_not_lost_by_a_reload(
    page: Page, running_system: Running
) -> None:
    keys: list[str] = []

    def note(request: Request) -> None:
        if "webhooks/calculator" in request.url:
            keys.append(request.post_data_json["idempotency_key"])

    page.on("request", note)
    compute(page, running_system)
    page.route(DOOR, lambda route: route.abort())
    leave_a_name(page, "ana.waits@example.com")
    expect(page.locator('#estimate-status[data-state="saved"]')).to_be_visible()
    page.unroute(DOOR)
    page.reload()
    expect(page.locator('#estimate-status[data-state="sent"]')).to_be_visible()
    assert len(keys) >= 2
    assert len(set(keys)) == 1


def test_without_the_api_the_visitor_can_still_send_the_bill(
    page: Page, running_system: Running
) -> None:
    page.route(ESTIMATE, lambda route: route.abort())
    page.goto(f"{running_system.url}/#calculator")
    page.locator("#calc-postal_code").fill("11215")
    page.locator("#calc-monthly_bill").fill("220")
    expect(page.locator('#calc-note[data-state="unreachable"]')).to_be_visible()
    page.locator("#calc-note").get_by_role("link", name="Send us your bill").click()
    expect(page.locator("#contact-form #monthly_bill")).to_have_value("220")
    page.unroute(ESTIMATE)
    page.locator("[data-calc-retry]").click()
    expect(page.locator("#calc-result")).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_narrow_phone_and_opens_its_menu_by_keyboard(
    page: Page, running_system: Running, name: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{running_system.url}/{name}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.locator(".menu-button").press("Enter")
    expect(page.locator("#menu a").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#menu a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#menu a").first).to_be_hidden()
