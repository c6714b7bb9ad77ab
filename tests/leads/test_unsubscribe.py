"""One click ends our mails: for programs, for people, and for good."""

from __future__ import annotations

import re

import pytest
from django.core import mail as django_mail
from django.test import Client

from apps.contacts.models import Consent, Suppression
from apps.contacts.suppression import suppressed_kinds
from apps.core.errors import Conflict
from apps.leads.mail.letter import unsubscribe_address
from tests.factories.leads import make_lead
from tests.leads.mailing import queue_mail
from tests.walking import settle

pytestmark = pytest.mark.django_db
HOST = "http://localhost:8000"


@pytest.fixture
def strict() -> Client:
    """A browser, with the checks against forged forms on."""
    return Client(enforce_csrf_checks=True)


def path_of(mail) -> str:
    return unsubscribe_address(mail).removeprefix(HOST)


def test_the_link_of_the_mail_itself_works(strict) -> None:
    lead = make_lead(email="ana@example.com")
    queue_mail(lead)
    settle()
    message = next(one for one in django_mail.outbox if one.to == ["ana@example.com"])
    header = message.message()["List-Unsubscribe"].strip("<>").replace("\n", "")
    answer = strict.post(header.removeprefix(HOST), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert suppressed_kinds(email="ana@example.com", phone="") == {"email"}
    assert Consent.objects.get(contact=lead.contact, channel="email").kind == "revoked"
    assert lead.activities.filter(kind="suppressed").count() == 1
    with pytest.raises(Conflict, match="do-not-contact"):
        queue_mail(lead)


def test_looking_changes_nothing(strict) -> None:
    mail = queue_mail(make_lead())
    page = strict.get(path_of(mail))
    assert b"Stop all mails to me" in page.content
    assert b'method="post"' in page.content
    assert not Suppression.objects.exists()
    assert "no-cache" in page["Cache-Control"]


def test_twice_is_once(strict) -> None:
    lead = make_lead()
    mail = queue_mail(lead)
    for _ in range(2):
        assert b"Done" in strict.post(path_of(mail)).content
    assert Suppression.objects.count() == 1
    assert Consent.objects.filter(kind="revoked").count() == 1
    assert lead.activities.filter(kind="suppressed").count() == 1


def test_it_holds_when_lead_and_mail_are_gone(strict) -> None:
    lead = make_lead(email="ana@example.com")
    path = path_of(queue_mail(lead))
    lead.delete()
    assert strict.post(path).status_code == 200
    assert suppressed_kinds(email="ana@example.com", phone="") == {"email"}


def test_what_waits_does_not_go_any_more(strict) -> None:
    lead = make_lead()
    first, second = queue_mail(lead), queue_mail(lead)
    strict.post(path_of(first))
    settle()
    second.refresh_from_db()
    assert second.status == "failed"
    assert not [one for one in django_mail.outbox if one.to == [lead.email]]


@pytest.mark.parametrize("forge", [lambda t: t[:-2], lambda t: "x", lambda t: t + "x"])
def test_a_forged_link_does_nothing(strict, forge) -> None:
    mail = queue_mail(make_lead())
    token = re.search(r"/unsubscribe/(.+)/", path_of(mail))[1]
    assert strict.post(f"/unsubscribe/{forge(token)}/").status_code == 404
    assert not Suppression.objects.exists()
