"""Writing a mail in the admin and over the API; who may, and what templates refuse."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.contacts.suppression import suppress
from apps.leads.models import Lead, MailTemplate, SurveyCalendar
from apps.users.models import Role
from tests.factories.leads import make_lead
from tests.factories.users import make_user
from tests.leads.mailing import queue_mail

pytestmark = pytest.mark.django_db


def write_page(lead: Lead, **query: object) -> str:
    return reverse("admin:leads_lead_mail", args=[lead.pk], query=query)


def template(key: str) -> MailTemplate:
    return MailTemplate.objects.get(key=key)


def test_a_template_is_filled_and_sent(client: Client, sam) -> None:
    lead = make_lead(first_name="Ana", assigned_to=sam)
    client.force_login(sam)
    assert b"../mail/" in client.get(reverse("admin:leads_lead_change", args=[lead.pk])).content
    first = template("first-answer")
    page = client.get(write_page(lead, template=first.pk))
    form = page.context["form"]
    assert form.initial["subject"] == "Your solar request, Ana"
    assert "No mail account" not in page.content.decode()  # of the tests, which is none of these
    sent = form.initial | {"send": "1", "template": first.pk}
    answer = client.post(write_page(lead), sent, follow=True)
    assert answer.redirect_chain
    client.post(write_page(lead), sent)  # an impatient second click
    mail = lead.mails.get()
    assert (mail.template, mail.actor, mail.purpose) == (first, sam, "transactional")
    assert mail.body.startswith("Hello Ana,")


def test_what_has_no_value_is_shown_and_not_sent(client: Client, mia) -> None:
    SurveyCalendar.objects.create(market_id="nyc", is_open=False)
    lead = make_lead()
    client.force_login(mia)
    page = client.get(write_page(lead, template=template("before-the-visit").pk))
    assert "<code>{booking_link}</code>" in page.content.decode()
    again = client.post(write_page(lead), page.context["form"].initial | {"send": "1"})
    assert "There is no value for {booking_link}" in again.content.decode()
    assert not lead.mails.exists()


def test_looking_at_it_sends_nothing(client: Client, mia) -> None:
    lead = make_lead()
    client.force_login(mia)
    stated = {"subject": "Hi", "body": "<b>bold</b>", "purpose": "transactional"}
    form = client.get(write_page(lead)).context["form"]
    shown = client.post(write_page(lead), form.initial | stated | {"look": "1"}).content.decode()
    assert "<p>&lt;b&gt;bold&lt;/b&gt;</p>" in shown
    assert not lead.mails.exists()


def test_an_offer_without_consent_cannot_be_sent(client: Client, mia) -> None:
    lead = make_lead()
    client.force_login(mia)
    page = client.get(write_page(lead, template=template("still-thinking").pk))
    assert "This mail may not go" in page.content.decode()
    offer = page.context["form"].initial | {"send": "1", "template": template("still-thinking").pk}
    assert "needs their consent" in client.post(write_page(lead), offer).content.decode()
    assert not lead.mails.exists()


def test_who_may_not_see_the_lead_or_not_write(client: Client, sam, sue) -> None:
    hers = make_lead(assigned_to=sue)
    client.force_login(sam)
    assert client.get(write_page(hers)).status_code == 404
    client.force_login(make_user("lin", role=Role.ANALYST))
    assert client.get(write_page(hers)).status_code == 403
    shown = client.get(reverse("admin:leads_lead_change", args=[hers.pk])).content.decode()
    assert "Write a mail" not in shown


def test_a_suppressed_address_is_not_offered(client: Client, mia) -> None:
    lead = make_lead()
    suppress(kind="email", value=lead.email, reason="opt_out")
    client.force_login(mia)
    shown = client.get(reverse("admin:leads_lead_change", args=[lead.pk])).content.decode()
    assert 'href="../mail/"' not in shown


def test_a_template_with_an_unknown_name_is_not_saved(client: Client, mia) -> None:
    first = template("first-answer")
    client.force_login(mia)
    page = reverse("admin:leads_mailtemplate_change", args=[first.pk])
    make_lead(first_name="Ana")
    assert "Hello Ana," in client.get(page).content.decode()
    stated = {"name": "x", "key": "x", "purpose": "transactional", "language": "en"}
    refused = client.post(page, stated | {"subject": "Hi", "body": "Your score: {score}"})
    assert "There is no {score}." in refused.content.decode()
    first.refresh_from_db()
    assert first.key == "first-answer"


def test_sales_read_templates_by_the_api_and_do_not_change_them(
    client: Client, api_as, sam
) -> None:
    listed = api_as(sam).get("/api/leads/mail-templates/").json()["data"]["results"]
    assert {one["key"] for one in listed} >= {"first-answer", "first-answer-hi"}
    client.force_login(sam)
    assert client.get(reverse("admin:leads_mailtemplate_add")).status_code == 403


def test_mail_over_the_api(api_as, sam, sue) -> None:
    lead = make_lead(first_name="Ana", assigned_to=sam)
    url = f"/api/leads/{lead.public_id}/mails/"
    client = api_as(sam)
    headers = {"Idempotency-Key": "once"}
    for _ in range(2):
        answer = client.post(url, {"template": "first-answer"}, headers=headers)
        assert answer.status_code == 202, answer.content
    sent = answer.json()["data"]
    assert (sent["status"], sent["template"], sent["direction"]) == (
        "queued",
        "first-answer",
        "out",
    )
    assert [one["id"] for one in client.get(url).json()["data"]["results"]] == [sent["id"]]
    assert client.post(url, {"template": "nothing"}).status_code == 400
    assert client.post(url, {"subject": "only"}).status_code == 400
    assert client.post(url, {"template": "still-thinking"}).status_code == 409
    assert api_as(sue).get(url).status_code == 404
    assert api_as(sue).post(url, {"subject": "a", "body": "b"}).status_code == 404
    assert api_as(make_user("lin", role=Role.ANALYST)).post(url, {}).status_code == 403
    assert lead.mails.count() == 1


def test_the_list_of_mails_on_a_page_costs_the_same(client: Client, mia) -> None:
    lead = make_lead()
    client.force_login(mia)
    url = reverse("admin:leads_lead_change", args=[lead.pk])

    def queries_with(mails: int) -> int:
        for _ in range(mails - lead.mails.count()):
            queue_mail(lead, actor=mia)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    queries_with(1)  # what a process learns once
    assert queries_with(2) == queries_with(7)
