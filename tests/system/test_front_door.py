"""A visitor fills the form in a real browser; a manager finds the lead in the admin."""

from __future__ import annotations

import re

import psycopg
import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.system.browser import PATIENCE
from tests.system.processes import Running, poll

pytestmark = pytest.mark.system

DOOR = "**/api/integrations/webhooks/emailjs/"


def open_site(page: Page, running: Running, query: str = "") -> None:
    page.goto(f"{running.url}/{query}")
    expect(page.locator("#contact-form.is-ready")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#form-submit")).to_be_enabled()


def fill(page: Page, **answers: str) -> None:
    for name, answer in answers.items():
        field = page.locator(f'#contact-form [name="{name}"]').first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(answer)
        elif field.get_attribute("type") == "radio":
            page.locator(f'#contact-form [name="{name}"][value="{answer}"]').check()
        else:
            field.fill(answer)


def state(page: Page, wanted: str) -> None:
    expect(page.locator("#form-status")).to_have_attribute("data-state", wanted, timeout=PATIENCE)


def events_with(database: psycopg.Connection, word: str) -> list[tuple[str, str]]:
    return database.execute(
        "SELECT public_id::text, repeat_key FROM intake_inboundevent"
        " WHERE convert_from(body, 'UTF8') LIKE %s",
        [f"%{word}%"],
    ).fetchall()


def lead_of(database: psycopg.Connection, email: str) -> tuple[str, str, int, str] | None:
    """Key, tier, score and assignee of a lead once it has been given to somebody."""
    return database.execute(
        "SELECT lead.id::text, lead.tier, lead.score, person.first_name"
        " FROM leads_lead lead JOIN users_user person ON person.id = lead.assigned_to_id"
        " WHERE lead.email = %s",
        [email],
    ).fetchone()


def test_from_the_form_to_the_admin(
    page: Page, running_system: Running, database: psycopg.Connection
) -> None:
    open_site(page, running_system, "?utm_source=newsletter&gclid=abc123")
    fill(
        page,
        name="Beatrix Holloway",
        email="Beatrix.Holloway@Example.com",
        phone="(212) 555-0177",
        postal_code="10021",
        property_type="co_op",
        homeowner="yes",
        monthly_bill="$400",
        timeline="immediate",
        message="Does my board have to vote?",
    )
    page.locator('#contact-form [name="consent"]').check()
    page.locator("#form-submit").click()
    state(page, "sent")
    expect(page.locator("#form-status")).to_contain_text("Beatrix Holloway")
    reference = page.locator("#form-reference").inner_text()
    [(event_id, _)] = events_with(database, "Beatrix Holloway")
    assert event_id.endswith(reference)
    assert len(reference) == 8

    pk, tier, score, assignee = poll(
        lambda: lead_of(database, "beatrix.holloway@example.com"),
        seconds=20,
        what="an assigned lead",
    )
    assert (tier, score >= 85) == ("premium", True)
    channels = database.execute(
        "SELECT channel, wording_version, length(wording) > 200, page_url FROM contacts_consent"
        " WHERE inbound_event = %s ORDER BY channel",
        [event_id],
    ).fetchall()
    assert [line[0] for line in channels] == ["call", "email", "sms"]
    assert all(line[1] == "2026-11-a" and line[2] for line in channels)
    [(touch,)] = database.execute("SELECT first_touch FROM leads_lead WHERE id = %s", [pk])
    assert (touch["utm_source"], touch["gclid"]) == ("newsletter", "abc123")
    _find_in_admin(page, running_system, pk, score, assignee)


def _find_in_admin(page: Page, running: Running, pk: str, score: int, assignee: str) -> None:
    page.goto(f"{running.url}/admin/")
    page.fill('[name="username"]', "manager")
    page.fill('[name="password"]', "solar-demo")
    page.locator('[type="submit"]').first.click()
    page.wait_for_url("**/admin/")
    page.goto(f"{running.url}/admin/leads/lead/?q=Holloway")
    body = page.locator("body")
    expect(body).to_contain_text("Beatrix Holloway")
    expect(body).to_contain_text(re.compile("premium", re.IGNORECASE))
    expect(body).to_contain_text(assignee)
    page.goto(f"{running.url}/admin/leads/lead/{pk}/change/")
    expect(body).to_contain_text(str(score))
    expect(body).to_contain_text(re.compile("premium", re.IGNORECASE))
    expect(body).to_contain_text(assignee)
    for reason in ("ownership", "bill", "territory", "property"):
        expect(body).to_contain_text(re.compile(reason, re.IGNORECASE))
    expect(body).to_contain_text("Came in by Website form")
    expect(body).to_contain_text("10021")


def test_with_the_server_away_the_request_is_kept_and_sent_once_when_it_is_back(
    page: Page, running_system: Running, database: psycopg.Connection
) -> None:
    open_site(page, running_system)
    sent: list[str] = []

    def lose(route: Route, request: Request) -> None:
        sent.append(request.post_data_json["idempotency_key"])
        route.abort("connectionrefused")

    page.route(DOOR, lose)
    fill(page, name="Olaf Offline", email="olaf@example.com", postal_code="11215")
    page.locator("#form-submit").click()
    state(page, "saved")
    expect(page.locator("#form-status")).to_contain_text("not lost")
    assert events_with(database, "Olaf Offline") == []

    page.reload()  # the visitor closes the page and comes back: it is still away
    expect(page.locator("#contact-form.is-ready")).to_be_visible(timeout=PATIENCE)
    state(page, "saved")
    page.unroute(DOOR)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    state(page, "sent")
    [(event_id, repeat_key)] = events_with(database, "Olaf Offline")
    assert event_id.endswith(page.locator("#form-reference").inner_text())
    assert len(sent) >= 2
    assert {f"key:{key}" for key in sent} == {repeat_key}  # the same key every time
    page.reload()
    expect(page.locator("#contact-form.is-ready")).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("localStorage.getItem('solar.queue')") is None
    assert len(events_with(database, "Olaf Offline")) == 1


def test_an_answer_that_is_lost_on_the_way_back_is_no_second_request(
    page: Page, running_system: Running, database: psycopg.Connection
) -> None:
    open_site(page, running_system)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route(DOOR, lose_the_answer)
    fill(page, name="Twyla Twice", phone="917 456 7890")
    page.locator("#form-submit").click()
    state(page, "saved")
    page.unroute(DOOR)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    state(page, "sent")
    assert len(events_with(database, "Twyla Twice")) == 1


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_sent(
    page: Page, running_system: Running, database: psycopg.Connection
) -> None:
    open_site(page, running_system)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/api/" in request.url else None)
    fill(page, name="Nora Nowhere", postal_code="123", monthly_bill="a lot")
    page.locator("#form-submit").click()
    for name in ("email", "phone", "postal_code", "monthly_bill"):
        expect(page.locator(f'#contact-form [name="{name}"]')).to_have_attribute(
            "aria-invalid", "true"
        )
    expect(page.locator("#form-errors")).to_be_focused()
    assert asked == []
    assert events_with(database, "Nora Nowhere") == []


def test_a_refusal_gives_the_answers_back(page: Page, running_system: Running) -> None:
    open_site(page, running_system)
    error = {
        "code": "VALIDATION_ERROR",
        "message": "No.",
        "details": {"contact_info.email": ["Odd."]},
    }
    page.route(
        DOOR,
        lambda route: route.fulfill(status=400, json={"status": "error", "error": error}),
    )
    fill(page, name="Rae Refused", email="rae@example.com")
    page.locator("#form-submit").click()
    expect(page.locator("#form-errors")).to_contain_text("Odd.")
    expect(page.locator('#contact-form [name="name"]')).to_have_value("Rae Refused")
    expect(page.locator('#contact-form [name="email"]')).to_have_attribute("aria-invalid", "true")


def test_a_robot_that_fills_everything_is_told_the_same_and_makes_no_lead(
    page: Page, running_system: Running, database: psycopg.Connection
) -> None:
    open_site(page, running_system)
    fill(page, name="Rob Robot", email="rob@example.com")
    page.locator('#contact-form [name="website"]').evaluate("field => field.value = 'http://x'")
    page.locator("#form-submit").click()
    state(page, "sent")
    [(event_id, _)] = events_with(database, "Rob Robot")
    [(kept,)] = database.execute(
        "SELECT state FROM intake_inboundevent WHERE public_id = %s", [event_id]
    )
    assert kept == "spam"
