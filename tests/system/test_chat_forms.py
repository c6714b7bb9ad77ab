"""The forms of the chat in a real browser: called back when nobody is there, a survey booked."""

from __future__ import annotations

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.system.processes import Running, poll
from tests.system.test_chat import PATIENCE, open_chat, say, visit, without_sockets

pytestmark = pytest.mark.system

SMALL = {"width": 320, "height": 568}


@pytest.fixture
def _nobody_is_there(database: psycopg.Connection) -> None:
    database.execute("UPDATE conversations_agentpresence SET is_available = false")


def fits(page: Page) -> bool:
    return bool(
        page.locator("solar-chat .offer").evaluate("one => one.scrollWidth <= one.clientWidth")
    )


@pytest.mark.usefixtures("_nobody_is_there")
def test_by_keyboard_and_without_a_socket_somebody_is_called_back(
    running_system: Running, database: psycopg.Connection, browser: Browser
) -> None:
    page = without_sockets(browser, running_system)
    page.set_viewport_size(SMALL)
    open_chat(page)
    say(page, "Can I talk to a person?")
    title = page.locator("solar-chat .offer__title")
    expect(title).to_have_text("We call you back")
    name = page.locator("solar-chat #chat-name")
    expect(name).to_be_focused()
    assert fits(page)

    page.keyboard.press("Enter")
    problem = page.locator("solar-chat #chat-name-problem")
    expect(problem).to_have_text("Please tell us your name.")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_be_focused()

    for keys in ("Carla Back", "212 555 2344"):
        page.keyboard.type(keys)
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # the first time that is offered will do
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("solar-chat .bubble--system")).to_contain_text("will call you on")

    def call() -> tuple | None:
        return database.execute(
            "SELECT task.kind, lead.call_status FROM leads_task task"
            " JOIN leads_lead lead ON lead.id = task.lead_id"
            " WHERE lead.first_name = 'Carla' AND task.reason = 'callback' AND task.due_at > now()"
        ).fetchone()

    poll(call, seconds=30, what="a task to call back")
    assert call() == ("call", "callback_requested")


def test_a_survey_is_booked_in_the_chat_and_its_link_leads_to_it(
    running_system: Running, browser: Browser
) -> None:
    page = visit(browser, running_system, viewport=SMALL)
    assert "I need your name" in say(page, "I own a house in 11375. I'd like a site survey")
    for answer in ("Sara Roof", "yes, that's fine", "sara.roof@example.com"):
        told = say(page, answer)
    assert "Pick a time" in told
    first = page.locator("solar-chat .times button").first
    chosen = first.inner_text()
    assert fits(page)
    first.click()
    booked = page.locator("solar-chat .bubble--assistant").last
    expect(booked).to_contain_text("is booked", timeout=PATIENCE)
    day = chosen.rsplit(",", 1)[0]
    expect(booked).to_contain_text(day)
    link = booked.locator("a").get_attribute("href")
    page.goto(f"{running_system.url}/{link.split('/', 3)[3]}")
    expect(page.locator(".survey-when")).to_contain_text(day)
