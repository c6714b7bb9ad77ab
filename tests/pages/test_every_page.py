"""Every page of the admin, for every role: open or locked, never broken."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse

from apps.core.models import OutboxMessage
from apps.intake.models import InboundEvent
from apps.pipeline.models import Journey, JourneyState
from apps.users.models import Role
from tests.factories.users import make_user
from tests.walking import knock

STAFF = [role for role in Role.values if role != Role.BUYER]


@pytest.fixture
def something_everywhere(api) -> None:
    knock(
        api,
        "chatbot",
        {
            "session_id": "s-1",
            "user_messages": ["hi", "pat@example.com"],
            "bot_responses": ["hello"],
            "user_info": {"name": "<b>Pat</b>"},
        },
    )
    knock(
        api, "emailjs", {"contact_info": {"name": "Lee", "email": "lee@example.com"}, "market": "x"}
    )
    knock(api, "calculator", {"user_inputs": {"zip": "10021"}, "user_info": {"email": "cal@x.com"}})


def _changelists() -> list[str]:
    return [f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry]


@pytest.mark.parametrize("role", STAFF)
def test_every_list_and_every_first_page(role, client: Client, db, something_everywhere):
    user = make_user("somebody", role=role)
    client.force_login(user)
    request = RequestFactory().get("/admin/")
    request.user = user
    assert client.get(reverse("admin:index")).status_code == 200
    for model, page in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        may_look = page.has_view_permission(request) or page.has_change_permission(request)
        listed = client.get(reverse(f"{name}_changelist"))
        assert listed.status_code == (200 if may_look else 403), name
        row = page.get_queryset(request).first() if may_look else None
        if row is not None:
            assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200, name


@pytest.mark.parametrize("role", STAFF)
def test_the_menu_leads_nowhere_one_may_not_go(role, client: Client, db):
    user = make_user("somebody", role=role)
    client.force_login(user)
    request = RequestFactory().get("/admin/")
    request.user = user
    for group in settings.UNFOLD["SIDEBAR"]["navigation"]:
        for item in group["items"]:
            if item.get("permission", lambda _: True)(request):
                assert client.get(str(item["link"])).status_code == 200, item["title"]


def test_the_search_is_a_button_and_says_what_it_finds(client: Client, mia, db):
    client.force_login(mia)
    home = client.get("/admin/").content.decode()
    button = home.partition('<button type="button" class="sc-find"')[2].partition("</button>")[0]
    assert "Find a lead or a page" in button
    client.force_login(make_user("theo", role=Role.TECHNICIAN))
    assert "Find a page" in client.get("/admin/").content.decode()
    found = client.get("/admin/search/", {"s": "api keys", "extended": "1"})
    assert found.status_code == 200


def test_a_buyer_stays_outside(client: Client, bea):
    client.force_login(bea)
    assert client.get(reverse("admin:index")).status_code == 302


def test_a_parked_journey_is_on_the_home_page_and_goes_on(
    client: Client, mia, api, something_everywhere
):
    journey = Journey.objects.exclude(lead=None).first()
    Journey.objects.filter(pk=journey.pk).update(
        state=JourneyState.PARKED, last_error="<i>why</i>", outcome=""
    )
    client.force_login(mia)
    assert b"1 parked on the road" in client.get(reverse("admin:index")).content
    lead_page = client.get(reverse("admin:leads_lead_change", args=[journey.lead_id]))
    assert "<i>why</i>" not in lead_page.content.decode()
    client.post(reverse("admin:pipeline_journey_do", args=[journey.pk, "resume"]))
    journey.refresh_from_db()
    assert journey.state == JourneyState.MOVING


def test_what_was_given_up_is_tried_again(client: Client, mia, something_everywhere):
    row = OutboxMessage.objects.order_by("pk").first()
    OutboxMessage.objects.filter(pk=row.pk).update(state="dead")
    client.force_login(mia)
    client.post(reverse("admin:core_outboxmessage_do", args=[row.pk, "retry"]))
    row.refresh_from_db()
    assert row.state == OutboxMessage.State.PENDING


def test_a_body_that_cannot_be_read_is_shown(client: Client, mia, api, something_everywhere):
    journey = Journey.objects.first()
    event = journey.event
    event.body = b'{"a": "\xff\x00<script>' + json.dumps("x" * 50_000).encode()
    event.save()
    client.force_login(mia)
    shown = client.get(reverse("admin:intake_inboundevent_change", args=[event.pk]))
    assert shown.status_code == 200
    assert b"not JSON" in shown.content
    assert b'"\xef\xbf\xbd' not in shown.content  # escaped, like the tag
    assert b"a&quot;" in shown.content


def test_an_event_is_found_by_the_reference_a_visitor_reads_out(
    client: Client, mia, something_everywhere
):
    client.force_login(mia)
    wanted, *others = InboundEvent.objects.order_by("pk")
    reference = str(wanted.public_id)[-8:]
    page = client.get("/admin/intake/inboundevent/", {"q": reference}).content.decode()
    assert f"/admin/intake/inboundevent/{wanted.pk}/change/" in page
    assert all(f"/admin/intake/inboundevent/{other.pk}/change/" not in page for other in others)
