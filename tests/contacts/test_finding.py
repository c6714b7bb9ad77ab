"""Finding people by what somebody types."""

from __future__ import annotations

import pytest
from django.db import connection

from apps.contacts.models import Contact
from apps.contacts.selectors import contacts_found

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("pri", {"Priya"}),
        ("SHAR", {"Priya"}),
        ("priya sha", {"Priya"}),
        ("sha pri", {"Priya"}),
        ("iya", set()),
        ("प्रि", {"प्रिया"}),
        ("", {"Priya", "प्रिया", "Zoë"}),
        ("zoë ç", {"Zoë"}),
        ("zoe c", {"Zoë"}),
        ("prìya", {"Priya"}),
    ],
)
def test_names_by_their_beginning(typed: str, who: set[str]) -> None:
    for first, last in (("Priya", "Sharma"), ("प्रिया", "शर्मा"), ("Zoë", "Çelik")):
        Contact.objects.create(first_name=first, last_name=last)
    assert {one.first_name for one in contacts_found(Contact.objects.all(), typed)} == who


def test_names_are_found_by_their_indexes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # so that no costs decide
    plan = contacts_found(Contact.objects.order_by(), "pri").explain()
    assert "contacts_by_first_name" in plan
    assert "contacts_by_last_name" in plan
