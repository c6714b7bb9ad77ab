"""axe finds nothing: on the public pages, light and dark, in each language, in open states."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.system.browser import PATIENCE
from tests.system.processes import Running

pytestmark = pytest.mark.system

PUBLIC = (
    "", "About.html", "services.html", "Products.html", "Projects.html", "privacy.html",
    "es/", "hi/", "es/privacy.html", "hi/privacy.html",
)  # fmt: skip
STAFF = (
    "", "leads/lead/", "leads/appointment/", "leads/appointment/day/", "analytics/sitecount/",
)  # fmt: skip
# Of the admin theme itself, not of our pages.
THEIRS = {"landmark-one-main", "landmark-unique", "region"}


def open_page(browser: Browser, scheme: str = "light") -> Page:
    context = browser.new_context(reduced_motion="reduce", color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


def violations(page: Page, *, but: frozenset[str] | set[str] = frozenset()) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["id"] not in but
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_public_pages(browser: Browser, running_system: Running, scheme: str) -> None:
    page = open_page(browser, scheme)
    found = {}
    for name in PUBLIC:
        page.goto(f"{running_system.url}/{name}")
        expect(page.locator(".asking")).to_be_visible()
        found[name] = violations(page)
    page.context.close()
    assert {name: those for name, those in found.items() if those} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_states_of_the_home_page(
    browser: Browser, running_system: Running, scheme: str
) -> None:
    page = open_page(browser, scheme)
    page.goto(f"{running_system.url}/")
    page.locator("#calc-postal_code").fill("11215")
    page.locator("#calc-monthly_bill").fill("220")
    expect(page.locator("#calc-result")).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert violations(page) == []
    page.locator("#form-submit").click()  # empty: the problems are shown
    expect(page.locator("#form-errors")).to_be_visible()
    assert violations(page) == []
    page.locator("#estimate-first_name").fill("Ana")
    page.locator("#estimate-email").fill(f"axe-{scheme}@example.com")
    page.locator("#estimate-submit").click()
    page.locator(".survey-offer button").click()
    page.locator(".survey-times button").click()
    link = page.locator(".survey-ways a").nth(1)
    expect(link).to_be_visible()
    assert violations(page) == []
    page.goto(str(link.get_attribute("href")))
    assert violations(page) == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_chat(browser: Browser, running_system: Running, scheme: str) -> None:
    page = open_page(browser, scheme)
    page.goto(f"{running_system.url}/About.html")
    page.locator("solar-chat .open").click()
    said = page.locator("solar-chat .bubble--assistant")
    expect(said).to_have_count(1, timeout=PATIENCE)  # it greets
    page.locator("solar-chat textarea").fill("Is there a federal tax credit?")
    page.keyboard.press("Enter")
    expect(said).to_have_count(2, timeout=PATIENCE)
    expect(page.locator("solar-chat .suggestion, solar-chat .human").first).to_be_visible()
    assert violations(page) == []
    page.context.close()


def test_the_pages_of_staff(browser: Browser, running_system: Running) -> None:
    page = open_page(browser)
    page.goto(f"{running_system.url}/admin/")
    page.locator("#id_username").fill("manager")
    page.locator("#id_password").fill("solar-demo")
    page.locator("#id_password").press("Enter")
    expect(page.locator("#do-next")).to_be_visible()
    found = {}
    for name in STAFF:
        page.goto(f"{running_system.url}/admin/{name}")
        found[name] = violations(page, but=THEIRS)
    page.context.close()
    assert {name: those for name, those in found.items() if those} == {}
