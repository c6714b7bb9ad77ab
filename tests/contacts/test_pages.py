"""The pages of people."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.users.models import Role
from tests.factories.leads import make_lead
from tests.factories.users import make_user

ROWS = {
    f"{name}-{part}": "0"
    for name in ("identities", "consents")
    for part in ("TOTAL_FORMS", "INITIAL_FORMS")
}


@pytest.fixture
def page(client: Client, db: None) -> Client:
    client.force_login(make_user("ada", role=Role.ADMIN))
    return client


@pytest.mark.parametrize(("said", "kept"), [("hi", "hi"), ("", ""), ("Hindi", "es")])
def test_the_language_of_a_person_is_one_that_we_write(page: Client, said: str, kept: str) -> None:
    contact = make_lead().contact
    type(contact).objects.filter(pk=contact.pk).update(language="es")
    url = reverse("admin:contacts_contact_change", args=[contact.pk])
    page.post(url, {"first_name": "Pat", "last_name": "Doe", "language": said} | ROWS)
    contact.refresh_from_db()
    assert contact.language == kept


def test_a_language_we_do_not_write_stays_as_it_was_said(page: Client) -> None:
    contact = make_lead().contact
    type(contact).objects.filter(pk=contact.pk).update(language="ta")
    url = reverse("admin:contacts_contact_change", args=[contact.pk])
    page.post(url, {"first_name": "Maya", "last_name": "Doe", "language": "ta"} | ROWS)
    contact.refresh_from_db()
    assert (contact.first_name, contact.language) == ("Maya", "ta")
