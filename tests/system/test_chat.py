"""The chat in a real browser: a visitor talks, a person takes over, the lead knows it all."""

from __future__ import annotations

import psycopg
import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.system.browser import PATIENCE
from tests.system.processes import Running, poll

pytestmark = pytest.mark.system

PHONE = {"width": 390, "height": 844}
EMAIL = "ines.chat@example.com"
SAID = "**/api/conversations/messages/"
POLLED = "**/api/conversations/*/messages/"
KEPT = "JSON.parse(localStorage['solar-chat:nyc'])"


def visit(browser: Browser, running: Running, **how) -> Page:
    page = browser.new_context(reduced_motion="reduce", **how).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{running.url}/About.html")
    open_chat(page)
    return page


def open_chat(page: Page) -> None:
    """For the first time: it greets, which must not be taken for an answer."""
    page.locator("solar-chat .open").click()
    expect(page.locator("solar-chat .bubble--assistant")).to_have_count(1)


def say(page: Page, text: str, *, answered_by: str = "assistant") -> str:
    """Say something with the keyboard alone; returns what is answered."""
    bubbles = page.locator(f"solar-chat .bubble--{answered_by}")
    before = bubbles.count()
    page.locator("solar-chat .input").fill(text)
    page.keyboard.press("Enter")
    expect(bubbles).to_have_count(before + 1, timeout=PATIENCE)
    return bubbles.last.inner_text()


def inbox_of(browser: Browser, running: Running, name: str) -> Page:
    page = browser.new_context(reduced_motion="reduce").new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{running.url}/admin/conversations/conversation/inbox/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", "solar-demo")
    page.keyboard.press("Enter")
    expect(page.locator("[data-link]")).to_have_text("Live", timeout=PATIENCE)
    return page


def test_a_visitor_is_qualified_a_person_helps_and_the_lead_knows_it_all(
    running_system: Running, database: psycopg.Connection, browser: Browser
) -> None:
    visitor = visit(browser, running_system, viewport=PHONE)
    told = say(visitor, "I own a house in Forest Hills, 11375, and pay $310 a month")
    assert "a year" in told
    assert "Source" in told
    for answer in ("no shade", "10 years", "within 3 months", "just me", "Ines"):
        said = say(visitor, answer)
    assert "phone or e-mail" in said
    say(visitor, "yes")
    say(visitor, EMAIL)

    inbox = inbox_of(browser, running_system, "support")
    visitor.locator("solar-chat .human").click()
    row = inbox.locator(".sc-inbox__row--waiting", has_text="Ines")
    expect(row).to_be_visible()
    row.click()
    expect(inbox.locator("[data-log]")).to_contain_text("Forest Hills")
    inbox.locator('[data-do="takeover"]').click()
    inbox.locator("[data-text]").fill("Hello Ines, Suki here.")
    inbox.keyboard.press("Control+Enter")
    expect(visitor.locator("solar-chat .bubble--agent")).to_contain_text("Suki here")
    assert visitor.locator("solar-chat .names small").inner_text() == "A person of our team"

    visitor.locator("solar-chat .input").fill("Thank you, Suki")
    visitor.keyboard.press("Enter")
    expect(inbox.locator("[data-log]")).to_contain_text("Thank you, Suki")
    inbox.locator('[data-do="release"]').click()
    expect(visitor.locator("solar-chat .names small")).to_contain_text("A program")

    visitor.reload()
    visitor.locator("solar-chat .open").click()
    expect(visitor.locator("solar-chat .log")).to_contain_text("Suki here")

    def lead() -> tuple | None:
        return database.execute(
            "SELECT first_name, ownership, monthly_bill, score > 0 FROM leads_lead"
            " WHERE email = %s",
            [EMAIL],
        ).fetchone()

    poll(lead, seconds=30, what="a lead of the conversation")
    name, ownership, bill, is_scored = lead() or ("", "", 0, False)
    assert (name, ownership, int(bill), is_scored) == ("Ines", "owner", 310, True)


def without_sockets(browser: Browser, running: Running) -> Page:
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script("delete window.WebSocket")
    page.goto(f"{running.url}/services.html")
    return page


def type_in(page: Page, text: str) -> None:
    page.locator("solar-chat .input").fill(text)
    page.keyboard.press("Enter")


def test_without_sockets_the_chat_goes_on_by_requests(
    running_system: Running, browser: Browser
) -> None:
    page = without_sockets(browser, running_system)
    polled: list[str] = []

    def note(request: Request) -> None:
        if request.method == "GET" and "/messages/" in request.url:
            polled.append(request.url)

    page.on("request", note)
    open_chat(page)
    assert "ended" in say(page, "Is the federal tax credit still available?")
    poll(
        lambda: page.title() and any("after=" in url for url in polled),
        seconds=20,
        what="a poll for news alone",
    )
    assert "after=" not in polled[0]


@pytest.mark.parametrize("last", ["the words", "the poll"])
def test_a_conversation_that_is_gone_is_begun_anew_with_the_same_words(
    running_system: Running, browser: Browser, last: str
) -> None:
    """The poll and the words name the old conversation; both are told, in either order."""
    page = without_sockets(browser, running_system)
    page.evaluate(
        "localStorage.setItem('solar-chat:nyc', JSON.stringify({ token: 'x',"
        " id: '01a21e40-f7f3-7024-bc6d-ab4b503a9a4c' }))"
    )
    page.reload()
    held: dict[str, Route] = {}

    def hold_the_first(name: str, route: Route) -> None:
        if held.setdefault(name, route) is not route:
            route.continue_()

    page.route(SAID, lambda route: hold_the_first("the words", route))
    page.route(POLLED, lambda route: hold_the_first("the poll", route))
    page.locator("solar-chat .open").click()
    type_in(page, "Is the federal tax credit still available?")
    poll(lambda: page.title() and len(held) == 2, seconds=20, what="a poll beside the words")

    for name in sorted(held, key=lambda name: name == last):
        with page.expect_response(held[name].request.url) as response:
            held[name].continue_()
        assert response.value.status == 404
        page.wait_for_function(f"{KEPT}.token !== 'x'")
        if name == "the words":
            expect(page.locator("solar-chat .bubble--assistant").last).to_contain_text("ended")

    begun = page.evaluate(f"{KEPT}.id")
    with page.expect_request(SAID) as request:
        say(page, "What does solar cost?")
    assert request.value.post_data_json["session_id"] == begun


def test_without_a_connection_words_are_kept_and_said_in_their_order(
    running_system: Running, browser: Browser
) -> None:
    page = without_sockets(browser, running_system)
    page.route(SAID, lambda route: route.abort())
    page.locator("solar-chat .open").click()
    type_in(page, "I own a house in 11375")
    type_in(page, "I pay $310 a month")
    expect(page.locator("solar-chat .state")).to_contain_text("kept")

    page.unroute(SAID)
    said: list[str] = []

    def at_work(route: Route) -> None:
        said.append(f"asks {route.request.post_data_json['text']}")
        answered = route.fetch()
        said.append("is answered")
        route.fulfill(response=answered)

    page.route(SAID, at_work)
    page.reload()
    page.locator("solar-chat .open").click()
    expect(page.locator("solar-chat .bubble--user")).to_have_count(2)
    expect(page.locator("solar-chat .bubble--assistant").last).to_contain_text("a year")
    assert said == [
        "asks I own a house in 11375",
        "is answered",
        "asks I pay $310 a month",
        "is answered",
    ]


def test_words_that_are_refused_are_shown_as_such_and_hold_nothing_up(
    running_system: Running, browser: Browser
) -> None:
    page = without_sockets(browser, running_system)
    refusal = {"success": False, "error": {"message": "Too long."}}
    page.route(SAID, lambda route: route.fulfill(status=400, json=refusal))
    open_chat(page)
    type_in(page, "I own a house in 11375")
    expect(page.locator("solar-chat .bubble--user .unsent")).to_have_text("Not sent. Too long.")
    page.unroute(SAID)
    assert "ended" in say(page, "Is the federal tax credit still available?")
    assert page.locator("solar-chat .unsent").count() == 1


def test_a_page_whose_chat_nobody_opens_asks_for_nothing(
    running_system: Running, browser: Browser
) -> None:
    page = browser.new_context().new_page()
    page.add_init_script(
        "window.opened = 0; window.WebSocket = class extends WebSocket {"
        " constructor(...how) { super(...how); window.opened += 1; } }"
    )
    page.goto(f"{running_system.url}/services.html")
    came_online = "window.dispatchEvent(new Event('online')), window.opened"
    assert page.evaluate(came_online) == 0
    page.locator("solar-chat .open").click()
    assert page.evaluate(came_online) == 1
