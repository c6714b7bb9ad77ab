"""A visitor of the public site in a real browser: what is sent, kept and booked, on any screen."""

from __future__ import annotations

import psycopg
import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.system.processes import Running, poll
from tests.system.visitors import compute

pytestmark = pytest.mark.system

DOOR = "**/api/integrations/webhooks/calculator/"
PAGES = [
    "", "About.html", "services.html", "Products.html", "Projects.html", "privacy.html",
    "es/", "hi/",
]  # fmt: skip


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


def test_a_visitor_books_a_survey_moves_it_by_the_link_and_staff_see_it(
    page: Page, running_system: Running, database: psycopg.Connection
) -> None:
    compute(page, running_system)
    leave_a_name(page, "ana.books@example.com")
    page.locator(".survey-offer button").click()
    page.locator(".survey-times select").select_option(index=1)
    page.locator(".survey-times button").click()
    link = page.locator(".survey-ways a").nth(1)
    expect(link).to_be_visible()
    booked = page.locator(".survey-when").inner_text()
    page.goto(str(link.get_attribute("href")))
    expect(page.locator(".survey-when")).to_have_text(booked)
    page.locator("#starts_at").select_option(index=3)
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_role("status")).to_contain_text("new time")
    expect(page.locator(".survey-when")).not_to_have_text(booked)

    def attached() -> object:
        return database.execute(
            "SELECT l.id, a.id FROM leads_appointment a JOIN leads_lead l ON l.id = a.lead_id"
            " WHERE l.email = 'ana.books@example.com' AND a.status = 'booked'"
        ).fetchone()

    lead, appointment = poll(attached, seconds=20, what="the lead with its survey")
    page.goto(f"{running_system.url}/admin/leads/lead/{lead}/change/")
    page.locator("#id_username").fill("manager")
    page.locator("#id_password").fill("solar-demo")
    page.locator("#id_password").press("Enter")
    expect(page.locator(f'a[href$="/leads/appointment/{appointment}/change/"]')).to_be_visible()


def test_an_unfinished_form_is_sent_only_with_consent_and_finished_it_is_the_same_lead(
    page: Page, running_system: Running, database: psycopg.Connection
) -> None:
    def leads(email: str) -> list[tuple[bool]]:
        found = "SELECT is_partial FROM leads_lead WHERE email = %s"
        return database.execute(found, [email]).fetchall()

    for email, agrees in (("ana.leaves@example.com", False), ("ana.stays@example.com", True)):
        page.goto(f"{running_system.url}/#contact")
        expect(page.locator("#form-submit")).to_be_enabled()  # its script is there
        page.locator("#name").fill("Ana Rivera")
        page.locator("#email").fill(email)
        page.locator("#consent").set_checked(agrees)
        page.goto(f"{running_system.url}/About.html")
    poll(
        lambda: leads("ana.stays@example.com") == [(True,)], seconds=20, what="the unfinished lead"
    )
    assert leads("ana.leaves@example.com") == []
    page.goto(f"{running_system.url}/#contact")
    page.locator("#name").fill("Ana Rivera")
    page.locator("#email").fill("ana.stays@example.com")
    page.locator("#form-submit").click()
    expect(page.locator("#form-reference")).to_be_visible()
    poll(lambda: leads("ana.stays@example.com") == [(False,)], seconds=20, what="the same lead")


def test_what_the_browser_lost_while_a_page_ended_is_sent_from_the_next(
    page: Page, running_system: Running, database: psycopg.Connection
) -> None:
    page.add_init_script("navigator.sendBeacon = () => true")  # it says so, and sends nothing
    page.goto(f"{running_system.url}/#contact")
    expect(page.locator("#form-submit")).to_be_enabled()
    page.locator("#name").fill("Ana Rivera")
    page.locator("#email").fill("ana.lost@example.com")
    page.locator("#consent").check()
    page.goto(f"{running_system.url}/About.html")
    found = "SELECT is_partial FROM leads_lead WHERE email = 'ana.lost@example.com'"
    poll(lambda: database.execute(found).fetchall() == [(True,)], seconds=20, what="the lead")
    assert page.evaluate("sessionStorage.getItem('solar.left.emailjs')") is None


def test_the_way_of_a_visitor_in_spanish(page: Page, running_system: Running) -> None:
    page.goto(f"{running_system.url}/es/#calculator")
    page.locator("#calc-postal_code").fill("90210")
    page.locator("#calc-monthly_bill").fill("220")
    expect(page.locator("#calc-postal_code-error")).to_contain_text("no está cubierto")
    page.locator("#calc-postal_code").fill("11215")
    page.locator('#calc-form [name="homeowner"][value="rent"]').check()
    expect(page.locator("#calc-advice")).to_contain_text("solar comunitaria")
    expect(page.locator("#calc-assumptions-list")).to_contain_text("Cargo fijo")
    leave_a_name(page, "ana.habla@example.com")
    expect(page.locator("#estimate-status h3")).to_have_text("Gracias, Ana. Tenemos su cálculo.")
    expect(page.locator(".survey-offer")).to_have_count(0)  # the roof is a landlord's


@pytest.mark.parametrize(("path", "name"), [("es/", "Asistente solar"), ("hi/", "सोलर सहायक")])
def test_menu_and_chat_keep_their_shape_in_other_languages(
    page: Page, running_system: Running, path: str, name: str
) -> None:
    page.goto(f"{running_system.url}/{path}")
    heights = page.locator(".nav-list a").evaluate_all("(all) => all.map((a) => a.offsetHeight)")
    assert max(heights) < 50  # one line
    page.locator("solar-chat .open").click()
    expect(page.locator("solar-chat .bubble--assistant")).to_have_count(1)
    expect(page.locator("solar-chat .head strong")).to_have_text(name)


def test_nobody_is_asked_twice_and_whoever_asks_not_to_be_tracked_never(
    browser: Browser, page: Page, running_system: Running
) -> None:
    page.goto(f"{running_system.url}/")
    page.locator(".asking").get_by_role("button", name="No").click()
    expect(page.locator(".asking")).to_have_count(0)
    page.goto(f"{running_system.url}/privacy.html")
    expect(page.locator(".asking")).to_have_count(0)
    expect(page.locator('[data-visits="no"]')).to_have_attribute("aria-pressed", "true")
    context = browser.new_context()
    context.add_init_script(
        "Object.defineProperty(navigator, 'globalPrivacyControl', {get: () => true})"
    )
    private = context.new_page()
    private.goto(f"{running_system.url}/privacy.html")
    expect(private.locator("#visits-status")).to_contain_text("asks not to be tracked")
    expect(private.locator(".asking")).to_have_count(0)
    context.close()


def test_without_a_connection_the_pages_open_and_the_form_still_queues(
    page: Page, running_system: Running
) -> None:
    page.goto(running_system.url)
    watched = "navigator.serviceWorker.controller !== null"
    poll(lambda: page.evaluate(watched), seconds=20, what="the service worker")
    page.context.set_offline(True)
    page.goto(f"{running_system.url}/services.html")
    expect(page.locator("h1")).to_be_visible()
    page.goto(f"{running_system.url}/?choose=contact#contact")
    page.locator("#name").fill("Ana Rivera")
    page.locator("#email").fill("ana.offline@example.com")
    page.locator("#form-submit").click()
    expect(page.locator('#form-status[data-state="saved"]')).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator('#form-status[data-state="sent"]')).to_be_visible()
    kept = page.evaluate(
        "caches.keys().then(([name]) => caches.open(name)).then((one) => one.keys())"
        ".then((found) => found.map(({url}) => new URL(url).pathname))"
    )
    assert kept
    assert not [path for path in kept if path.startswith(("/api/", "/admin/", "/survey/"))]


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
