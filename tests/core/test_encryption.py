"""Secrets at rest: ciphertext in the database, keys that rotate, a lost key that is named."""

from __future__ import annotations

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection

from apps.core.errors import Misconfigured
from apps.intake.models import LeadSource
from tests.factories.sources import make_vendor

SECRET = "whsec_ünïcode-secret"


@pytest.fixture
def vendor(db) -> LeadSource:
    return make_vendor(signing_secret=SECRET)[0]


def stored(vendor: LeadSource) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT signing_secret FROM intake_leadsource WHERE id = %s", [vendor.pk])
        return cursor.fetchone()[0]


def test_what_goes_in_comes_out(vendor) -> None:
    assert LeadSource.objects.get(pk=vendor.pk).signing_secret == SECRET


def test_the_database_holds_ciphertext_and_never_the_same_twice(vendor) -> None:
    first = stored(vendor)
    assert SECRET not in first
    vendor.save()
    assert stored(vendor) != first


def test_empty_stays_empty(db) -> None:
    assert stored(make_vendor()[0]) == ""


def test_after_a_rotation_the_old_key_can_go(vendor, settings) -> None:
    old, new = settings.ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [new, old]
    assert LeadSource.objects.get(pk=vendor.pk).signing_secret == SECRET  # the old one decrypts
    words = StringIO()
    call_command("rotate_encryption_keys", stdout=words)
    assert "intake.LeadSource: " in words.getvalue()
    settings.ENCRYPTION_KEYS = [new]
    assert LeadSource.objects.get(pk=vendor.pk).signing_secret == SECRET


def test_rotating_again_changes_nothing_people_see(vendor, settings) -> None:
    call_command("rotate_encryption_keys", stdout=StringIO())
    call_command("rotate_encryption_keys", stdout=StringIO())
    assert LeadSource.objects.get(pk=vendor.pk).signing_secret == SECRET


def test_a_lost_key_is_said_by_the_name_of_the_field(vendor, settings) -> None:
    before = stored(vendor)
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(Misconfigured, match=r"LeadSource\.signing_secret .* ENCRYPTION_KEYS"):
        LeadSource.objects.get(pk=vendor.pk)
    with pytest.raises(Misconfigured):
        call_command("rotate_encryption_keys", stdout=StringIO())
    assert stored(vendor) == before


def test_a_new_key_is_a_key() -> None:
    words = StringIO()
    call_command("new_encryption_key", stdout=words)
    key = Fernet(words.getvalue().strip())
    assert key.decrypt(key.encrypt(b"secret")) == b"secret"
