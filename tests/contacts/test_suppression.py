"""Who must not be contacted: found again, and told to nobody."""

from __future__ import annotations

import json

from django.core import serializers

from apps.contacts.identity import read_email, read_phone
from apps.contacts.models import Suppression
from apps.contacts.suppression import suppress, suppressed_kinds, suppression_digest

MAIL, PHONE = "ana@example.com", "+12127365000"


def test_only_a_keyed_hash_is_kept(db, settings) -> None:
    suppress(kind="email", value=MAIL, reason="opt_out")
    row = json.dumps(serializers.serialize("json", Suppression.objects.all()))
    assert "ana" not in row
    before = suppression_digest("email", MAIL)
    assert Suppression.objects.get().value_digest == before
    settings.SUPPRESSION_KEY = "another key"
    assert suppression_digest("email", MAIL) != before
    assert suppressed_kinds(email=MAIL, phone="") == set()


def test_however_it_is_written_it_is_found(db) -> None:
    suppress(kind="email", value=MAIL, reason="opt_out")
    suppress(kind="phone", value=PHONE, reason="dnc")
    email = read_email(" <ANA@Example.com> ") or ""
    phone = read_phone("(212) 736-5000", region="US")
    assert phone is not None
    assert suppressed_kinds(email=email, phone=phone.e164) == {"email", "phone"}
    assert suppressed_kinds(email=email, phone="") == {"email"}
    assert suppressed_kinds(email="", phone=phone.e164) == {"phone"}


def test_others_are_not_on_it(db) -> None:
    suppress(kind="email", value=MAIL, reason="opt_out")
    assert suppressed_kinds(email="anna@example.com", phone=PHONE) == set()
    assert suppressed_kinds(email="", phone=MAIL) == set()  # another kind is another address
    assert suppressed_kinds(email="", phone="") == set()


def test_the_first_reason_stays(db) -> None:
    first = suppress(kind="phone", value=PHONE, reason="complaint", note="said so")
    again = suppress(kind="phone", value=PHONE, reason="staff")
    assert (again.pk, again.reason, again.note) == (first.pk, "complaint", "said so")
