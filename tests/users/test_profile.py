"""One's own profile, and the time on one's own screens."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from apps.users.middleware import TimeZoneMiddleware
from apps.users.models import Role, User
from apps.users.time_zones import time_zone_choices, time_zones
from tests.factories.users import make_user

PROFILE = "/admin/users/user/profile/"
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_it_is_changed_by_the_api(sam, api_as) -> None:
    answer = api_as(sam).patch(
        "/api/auth/user/", {"phone": "+12125550142", "time_zone": "Asia/Kolkata"}
    )
    assert answer.status_code == 200
    sam.refresh_from_db()
    assert (sam.phone, sam.time_zone) == ("+12125550142", "Asia/Kolkata")
    assert answer.json()["data"]["time_zone"] == "Asia/Kolkata"


def test_what_is_an_admins_to_change_is_passed_over(sam, api_as) -> None:
    before = User.objects.filter(pk=sam.pk).values().get()
    body = {"role": "admin", "username": "root", "email": "x@example.com", "is_superuser": True}
    assert api_as(sam).patch("/api/auth/user/", body).status_code == 200
    assert User.objects.filter(pk=sam.pk).values().get() == before


@pytest.mark.parametrize("zone", ["Mars/Phobos", "../etc/passwd", "x" * 61])
def test_what_is_no_time_zone_is_refused(zone: str, sam, api_as) -> None:
    answer = api_as(sam).patch("/api/auth/user/", {"first_name": "S", "time_zone": zone})
    assert (answer.status_code, set(answer.json()["error"]["details"])) == (400, {"time_zone"})
    sam.refresh_from_db()
    assert (sam.first_name, sam.time_zone) == ("", "")


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.BUYER])
def test_everybody_who_works_here_has_the_page(role: str, client: Client, db) -> None:
    person = make_user("somebody", role=role)
    client.force_login(person)
    stated = {"first_name": "Sam", "last_name": "", "phone": "1", "time_zone": "Asia/Kolkata"}
    page = client.post(PROFILE, stated, follow=True)
    assert b"Saved." in page.content
    person.refresh_from_db()
    assert (person.first_name, person.time_zone, person.role) == ("Sam", "Asia/Kolkata", role)
    refused = client.post(PROFILE, stated | {"time_zone": "Mars/Phobos"})
    assert b"Mars/Phobos is not one of the available choices" in refused.content


@pytest.mark.parametrize(
    ("zone", "path", "shown"),
    [
        ("Asia/Kolkata", "/admin/", "17:30"),
        ("", "/admin/", "07:00"),  # the company's: New York
        ("Mars/Phobos", "/admin/", "07:00"),  # a row of another time must lock nobody out
        ("Asia/Kolkata", "/api/leads/", "12:00"),  # programs are told UTC
        ("Asia/Kolkata", "/api/v1/leads/", "12:00"),
        ("Asia/Kolkata", "/", "07:00"),
    ],
)
def test_pages_show_my_time_and_the_api_utc(zone: str, path: str, shown: str, sam) -> None:
    sam.time_zone = zone
    request = RequestFactory().get(path)
    request.user = sam
    seen = []

    def page(_: object) -> HttpResponse:
        seen.append(timezone.localtime(NOON).strftime("%H:%M"))
        return HttpResponse()

    TimeZoneMiddleware(page)(request)
    assert seen == [shown]
    assert timezone.localtime(NOON).strftime("%H:%M") == "07:00"


def test_the_choices_are_places_the_system_knows() -> None:
    chosen = [value for value, _ in time_zone_choices() if value]
    assert {"America/New_York", "Asia/Kolkata", "Europe/Berlin"} <= set(chosen)
    assert set(chosen) <= set(time_zones())
    assert not [zone for zone in chosen if zone.startswith("Etc/")]


def test_an_admin_gives_nobody_a_time_zone_that_is_none(client: Client, sam) -> None:
    client.force_login(make_user("ada", role=Role.ADMIN))
    page = f"/admin/users/user/{sam.pk}/change/"
    stated = {"username": "sam", "role": Role.SALES, "is_active": "on"}
    refused = client.post(page, stated | {"time_zone": "Mars/Phobos"})
    assert b"Mars/Phobos is not one of the available choices" in refused.content
    client.post(page, stated | {"time_zone": "Asia/Kolkata"})
    sam.refresh_from_db()
    assert sam.time_zone == "Asia/Kolkata"


def test_a_zone_by_its_older_name_is_not_lost_by_a_form(client: Client, sam) -> None:
    User.objects.filter(pk=sam.pk).update(time_zone="US/Eastern")
    client.force_login(sam)
    assert b'<option value="US/Eastern" selected' in client.get(PROFILE).content
    client.post(PROFILE, {"first_name": "Sam", "time_zone": "US/Eastern"})
    sam.refresh_from_db()
    assert (sam.first_name, sam.time_zone) == ("Sam", "US/Eastern")
