"""The demo: the same every time, down the real road, and gone without a trace."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.test import Client

from apps.intake.models import InboundEvent
from apps.leads.models import AssignmentPool, Lead, LeadActivity, PoolMember
from apps.pipeline.demo import PASSWORD, demo_keys, demo_load, demo_remove
from apps.pipeline.models import Journey
from apps.users.models import User
from tests.factories.leads import make_lead
from tests.walking import settle

pytestmark = pytest.mark.django_db

ROOMS = ("intake", "contacts", "leads", "integrations", "pipeline", "core", "users", "solar")


def rows() -> dict[str, int]:
    found: list[type[Model]] = [
        model for room in ROOMS for model in apps.get_app_config(room).get_models()
    ]
    return {model._meta.label: model._default_manager.count() for model in found}


def what_it_shows() -> list[tuple[Any, ...]]:
    fields = ("email", "phone", "score", "tier", "assigned_to__username", "status", "is_sample")
    return sorted(Lead.objects.values_list(*fields))


def test_the_demo_shows_leads_of_every_kind() -> None:
    demo_load()
    leads = Lead.objects.all()
    assert 25 <= leads.count() <= 40
    assert leads.filter(is_sample=True).count() == leads.count()
    assert set(leads.values_list("market", flat=True)) == {"nyc", "india"}
    assert {"premium", "standard"} <= set(leads.values_list("tier", flat=True))
    assert not leads.filter(assigned_to=None).exists()
    assert set(Journey.objects.values_list("state", flat=True)) == {"done"}
    assert {"worked", "no_identity"} <= set(Journey.objects.values_list("outcome", flat=True))
    grace = leads.get(email="grace.feldman@example.com")
    assert grace.tier == "premium"
    for lead in leads:
        first = lead.activities.order_by("created_at", "id").first()
        assert first is not None
        assert first.kind == "created"
        assert lead.created_at <= first.created_at


def test_loading_it_twice_changes_nothing() -> None:
    demo_load()
    before, shown = rows(), what_it_shows()
    demo_load()
    assert (rows(), what_it_shows()) == (before, shown)


def test_it_is_the_same_demo_everywhere() -> None:
    demo_load()
    first = what_it_shows()
    demo_remove()
    demo_load()
    assert what_it_shows() == first


def test_a_load_that_was_cut_off_is_finished_by_the_next() -> None:
    demo_load()
    whole = what_it_shows()
    events = InboundEvent.objects.order_by("-id")[:10]
    for event in events:
        Journey.objects.filter(event=event).delete()
        LeadActivity.objects.filter(inbound_event=event.public_id).delete()
        event.delete()
    demo_load()
    assert what_it_shows() == whole
    assert Journey.objects.count() == InboundEvent.objects.count()


def test_removing_it_leaves_nothing_of_it() -> None:
    before = rows()
    demo_load()
    assert rows() != before
    out = io.StringIO()
    call_command("remove_demo_data", stdout=out)
    assert "leads: " in out.getvalue()
    assert rows() == before
    assert set(demo_remove().values()) == {0}


def test_removing_it_leaves_what_is_real(sam: User, client: Client) -> None:
    demo_load()
    sales = User.objects.get(username="sales")
    real = make_lead(email="real@example.com", assigned_to=sales)
    PoolMember.objects.create(pool=AssignmentPool.objects.get(market="nyc"), user=sam)
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


def test_the_keys_and_logins_that_are_printed_open_their_doors(client: Client) -> None:
    demo_load()
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
