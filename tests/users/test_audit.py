"""Who changed what: the person is named, whichever way they came in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from auditlog.models import LogEntry
from django.test import Client, RequestFactory
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.audit import AuditMiddleware
from apps.users.authentication import BearerAuthentication
from apps.users.models import User
from tests.factories.leads import make_lead
from tests.factories.users import PASSWORD


def entry(pk: int) -> LogEntry:
    return LogEntry.objects.filter(object_pk=str(pk)).latest("pk")


def rename(request) -> None:
    User.objects.get(username="sue").save()
    sue = User.objects.get(username="sue")
    sue.department = "North"
    sue.save()


def test_a_change_through_the_api_names_the_person_behind_the_token(sam, sue, api) -> None:
    class Renaming(APIView):
        authentication_classes = (BearerAuthentication,)

        def post(self, request) -> Response:
            rename(request)
            return Response({})

    access = api.post("/api/auth/login/", {"username": "sam", "password": PASSWORD}).json()
    request = RequestFactory().post(
        "/api/x/",
        REMOTE_ADDR="203.0.113.7",
        headers={"Authorization": f"Bearer {access['data']['access']}"},
    )
    request.user = User()
    response = AuditMiddleware(Renaming.as_view())(request)
    assert response.status_code == 200
    found = entry(sue.pk)
    assert (found.actor, found.remote_addr) == (sam, "203.0.113.7")
    assert found.changes_dict == {"department": ["", "North"]}


def test_a_change_through_the_admin_names_the_person_signed_in(ana, sue, client: Client) -> None:
    client.force_login(ana)
    request = RequestFactory().post("/admin/users/user/", REMOTE_ADDR="203.0.113.7")
    request.user = ana
    AuditMiddleware(rename)(request)
    assert entry(sue.pk).actor == ana


def test_a_lead_entered_through_the_api_is_the_persons(mia, api) -> None:
    pair = api.post("/api/auth/login/", {"username": "mia", "password": PASSWORD}).json()["data"]
    answer = api.post(
        "/api/leads/",
        {"first_name": "Pat", "email": "pat@example.org", "postal_code": "11215"},
        format="json",
        headers={"Authorization": f"Bearer {pair['access']}"},
    )
    assert answer.status_code == 201, answer.content
    created = LogEntry.objects.get(content_type__model="lead", action=LogEntry.Action.CREATE)
    assert created.actor == mia
    assert "pat@example.org" not in str(created.changes)  # masked


def test_after_a_request_nobody_is_named(sam, sue) -> None:
    request = RequestFactory().post("/api/x/")
    request.user = sam
    AuditMiddleware(lambda request: None)(request)
    rename(None)
    assert entry(sue.pk).actor is None


@pytest.mark.parametrize("path", ["/api/integrations/webhooks/emailjs/", "/webhook/x", "/health/"])
def test_doors_are_left_out(path: str, sam, sue) -> None:
    request = RequestFactory().post(path)
    request.user = sam
    AuditMiddleware(rename)(request)
    assert entry(sue.pk).actor is None


def test_passwords_are_not_in_the_trail(sam) -> None:
    sam.set_password("another-long-secret")
    sam.save()
    found = str(entry(sam.pk).changes)
    assert sam.password not in found
    assert "another-long-secret" not in found


def test_a_sign_in_is_no_change(sam, api) -> None:
    before = LogEntry.objects.count()
    api.post("/api/auth/login/", {"username": "sam", "password": PASSWORD})
    assert LogEntry.objects.count() == before


def test_what_a_machine_does_names_nobody(db) -> None:
    lead = make_lead()
    assert entry(lead.pk).actor is None


def test_the_page_of_a_change_says_to_the_second_when_it_was(ana, sue, client: Client) -> None:
    sue.department = "North"
    sue.save()
    found = entry(sue.pk)
    LogEntry.objects.filter(pk=found.pk).update(
        timestamp=datetime(2026, 11, 21, 15, 4, 5, tzinfo=UTC)
    )
    client.force_login(ana)
    page = client.get(f"/admin/auditlog/logentry/{found.pk}/change/").content.decode()
    assert "21 Nov 2026, 10:04:05 EST" in page
