"""A salesperson's morning in a real browser, by keyboard alone, on a desk and on a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from apps.pipeline.demo import PASSWORD
from tests.system.browser import watched_page
from tests.system.processes import Running

pytestmark = pytest.mark.system

MOST_TABS = 120
NEXT_LEAD = re.compile(r"/admin/leads/lead/\d+/change/\?day=next")
WRITE = '.sc-button--gold[href^="../mail/"]'
# Each has a seller of their own: a day that somebody worked through is not worked twice.
SCREENS = {"sales": (1280, 900), "sales2": (390, 800)}


@pytest.fixture(params=SCREENS)
def seller(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(seller: str, browser: Browser) -> Iterator[Page]:
    width, height = SCREENS[seller]
    with watched_page(browser, viewport={"width": width, "height": height}) as page:
        yield page


def tab_to(page: Page, selector: str) -> None:
    """Walk there as somebody without a mouse does."""
    for _ in range(MOST_TABS):
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Not reached by keyboard: {selector} on {page.url}")


def press(page: Page, selector: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("Enter")


def type_into(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.type(text)


def sign_in(page: Page, running: Running, username: str) -> None:
    page.goto(f"{running.url}/admin/login/?next=/admin/leads/lead/my-day/")
    type_into(page, '[name="username"]', username)
    type_into(page, '[name="password"]', PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#my-day")).to_be_visible()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def on_the_next_lead(page: Page, before: str) -> str:
    """The address of the lead that followed on `before`."""
    expect(page).not_to_have_url(before)
    expect(page).to_have_url(NEXT_LEAD)
    expect(page.locator("#sc-permit")).to_be_visible()
    assert fits(page)
    return page.url


def calls_by(database: psycopg.Connection, username: str) -> list[str]:
    rows = database.execute(
        "SELECT a.data ->> 'outcome' FROM leads_leadactivity a JOIN users_user u"
        " ON u.id = a.actor_id WHERE a.kind = 'call' AND u.username = %s"
        " ORDER BY a.created_at DESC, a.id DESC LIMIT 2",
        [username],
    )
    return [outcome for (outcome,) in rows.fetchall()]


def test_my_day_lead_outcome_task_next(
    page: Page, seller: str, running_system: Running, database: psycopg.Connection
) -> None:
    sign_in(page, running_system, seller)
    assert fits(page)
    press(page, "#sc-start")
    first = on_the_next_lead(page, f"{running_system.url}/admin/leads/lead/my-day/")

    # Nobody answers: noted with a word, and the next lead is there.
    type_into(page, "#sc-call-note", "Rang for a minute")
    press(page, 'button[name="outcome"][value="no_answer"]')
    second = on_the_next_lead(page, first)
    expect(page.get_by_text("Noted. Next: Try again")).to_be_visible()

    # The next who may be written to wants it in writing: a mail from a template, and back.
    while not page.locator(WRITE).count():
        press(page, "#sc-skip")
        second = on_the_next_lead(page, second)
    press(page, WRITE)
    expect(page.locator("#sc-template")).to_be_visible()
    tab_to(page, "#sc-template")
    page.keyboard.press("ArrowDown")
    press(page, ".sc-row button")
    expect(page.locator('[name="subject"]')).not_to_have_value("")
    assert fits(page)
    press(page, '[name="send"]')
    expect(page).to_have_url(second)
    expect(page.locator(".sc-mail--out").first).to_be_visible()

    # And to see something first: a task, by hand.
    press(page, "#sc-add-task summary")
    tab_to(page, "#sc-task-kind")
    page.keyboard.press("v")  # the visit
    type_into(page, "#sc-task-title", "Measure the roof")
    type_into(page, "#sc-task-due", "12312030")
    page.keyboard.press("Tab")  # on to the hour
    page.keyboard.type("1000a")
    press(page, "#sc-add-task button")
    expect(page.locator("#sc-tasks")).to_contain_text("Measure the roof")

    # And says yes on the telephone.
    press(page, 'button[name="outcome"][value="qualified"]')
    third = on_the_next_lead(page, second)
    assert calls_by(database, seller) == ["qualified", "no_answer"]

    # The next one can wait; what was done is counted.
    press(page, "#sc-skip")
    expect(page).not_to_have_url(third)
    if NEXT_LEAD.search(page.url):  # else it was the last one, and this is the day again
        press(page, '.sc-flow a[href$="/my-day/"]')
    expect(page.locator("#sc-day-done")).to_contain_text(re.compile(r"^[1-9]\d* done"))
    assert fits(page)
