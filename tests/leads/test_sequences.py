"""A lead in a sequence: each step once, by day; what ends it; and that editing disturbs nobody."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail as django_mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.contacts.suppression import suppress
from apps.core.errors import Conflict, InvalidInput
from apps.intake.models import LeadSource
from apps.leads.actions.changing import leads_set_status
from apps.leads.actions.following import lead_enrol, leads_enrol, sequence_skip, sequence_stop
from apps.leads.actions.mailing import lead_mail_not_sent
from apps.leads.actions.office import office_prepare
from apps.leads.actions.opting_out import unsubscribe
from apps.leads.actions.receiving import lead_mail_received
from apps.leads.actions.stepping import step_take, steps_due
from apps.leads.contracts import ReceivedMail
from apps.leads.models import (
    Appointment,
    Enrolment,
    Lead,
    MailTemplate,
    Sequence,
    SequenceStep,
    SurveyCalendar,
)
from tests.factories.leads import make_lead
from tests.leads.mailing import queue_mail
from tests.walking import settle

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


MONDAY = moment("2026-11-30T09:00")


@pytest.fixture(autouse=True)
def _office(settings) -> None:
    settings.LEAD_NOTIFICATION_RECIPIENTS = []
    office_prepare(today=MONDAY.date())


@pytest.fixture
def sequence() -> Sequence:
    """A mail today at ten, a call tomorrow at eleven, a mail two days later at ten."""
    made = Sequence.objects.create(name="Three steps", key="three")
    answer = MailTemplate.objects.get(key="could-not-reach-you")
    for position, fields in enumerate(
        (
            {"kind": "mail", "wait_days": 0, "at": time(10), "template": answer},
            {"kind": "call", "wait_days": 1, "at": time(11), "title": "Call again"},
            {"kind": "mail", "wait_days": 2, "at": time(10), "template": answer},
        ),
        start=1,
    ):
        SequenceStep.objects.create(sequence=made, position=position, **fields)
    return made


def sweep(now: datetime) -> int:
    with time_machine.travel(now, tick=False):
        taken = sum(step_take(pk, now=now) for pk in steps_due(now))
        settle()
    return taken


def enrol(sequence: Sequence, lead: Lead | None = None, **fields) -> Enrolment:
    lead = lead or make_lead(**fields)
    return lead_enrol(lead.public_id, sequence, actor=None, now=MONDAY)


def states(enrolment: Enrolment) -> list[str]:
    return list(enrolment.steps.order_by("position").values_list("state", flat=True))


def test_the_whole_way(sequence, sam) -> None:
    lead = make_lead(assigned_to=sam, first_name="Ana", email="ana@example.com")
    settle()
    enrolment = enrol(sequence, lead)
    assert enrolment.steps.get(position=1).due_at == moment("2026-11-30T10:00")
    assert sweep(moment("2026-11-30T09:59")) == 0
    assert sweep(moment("2026-11-30T10:00")) == 1
    assert sweep(moment("2026-11-30T10:01")) == 0
    (message,) = django_mail.outbox
    assert message.to == ["ana@example.com"]
    assert message.body.startswith("Hello Ana,")
    assert message.message()["Auto-Submitted"] == "auto-generated"
    assert enrolment.steps.get(position=2).due_at == moment("2026-12-01T11:00")
    assert sweep(moment("2026-12-01T11:00")) == 1
    assert lead.tasks.get(title="Call again").assignee == sam
    assert sweep(moment("2026-12-03T10:00")) == 1
    enrolment.refresh_from_db()
    assert (enrolment.state, states(enrolment)) == ("done", ["done"] * 3)
    assert lead.mails.filter(is_automatic=True).count() == 2
    lead.refresh_from_db()
    assert lead.first_response_at is None  # a machine answers nobody


def test_a_sweep_that_was_away_by_day_waits_for_the_next(sequence) -> None:
    enrolment = enrol(sequence)
    assert sweep(moment("2026-11-30T22:00")) == 0
    assert django_mail.outbox == []
    assert enrolment.steps.get(position=1).due_at == moment("2026-12-01T10:00")


def _writes(lead: Lead) -> None:
    mail = ReceivedMail(lead.public_id, lead.email, "Hi", "Yes", "r@x.co")
    lead_mail_received(lead.pk, mail, answers=None, now=timezone.now())


def _is_lost(lead: Lead, manager) -> None:
    leads_set_status(
        [lead.public_id], status="lost", lost_reason="x", actor=manager, now=timezone.now()
    )


def _is_closed_elsewhere(lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(status="sold")  # as a sale does, from a higher room


def _unsubscribes(lead: Lead) -> None:
    mail = queue_mail(lead)
    digest = "0" * 64
    unsubscribe(mail_id=mail.public_id, digest=digest, now=timezone.now())


def _bounces(lead: Lead) -> None:
    mail = queue_mail(lead)
    lead_mail_not_sent(
        mail, problem="5.1.1", now=timezone.now(), came_back=True, address_is_dead=True
    )


def _books(lead: Lead) -> None:
    begins = moment("2026-12-02T10:00")
    Appointment.objects.create(
        market_id="nyc",
        lead=lead,
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
        team=1,
        booked_at=MONDAY,
    )


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (_writes, "They wrote"),
        (_is_closed_elsewhere, "The lead is closed"),
        (_unsubscribes, "They asked for no more mails"),
        (lambda lead: suppress(kind="email", value=lead.email, reason="dnc"), "no more mails"),
        (_bounces, "A mail came back"),
        (lambda lead: sequence_stop(lead.pk, reason="Stopped by Sam", now=MONDAY), "Stopped by"),
        (_books, "They booked a visit"),
        (lambda lead: make_lead(email=lead.email, phone=lead.phone), "They wrote again"),
    ],
    ids=["reply", "closed", "opt-out", "suppressed", "bounce", "click", "booked", "wrote again"],
)
def test_it_ends(sequence, happens, reason) -> None:
    lead = make_lead()
    settle()
    enrolment = enrol(sequence, lead)
    happens(lead)
    settle()
    sent = len(django_mail.outbox)
    assert sweep(moment("2026-11-30T10:00")) == 0
    enrolment.refresh_from_db()
    assert enrolment.state == "stopped"
    assert reason in enrolment.reason
    assert len(django_mail.outbox) == sent
    assert states(enrolment) == ["ahead"] * 3
    assert steps_due(moment("2027-11-30T10:00")) == []
    assert lead.activities.filter(kind="sequence").count() == 2


def test_closing_by_hand_ends_it_at_once(sequence, mia) -> None:
    lead = make_lead()
    enrolment = enrol(sequence, lead)
    _is_lost(lead, mia)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.reason) == ("stopped", "The lead is closed")


def test_editing_the_sequence_disturbs_nobody(sequence, sam) -> None:
    enrolment = enrol(sequence, assigned_to=sam)
    sequence.steps.all().delete()
    Sequence.objects.filter(pk=sequence.pk).update(is_active=False)
    assert sweep(moment("2026-11-30T10:00")) == 1
    assert states(enrolment) == ["done", "ahead", "ahead"]
    sequence.delete()
    assert sweep(moment("2026-12-01T11:00")) == 1


def test_a_template_that_was_put_away_is_not_sent(sequence) -> None:
    enrolment = enrol(sequence)
    MailTemplate.objects.update(is_active=False)
    assert sweep(moment("2026-11-30T10:00")) == 1
    assert enrolment.steps.get(position=1).note == "Its template was put away"
    assert django_mail.outbox == []


def test_what_a_mail_lacks_becomes_a_task(sequence) -> None:
    SurveyCalendar.objects.create(market_id="nyc", is_open=False)
    template = MailTemplate.objects.get(key="before-the-visit")
    sequence.steps.filter(position=1).update(template=template)
    lead = make_lead()
    settle()
    enrolment = enrol(sequence, lead)
    sweep(moment("2026-11-30T10:00"))
    assert states(enrolment) == ["skipped", "ahead", "ahead"]
    titles = list(lead.tasks.values_list("title", flat=True))
    assert any("no booking link" in title for title in titles)
    assert django_mail.outbox == []


def test_an_offer_nobody_agreed_to_is_left_out(sequence, sam) -> None:
    sequence.steps.filter(position=1).update(
        template=MailTemplate.objects.get(key="still-thinking")
    )
    enrolment = enrol(sequence, assigned_to=sam)
    sweep(moment("2026-11-30T10:00"))
    step = enrolment.steps.get(position=1)
    assert (step.state, step.mail) == ("skipped", None)
    assert "consent" in step.note
    assert enrolment.steps.get(position=2).due_at is not None


def test_the_next_step_is_left_out_on_request(sequence, sam) -> None:
    lead = make_lead()
    enrolment = enrol(sequence, lead)
    assert sequence_skip(lead.pk, actor=sam, now=MONDAY)
    assert states(enrolment) == ["skipped", "ahead", "ahead"]
    assert enrolment.steps.get(position=2).due_at == moment("2026-12-01T11:00")
    for _ in range(2):
        sequence_skip(lead.pk, actor=sam, now=MONDAY)
    assert not sequence_skip(lead.pk, actor=sam, now=MONDAY)
    enrolment.refresh_from_db()
    assert enrolment.state == "done"


def test_one_sequence_at_a_time_and_only_for_open_leads(sequence) -> None:
    lead, closed = make_lead(), make_lead(status="lost")
    enrol(sequence, lead)
    with pytest.raises(Conflict, match="already"):
        enrol(sequence, lead)
    with pytest.raises(Conflict, match="closed"):
        enrol(sequence, closed)
    empty = Sequence.objects.create(name="Empty", key="empty")
    with pytest.raises(InvalidInput):
        enrol(empty)
    assert Enrolment.objects.count() == 1
    assert leads_enrol(
        [lead.public_id, make_lead().public_id], sequence, actor=None, now=MONDAY
    ) == (1, 1)


def test_a_source_begins_its_sequence_once(sequence) -> None:
    sequence.sources.add(LeadSource.objects.get(slug="website-form"))
    lead = make_lead()
    settle()
    assert lead.enrolments.get().name == "Three steps"
    other = make_lead(source="chatbot")
    settle()
    assert not other.enrolments.exists()
    make_lead(email=lead.email, phone=lead.phone)  # they write again
    settle()
    assert lead.enrolments.get().state == "stopped"


def test_the_sweep_asks_little_however_many_wait(sequence, django_assert_num_queries) -> None:
    for _ in range(5):
        enrol(sequence)
    with django_assert_num_queries(1):
        assert steps_due(MONDAY) == []


# --- pages and the API ----------------------------------------------------------------------------


def test_on_the_page_of_a_lead(client: Client, sam, sequence) -> None:
    lead = make_lead(assigned_to=sam)
    client.force_login(sam)
    page = reverse("admin:leads_lead_change", args=[lead.pk])

    def press(name: str, **data):
        url = reverse("admin:leads_lead_do", args=[lead.pk, name])
        return client.post(url, data, follow=True).content.decode()

    assert "Begin a sequence…" in client.get(page).content.decode()
    shown = press("enrol", sequence="three")
    assert "Three steps begins" in shown
    assert "Mail: We called and missed you" in shown
    assert "where they live" in shown
    assert "Left out." in press("skip_step")
    assert "Stopped." in press("stop_steps")
    assert lead.enrolments.get().reason == f"Stopped by {sam}"


def test_many_begin_from_the_list(client: Client, mia, sequence) -> None:
    leads = [make_lead(), make_lead(), make_lead(status="lost")]
    client.force_login(mia)
    chosen = {"_selected_action": [lead.pk for lead in leads], "action": "enrol_many"}
    url = reverse("admin:leads_lead_changelist")
    assert b"Choose a sequence" in client.post(url, chosen).content
    answer = client.post(url, chosen | {"_confirmed": 1, "sequence": "three"}, follow=True)
    assert b"2 begin Three steps. 1 are closed" in answer.content
    assert Enrolment.objects.count() == 2


def test_over_the_api(api_as, sam, sequence) -> None:
    lead = make_lead(assigned_to=sam)
    client, url = api_as(sam), f"/api/leads/{lead.public_id}/enrolments/"
    assert "three" in {
        one["key"] for one in client.get("/api/leads/sequences/").json()["data"]["results"]
    }
    assert client.post(url, {"sequence": "none"}).status_code == 400
    begun = client.post(url, {"sequence": "three"})
    assert begun.status_code == 201, begun.content
    assert [step["kind"] for step in begun.json()["data"]["steps"]] == ["mail", "call", "mail"]
    assert client.post(url, {"sequence": "three"}).status_code == 409
    stopped = client.post(f"{url}stop/").json()["data"]
    assert stopped[0]["state"] == "stopped"
    assert client.get(url).json()["data"] == stopped


def test_a_sequence_is_written_in_the_admin(client: Client, mia) -> None:
    client.force_login(mia)
    template = MailTemplate.objects.get(key="could-not-reach-you")
    stated = {
        "name": "Short",
        "key": "short",
        "is_active": "on",
        "steps-TOTAL_FORMS": 1,
        "steps-INITIAL_FORMS": 0,
        "steps-0-position": 1,
        "steps-0-kind": "mail",
        "steps-0-wait_days": 1,
        "steps-0-at": "21:00",
        "steps-0-template": template.pk,
    }
    url = reverse("admin:leads_sequence_add")
    assert b"Between 8:00 and 20:00" in client.post(url, stated).content
    client.post(url, stated | {"steps-0-at": "10:00", "steps-0-template": ""})
    assert not Sequence.objects.filter(key="short").exists()
    client.post(url, stated | {"steps-0-at": "10:00"})
    assert Sequence.objects.get(key="short").steps.get().template == template
