"""What goes in and must not come out: keys, signing secrets, suppressed addresses, roles."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from apps.contacts.models import Suppression
from apps.contacts.suppression import suppressed_kinds
from apps.intake.selectors import source_by_key
from apps.users.models import Role, User
from tests.factories.sources import make_vendor

SECRET = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ="


def test_a_key_is_shown_once_and_can_be_revoked(client: Client, mia):
    source, _ = make_vendor()
    client.force_login(mia)
    page = reverse("admin:intake_leadsource_change", args=[source.pk])
    shown = client.post(
        reverse("admin:intake_leadsource_do", args=[source.pk, "issue_key"]), follow=True
    ).content.decode()
    key = shown.partition('id="sc-new-key">')[2].partition("<")[0]
    assert source_by_key(key) is not None
    assert key not in client.get(page).content.decode()
    row = source.keys.get(prefix=key[:10])
    revoke = reverse("admin:intake_leadsource_do", args=[source.pk, "revoke_key"])
    client.post(revoke, {"key": "none of ours"})
    assert source_by_key(key) is not None
    client.post(revoke, {"key": row.pk})
    assert source_by_key(key) is None


def test_a_signing_secret_goes_in_and_never_comes_out(client: Client, mia):
    source, _ = make_vendor()
    client.force_login(mia)
    page = reverse("admin:intake_leadsource_change", args=[source.pk])
    stated = {"name": "Acme", "provenance": "third_party", "is_active": "on"}
    shown = client.post(page, stated | {"new_secret": SECRET, "_continue": 1}, follow=True)
    source.refresh_from_db()
    assert source.signing_secret == SECRET
    assert SECRET not in shown.content.decode()
    client.post(page, stated)
    source.refresh_from_db()
    assert source.signing_secret == SECRET  # an empty field keeps it
    client.post(page, stated | {"no_secret": "on"})
    source.refresh_from_db()
    assert source.signing_secret == ""


def test_an_address_is_suppressed_and_forgotten(client: Client, mia):
    client.force_login(mia)
    add = reverse("admin:contacts_suppression_add")
    refused = client.post(add, {"address": "212 555 0142", "reason": "dnc"})
    assert b"with a country code" in refused.content
    assert not Suppression.objects.exists()
    shown = client.post(add, {"address": " Pat@Example.com ", "reason": "dnc"}, follow=True)
    assert suppressed_kinds(email="pat@example.com", phone="") == {"email"}
    assert b"pat@example.com" not in shown.content.lower()
    again = client.post(add, {"address": "pat@example.com", "reason": "complaint"}, follow=True)
    assert again.status_code == 200
    assert Suppression.objects.get().reason == "dnc"


def _change(client: Client, user: User, **changes: object):
    stated = {"username": user.username, "role": user.role, "email": user.email, "is_active": "on"}
    page = reverse("admin:users_user_change", args=[user.pk])
    return client.post(page, stated | changes)


def test_a_role_brings_its_flags(client: Client, ana, sam):
    client.force_login(ana)
    _change(client, sam, role=Role.ADMIN)
    sam.refresh_from_db()
    assert sam.is_superuser
    _change(client, sam, role=Role.BUYER)
    sam.refresh_from_db()
    assert not sam.is_superuser
    assert not sam.is_staff


def test_the_last_admin_stays_one(client: Client, ana):
    client.force_login(ana)
    assert b"last admin" in _change(client, ana, role=Role.SALES).content
    ana.refresh_from_db()
    assert ana.is_superuser


def test_a_manager_changes_nobody(client: Client, mia, sam):
    client.force_login(mia)
    assert _change(client, sam, role=Role.ADMIN).status_code == 403
    sam.refresh_from_db()
    assert sam.role == Role.SALES
