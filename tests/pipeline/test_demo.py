"""The demo: the same every time, down the real road, and gone without a trace."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core import mail as django_mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from apps.conversations.comparing import openings_compared
from apps.conversations.models import Conversation
from apps.intake.models import InboundEvent
from apps.leads.models import AssignmentPool, Enrolment, Lead, LeadActivity, PoolMember
from apps.leads.selectors import rules_live
from apps.pipeline.demo import PASSWORD, demo_keys, demo_load, demo_remove
from apps.pipeline.models import ConversationDay, Journey
from apps.users.models import User
from tests.factories.leads import make_lead
from tests.walking import settle

# One worker for all of them: the demo is loaded once.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]

ROOMS = (
    "intake", "contacts", "notifications", "leads", "integrations", "pipeline", "core", "users",
    "solar", "b2b", "ledger", "conversations",
)  # fmt: skip


def rows() -> dict[str, int]:
    found: list[type[Model]] = [
        model for room in ROOMS for model in apps.get_app_config(room).get_models()
    ]
    return {model._meta.label: model._default_manager.count() for model in found}


def what_it_shows() -> list[tuple[Any, ...]]:
    fields = ("email", "phone", "score", "tier", "assigned_to__username", "status", "is_sample")
    return sorted(Lead.objects.values_list(*fields))


@pytest.fixture(scope="module")
def before_it(django_db_setup, django_db_blocker) -> Iterator[dict[str, int]]:
    """The demo, loaded once for the tests here, each of which is undone. The rows before it."""
    with django_db_blocker.unblock(), transaction.atomic():
        before = rows()
        demo_load()
        yield before
        transaction.set_rollback(True)


@pytest.fixture
def demo(before_it: dict[str, int], db: None) -> None:
    """The demo is there."""


def test_the_demo_shows_what_came_of_conversations(demo) -> None:
    assert Conversation.objects.filter(is_sample=True).count() > 40
    days = ConversationDay.objects.all()
    assert sum(day.turns for day in days) > 80
    assert sum(day.leads for day in days) > 0
    [group] = openings_compared(now=timezone.now())
    assert all(one.counts["opened"] > 10 for one in group.variants)


def test_the_demo_shows_leads_of_every_kind(demo) -> None:
    leads = Lead.objects.all()
    assert 30 <= leads.count() <= 45
    assert leads.filter(is_sample=True).count() == leads.count()
    assert set(leads.values_list("market", flat=True)) == {"nyc", "india"}
    assert {"premium", "standard"} <= set(leads.values_list("tier", flat=True))
    offered = leads.exclude(sales=None)
    assert 12 <= offered.count() <= 24
    assert not leads.filter(assigned_to=None).difference(offered).exists()
    assert set(Journey.objects.values_list("state", flat=True)) == {"done", "waiting"}
    assert set(offered.values_list("market", flat=True)) == {"nyc", "india"}
    assert {"worked", "no_identity"} <= set(Journey.objects.values_list("outcome", flat=True))
    grace = leads.get(email="grace.feldman@example.com")
    assert grace.tier == "premium"
    for lead in leads:
        first = lead.activities.order_by("created_at", "id").first()
        assert first is not None
        assert first.kind == "created"
        assert lead.created_at <= first.created_at


def test_the_demo_has_mail_an_answer_and_a_sequence(demo, settings) -> None:
    settings.LEAD_NOTIFICATION_RECIPIENTS = []
    grace = Lead.objects.get(email="grace.feldman@example.com")
    ours, theirs = grace.mails.order_by("created_at")
    assert (ours.status, ours.carrier) == ("replied", "demo")
    assert theirs.body.startswith("Hello, Tuesday after six")
    assert grace.tasks.filter(title="Answer their mail", state="open").exists()
    assert Enrolment.objects.get().state == "running"
    settle()
    # Its people do not exist; the only mails are leads, to the buyer that takes them so.
    told = {address for mail in django_mail.outbox for address in mail.to}
    assert told == {"leads@harbor-light.example"}


def test_loading_it_twice_changes_nothing(demo) -> None:
    before, shown = rows(), what_it_shows()
    demo_load()
    assert (rows(), what_it_shows()) == (before, shown)


def test_it_is_the_same_demo_everywhere(demo) -> None:
    first = what_it_shows()
    demo_remove()
    demo_load()
    assert what_it_shows() == first


def test_a_load_that_was_cut_off_is_finished_by_the_next(demo) -> None:
    whole = what_it_shows()
    events = InboundEvent.objects.order_by("-id")[:10]
    for event in events:
        Journey.objects.filter(event=event).delete()
        LeadActivity.objects.filter(inbound_event=event.public_id).delete()
        event.delete()
    demo_load()
    assert what_it_shows() == whole
    assert Journey.objects.count() == InboundEvent.objects.count()


def test_removing_it_leaves_nothing_of_it(demo, before_it) -> None:
    assert rows() != before_it
    out = io.StringIO()
    call_command("remove_demo_data", stdout=out)
    assert "leads: " in out.getvalue()
    assert rows() == before_it
    assert set(demo_remove().values()) == {0}


def test_removing_it_leaves_what_is_real(demo, sam: User, client: Client) -> None:
    sales = User.objects.get(username="sales")
    real = make_lead(email="real@example.com", assigned_to=sales)
    team = AssignmentPool.objects.get(name="New York City sales")
    PoolMember.objects.create(pool=team, user=sam)
    body = {"contact_info": {"email": "visitor@example.com"}, "idempotency_key": "demo-3"}
    response = client.post(
        "/api/integrations/webhooks/emailjs/", body, content_type="application/json"
    )
    settle()
    demo_remove()
    assert set(Lead.objects.values_list("email", flat=True)) == {
        "real@example.com",
        "visitor@example.com",
    }
    event = InboundEvent.objects.get()  # the visitor's, whatever key they chose
    assert str(event.public_id) == response.json()["data"]["event_id"]
    real.refresh_from_db()
    assert real.assigned_to is None
    assert [member.user for member in PoolMember.objects.all()] == [sam]
    assert rules_live().rules.filter(pool=team).count() == 2  # his team still gets leads


def test_the_keys_and_logins_that_are_printed_open_their_doors(demo, client: Client) -> None:
    out = io.StringIO()
    call_command("demo_keys", stdout=out)
    keys = json.loads(out.getvalue())
    assert keys == demo_keys()
    response = client.post(
        "/api/integrations/webhooks/leads/",
        {"email": "new@example.com"},
        content_type="application/json",
        headers={"X-API-Key": keys["vendor_key"]},
    )
    assert response.status_code == 202
    for username in ("admin", "manager", "sales", "support", "technician", "analyst"):
        assert client.login(username=username, password=PASSWORD)


def test_in_production_no_key_is_printed(settings: Any) -> None:
    settings.ENVIRONMENT = "production"
    with pytest.raises(CommandError):
        call_command("demo_keys")
