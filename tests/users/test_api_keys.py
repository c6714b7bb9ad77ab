"""API keys: within their scopes and their owner's role, from where they may, while they last."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from auditlog.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from apps.core.errors import InvalidInput
from apps.users.actions import api_key_issue, api_key_revoke
from apps.users.models import ApiKey, Role, User
from apps.users.roles import ROLE_PERMISSIONS
from apps.users.scopes import SCOPES
from tests.architecture.role_matrix import API, OBJECTS, OWN, Scene
from tests.architecture.test_role_matrix import _GAP
from tests.factories.leads import make_lead
from tests.factories.sources import make_vendor
from tests.factories.users import make_user

NEW_LEAD = {"email": "new@example.com", "market": "nyc"}


def issue(owner: User, *scopes: str, **facts) -> tuple[ApiKey, str]:
    return api_key_issue(owner=owner, name="Test", scopes=scopes, now=timezone.now(), **facts)


def with_key(secret: str, **extra) -> APIClient:
    client = APIClient(**extra)
    client.credentials(HTTP_X_API_KEY=secret)
    return client


def test_it_acts_for_its_owner(sam) -> None:
    _, secret = issue(sam, "leads:mail")
    me = with_key(secret).get("/api/auth/user/").json()["data"]
    assert me["id"] == str(sam.public_id)
    assert me["permissions"] == ["leads.add_leadmail", "leads.change_enrolment"]
    assert with_key(secret).get("/api/auth/verify/").json()["data"]["valid"] is True


def test_only_its_digest_is_kept(sam) -> None:
    key, secret = issue(sam, "leads:read")
    assert secret.startswith("crm_")
    assert len(secret) > 40
    assert secret.startswith(key.prefix)
    stored = ApiKey.objects.filter(pk=key.pk).values().get()
    assert secret not in str(stored)


def test_a_scope_opens_what_it_names_and_no_more(sam) -> None:
    reads, writes = (with_key(issue(sam, f"leads:{scope}")[1]) for scope in ("read", "write"))
    assert reads.get("/api/leads/").status_code == 200
    assert reads.post("/api/leads/", NEW_LEAD).status_code == 403
    assert writes.get("/api/leads/").status_code == 403
    assert writes.post("/api/leads/", NEW_LEAD).status_code == 201


def test_it_sees_what_its_owner_sees(sam, sue, mia) -> None:
    lead = make_lead(assigned_to=sue)
    address = f"/api/leads/{lead.public_id}/"
    assert with_key(issue(sam, "leads:read")[1]).get(address).status_code == 404
    assert with_key(issue(mia, "leads:read")[1]).get(address).status_code == 200


def test_an_admins_key_is_no_master_key(ana) -> None:
    admin = with_key(issue(ana, "leads:read")[1])
    assert admin.get("/api/leads/").status_code == 200
    assert admin.post("/api/leads/", NEW_LEAD).status_code == 403


def test_a_right_taken_from_the_owner_is_gone_from_the_key(sam) -> None:
    client = with_key(issue(sam, "leads:read")[1])
    assert client.get("/api/leads/").status_code == 200
    User.objects.filter(pk=sam.pk).update(role=Role.TECHNICIAN)
    assert client.get("/api/leads/").status_code == 403


@pytest.mark.parametrize("end", ["revoked", "expired", "owner left", "wrong"])
def test_what_is_over_opens_nothing(end: str, sam) -> None:
    until = timezone.now() + timedelta(days=1) if end == "expired" else None
    key, secret = issue(sam, "leads:read", expires_at=until)
    if end == "revoked":
        assert api_key_revoke(key.pk, now=timezone.now())
        assert not api_key_revoke(key.pk, now=timezone.now())
    if end == "owner left":
        User.objects.filter(pk=sam.pk).update(is_active=False)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        answer = with_key("crm_wrong" if end == "wrong" else secret).get("/api/leads/")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "AUTHENTICATION_REQUIRED"
    key.refresh_from_db()
    assert key.last_used_at is None


def test_a_vendors_key_is_told_which_door_it_opens(db) -> None:
    answer = with_key(make_vendor()[1]).get("/api/leads/")
    assert answer.status_code == 401
    assert "vendors' door" in answer.json()["error"]["message"]


def test_it_is_accepted_from_its_networks_only(sam) -> None:
    _, secret = issue(sam, "leads:read", networks=["203.0.113.0/24", "2001:db8::/32"])
    for address, status in (("203.0.113.9", 200), ("2001:db8::1", 200), ("198.51.100.1", 403)):
        answer = with_key(secret, REMOTE_ADDR=address).get("/api/leads/")
        assert answer.status_code == status, address


def test_each_key_has_an_allowance_of_its_own(sam) -> None:
    slow, quick = issue(sam, "leads:read", requests_per_minute=2)[1], issue(sam, "leads:read")[1]
    assert [with_key(slow).get("/api/leads/").status_code for _ in range(3)] == [200, 200, 429]
    assert with_key(quick).get("/api/leads/").status_code == 200


def test_its_use_is_noted_at_most_once_a_minute(sam) -> None:
    key, secret = issue(sam, "leads:read")
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        writes = []
        for _ in range(3):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                with_key(secret).get("/api/leads/")
            writes.append(sum("UPDATE" in query["sql"] for query in queries))
            clock.shift(timedelta(seconds=35))
        assert writes == [1, 0, 1]
        key.refresh_from_db()
        assert key.last_used_at == timezone.now() - timedelta(seconds=35)


@pytest.mark.parametrize(
    ("scopes", "facts", "field"),
    [
        ((), {}, "scopes"),
        (("nonsense",), {}, "scopes"),
        (("system:read",), {}, "scopes"),  # nothing a salesperson may do
        (("leads:read",), {"networks": ["nonsense"]}, "networks"),
        (("leads:read",), {"expires_at": timezone.now() - timedelta(days=1)}, "expires_at"),
    ],
)
def test_what_cannot_be_is_refused(scopes, facts, field: str, sam) -> None:
    with pytest.raises(InvalidInput) as refused:
        issue(sam, *scopes, **facts)
    assert set(refused.value.details) == {field}
    assert not ApiKey.objects.exists()


def test_a_buyer_holds_no_key(bea) -> None:
    bea.user_permissions.add(Permission.objects.get(codename="view_lead"))
    with pytest.raises(InvalidInput):
        issue(bea, "leads:read")


def test_every_scope_names_rights_that_exist(db) -> None:
    known = {f"{p.content_type.app_label}.{p.codename}" for p in Permission.objects.all()}
    held = set().union(*ROLE_PERMISSIONS.values())
    for scope, (_, permissions) in SCOPES.items():
        assert permissions <= known, scope
        assert permissions & held, f"{scope}: of use to no role but the admin"


def test_a_key_without_use_opens_nothing_anywhere(ana) -> None:
    """Every endpoint of the table that is not open to everybody."""
    ApiKey.objects.filter(pk=issue(ana, "leads:read")[0].pk).update(scopes=[])
    _, secret = issue(ana, "leads:read")
    ApiKey.objects.update(scopes=["gone:scope"])
    open_to_keys = {"auth/user/", "auth/verify/", "system/health/"}
    colleague, opened = make_user("colleague"), []
    for row in API:
        if len(set(row.statuses)) == 1 or row.of not in {OWN, "any"}:
            continue
        scene = Scene(ana, row.of, colleague)
        path = _GAP.sub(lambda gap: str(OBJECTS[gap["name"]](scene)), row.route)  # noqa: B023
        status = with_key(secret).generic(row.method, f"/api/{path}").status_code
        if status != 403 and not (row.method == "GET" and row.route in open_to_keys):
            opened.append((str(row), status))
    assert opened == []


def test_what_is_done_with_it_is_audited_under_its_owner(mia) -> None:
    _, secret = issue(mia, "leads:write")
    with_key(secret).post("/api/leads/", NEW_LEAD)
    entry = LogEntry.objects.filter(content_type__model="lead").latest("pk")
    assert entry.actor == mia


# --- in the admin --------------------------------------------------------------------------------


def test_it_is_shown_once_and_revoked(client: Client, sam) -> None:
    client.force_login(sam)
    stated = {"name": "Sheet", "scopes": ["leads:read"], "lasts": "90", "networks": "10.0.0.0/8"}
    shown = client.post(reverse("admin:users_apikey_add"), stated, follow=True).content.decode()
    secret = shown.partition('id="sc-new-key">')[2].partition("<")[0]
    key = ApiKey.objects.get()
    assert (key.owner, key.networks, key.digest != secret) == (sam, ["10.0.0.0/8"], True)
    assert timedelta(days=89) < key.expires_at - timezone.now() <= timedelta(days=90)
    page = reverse("admin:users_apikey_change", args=[key.pk])
    assert secret not in client.get(page).content.decode()
    assert LogEntry.objects.filter(object_pk=key.pk, content_type__model="apikey").exists()
    client.post(reverse("admin:users_apikey_do", args=[key.pk, "revoke"]))
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_the_form_says_what_cannot_be(client: Client, sam) -> None:
    client.force_login(sam)
    stated = {"name": "Sheet", "scopes": ["system:read"], "lasts": "", "networks": "everywhere"}
    offered = client.get(reverse("admin:users_apikey_add")).content.decode()
    assert "(leads:read)" in offered
    assert "(system:read)" not in offered
    shown = client.post(reverse("admin:users_apikey_add"), stated).content.decode()
    assert "system:read is not one of the available choices" in shown
    assert "Not an address or network: everywhere." in shown
    assert not ApiKey.objects.exists()


def test_a_colleagues_key_is_an_admins_business_only(client: Client, sam, sue, ana) -> None:
    key, _ = issue(sue, "leads:read")
    client.force_login(sam)
    assert client.post(reverse("admin:users_apikey_do", args=[key.pk, "revoke"])).status_code == 404
    key.refresh_from_db()
    assert key.revoked_at is None
    client.force_login(ana)
    client.post(reverse("admin:users_apikey_do", args=[key.pk, "revoke"]))
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_an_admin_issues_for_others(client: Client, ana, sam) -> None:
    client.force_login(ana)
    stated = {"owner": sam.pk, "name": "Sheet", "scopes": ["leads:read"], "lasts": ""}
    client.post(reverse("admin:users_apikey_add"), stated)
    assert ApiKey.objects.get().owner == sam
