"""Recognising people: new, known, known twice, and the same one at the same moment."""

from __future__ import annotations

from threading import Barrier

import pytest
from django.db import IntegrityError

from apps.contacts import actions
from apps.contacts.actions import contact_capture
from apps.contacts.contracts import Captured, PersonDraft
from apps.contacts.identity import PhoneNumber
from apps.contacts.models import Contact, ContactIdentity
from tests.together import together

MAIL, OTHER_MAIL = "ana@example.com", "rivera@example.com"
PHONE, OTHER_PHONE = PhoneNumber("+12127365000", True), PhoneNumber("+12127365001", True)


def capture(**fields) -> Captured:
    return contact_capture(PersonDraft(**fields))


def identities(captured: Captured) -> set[str]:
    return set(
        ContactIdentity.objects.filter(contact=captured.contact_pk).values_list("value", flat=True)
    )


def test_somebody_new(db) -> None:
    captured = capture(first_name="Ana", last_name="Rivera", email=MAIL, phone=PHONE, market="nyc")
    assert captured.created
    assert captured.conflict is None
    contact = Contact.objects.get(pk=captured.contact_pk)
    assert (contact.first_name, contact.last_name, contact.market) == ("Ana", "Rivera", "nyc")
    assert identities(captured) == {MAIL, PHONE.e164}


def test_a_number_that_is_not_valid_is_kept_as_such(db) -> None:
    captured = capture(phone=PhoneNumber("+11234567890", False))
    assert not ContactIdentity.objects.get(contact=captured.contact_pk).valid


@pytest.mark.parametrize("known", [{"email": MAIL}, {"phone": PHONE}])
def test_somebody_known_by_one_brings_the_other(known: dict, db) -> None:
    first = capture(**known)
    again = capture(email=MAIL, phone=PHONE)
    assert again == Captured(contact_pk=first.contact_pk, created=False)
    assert identities(first) == {MAIL, PHONE.e164}
    assert Contact.objects.count() == 1


def test_the_same_person_again_changes_nothing(db) -> None:
    first = capture(email=MAIL, phone=PHONE)
    assert capture(email=MAIL, phone=PHONE) == Captured(first.contact_pk, created=False)
    assert ContactIdentity.objects.count() == 2


@pytest.mark.parametrize("phone_first", [True, False])
def test_two_owners_are_a_conflict_and_the_older_is_taken(phone_first: bool, db) -> None:
    drafts = [{"phone": PHONE}, {"email": MAIL}]
    older, newer = (capture(**draft) for draft in (drafts if phone_first else drafts[::-1]))
    both = capture(email=MAIL, phone=PHONE)
    assert (both.contact_pk, both.created) == (older.contact_pk, False)
    assert both.conflict == Contact.objects.get(pk=newer.contact_pk).public_id
    assert len(identities(older)) == len(identities(newer)) == 1  # nothing was moved


def test_a_second_number_belongs_to_the_same_person(db) -> None:
    first = capture(email=MAIL, phone=PHONE)
    capture(email=MAIL, phone=OTHER_PHONE)
    assert identities(first) == {MAIL, PHONE.e164, OTHER_PHONE.e164}


def test_strangers_stay_strangers(db) -> None:
    capture(email=MAIL, phone=PHONE)
    assert capture(email=OTHER_MAIL, phone=OTHER_PHONE).created
    assert Contact.objects.count() == 2


def test_an_address_is_no_number(db) -> None:
    """The same text of another kind is another identity."""
    capture(email=PHONE.e164)
    assert capture(phone=PHONE).created


def test_gaps_are_filled_and_names_are_not_overwritten(db) -> None:
    first = capture(first_name="Ana", email=MAIL)
    capture(first_name="Anna", last_name="Rivera", email=MAIL, market="nyc", language="es")
    capture(last_name="Riviera", email=MAIL, market="india", language="")
    contact = Contact.objects.get(pk=first.contact_pk)
    assert (contact.first_name, contact.last_name) == ("Ana", "Rivera")
    assert (contact.market, contact.language) == ("nyc", "es")


def test_nobody_is_refused(db) -> None:
    with pytest.raises(ValueError, match="cannot be recognised"):
        capture(first_name="Ana")
    assert not Contact.objects.exists()


def test_the_same_person_twice_at_once_is_one(transactional_db) -> None:
    results = together(*[lambda: capture(email=MAIL, phone=PHONE)] * 4)
    assert sorted(result.created for result in results) == [False, False, False, True]
    assert Contact.objects.count() == 1
    assert ContactIdentity.objects.count() == 2


def test_known_by_different_halves_at_once_is_no_deadlock(transactional_db) -> None:
    results = together(
        *[lambda: capture(email=MAIL, phone=PHONE), lambda: capture(phone=PHONE),
          lambda: capture(email=MAIL)]
    )  # fmt: skip
    assert all(isinstance(result, Captured) for result in results), results
    assert ContactIdentity.objects.count() == 2


def test_control_without_the_lock_two_are_made(transactional_db, monkeypatch) -> None:
    """The unique constraint still stands in the way: one of the two fails instead of finding."""
    monkeypatch.setattr(actions, "lock_names", lambda *names: None)
    new_contact = actions._new_contact
    both_found_nobody = Barrier(2)

    def together_with_the_other(person):
        both_found_nobody.wait(10)
        return new_contact(person)

    monkeypatch.setattr(actions, "_new_contact", together_with_the_other)
    results = together(*[lambda: capture(email=MAIL, phone=PHONE)] * 2)
    assert [type(result) for result in results].count(IntegrityError) == 1
