"""A rep answers a mail in a real browser; it leaves the house, and its link ends all others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.system.browser import watched_page
from tests.system.processes import Running, poll

pytestmark = pytest.mark.system
GRACE = "grace.feldman@example.com"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Somebody with a telephone."""
    with watched_page(browser, viewport={"width": 390, "height": 844}) as page:
        yield page


def mail_about(running: Running, words: str) -> EmailMessage | None:
    """The mail with these words, among those that were written to files."""
    for file in (running.data_dir / "mail").glob("*.log"):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        if words in message.get_body(("plain",)).get_content():
            return message
    return None


def test_an_answer_is_answered_and_ends_with_one_click(
    running_system: Running, database: psycopg.Connection, page: Page
) -> None:
    page.goto(f"{running_system.url}/admin/login/?next=/admin/")
    page.fill("[name=username]", "manager")
    page.fill("[name=password]", "solar-demo")
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")
    (lead,) = database.execute("SELECT id FROM leads_lead WHERE email = %s", [GRACE]).fetchone()
    page.goto(f"{running_system.url}/admin/leads/lead/{lead}/change/")
    page.locator("a[href*='answers=']").first.click()
    expect(page.get_by_label("Subject")).to_have_value(re.compile(r"^Re: "))
    page.locator("[name=body]").fill("Tuesday at half past six, then.\n\nNo, the board need not.")
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator(".sc-letter__text")).to_contain_text("No, the board need not.")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, f"The page is {width} px wide on a telephone."
    page.locator("[name=send]").click()
    page.wait_for_url("**/change/")
    mail = poll(
        lambda: mail_about(running_system, "half past six"), seconds=30, what="the mail, sent"
    )
    assert mail["To"] == GRACE
    page.reload()
    expect(page.locator(".sc-mail--out").first).to_contain_text("Sent")
    link = re.search(r"/unsubscribe/[^/>\s]+/", mail["List-Unsubscribe"])
    assert link is not None
    page.goto(running_system.url + link[0])
    page.get_by_role("button", name="Stop all mails to me").click()
    expect(page.locator("h1")).to_have_text("Done")
    page.goto(f"{running_system.url}/admin/leads/lead/{lead}/change/")
    expect(page.locator("a[href='../mail/']")).to_have_count(0)
