"""Suggestions: found after capture and after a change, decided by a person, and then left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest
from django.urls import reverse

from apps.core.errors import Conflict, PermissionRefused
from apps.leads.actions import suggesting
from apps.leads.actions.changing import lead_details_save
from apps.leads.actions.merging import leads_merge
from apps.leads.actions.suggesting import (
    duplicates_check,
    duplicates_check_some,
    suggestion_dismiss,
)
from apps.leads.actions.unmerging import leads_unmerge
from apps.leads.models import DuplicateBlock, DuplicateSuggestion, Lead
from tests.factories.leads import make_lead
from tests.walking import knock, settle

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>"


def states() -> list[str]:
    return list(DuplicateSuggestion.objects.values_list("state", flat=True))


@pytest.fixture
def pair(mia) -> tuple[Lead, Lead]:
    """Grace, and Grace with a slip in her address; both compared."""
    one = make_lead(first_name="Grace", last_name="Feldman", email="grace.f@gmail.com", phone="")
    other = make_lead(first_name="Grace", last_name="Feldman", email="grace.f@gmial.com", phone="")
    settle()
    return one, other


def test_a_slip_is_found_after_capture(pair) -> None:
    found = DuplicateSuggestion.objects.get()
    assert (found.first, found.second, found.kind) == (*pair, "person")
    assert found.score >= 90
    assert "slip" in found.reasons[0]


def test_the_same_person_is_not_suggested_to_itself(db) -> None:
    one = make_lead(email="grace.f@gmail.com", phone="")
    Lead.objects.filter(pk=one.pk).update(status="lost")
    make_lead(email="grace.f@gmail.com", phone="")
    settle()
    assert states() == []


def test_e_mail_of_one_and_phone_of_the_other_is_one_for_certain(api, db) -> None:
    make_lead(first_name="Ann", email="ann@example.com", phone="")
    make_lead(first_name="Bob", email="bob@example.com", phone="+12125550142")
    person = {"name": "Ann", "email": "ann@example.com", "phone": "2125550142"}
    knock(api, "emailjs", {"contact_info": person})
    found = DuplicateSuggestion.objects.get()
    assert (found.score, found.kind) == (100, "person")


def test_two_people_are_left_alone_until_one_says_something_else(pair, mia) -> None:
    one, other = pair
    suggestion_dismiss(DuplicateSuggestion.objects.get().pk, actor=mia, now=NOW)
    for lead in pair:
        duplicates_check(lead.pk, now=NOW)
    assert states() == ["dismissed"]
    other.address = "12 Main St"
    lead_details_save(other, before={"address": ""}, actor=mia, now=NOW)
    settle()
    assert states() == ["open"]


def test_a_correction_takes_a_suggestion_away(pair, mia) -> None:
    _, other = pair
    other.first_name, other.last_name = "Otto", "Weiss"
    lead_details_save(
        other, before={"first_name": "Grace", "last_name": "Feldman"}, actor=mia, now=NOW
    )
    settle()
    assert states() == []


def test_merged_and_taken_apart(pair, mia) -> None:
    merge = partial(leads_merge, pair[0].public_id, pair[1].public_id, actor=mia, now=NOW)
    done = merge()
    settle()
    assert states() == ["merged"]
    assert not DuplicateBlock.objects.filter(lead=pair[1]).exists()
    leads_unmerge(done.public_id, actor=mia, now=NOW)
    settle()
    assert states() == ["dismissed"]
    assert DuplicateBlock.objects.filter(lead=pair[1]).exists()
    merge()
    assert states() == ["merged"]


def test_who_may_not_merge_may_not_decide(pair, mia, sam) -> None:
    suggestion = DuplicateSuggestion.objects.get()
    with pytest.raises(PermissionRefused):
        suggestion_dismiss(suggestion.pk, actor=sam, now=NOW)
    assert states() == ["open"]
    suggestion_dismiss(suggestion.pk, actor=mia, now=NOW)
    with pytest.raises(Conflict):
        suggestion_dismiss(suggestion.pk, actor=mia, now=NOW)


def test_leads_from_before_are_compared_by_and_by(db) -> None:
    for domain in ("gmail.com", "gmial.com"):
        make_lead(first_name="Grace", last_name="", email=f"grace.f@{domain}", phone="")
    nobody = make_lead(last_name="", email="info@example.com", phone="")
    assert duplicates_check_some(now=NOW, most=2) == 2
    assert duplicates_check_some(now=NOW) == 1
    assert duplicates_check_some(now=NOW) == 0
    assert states() == ["open"]
    assert DuplicateBlock.objects.get(lead=nobody).key == f"alone:{nobody.pk}"


def test_a_block_that_tells_nothing_is_not_compared(db, monkeypatch) -> None:
    monkeypatch.setattr(suggesting, "_MOST_IN_A_BLOCK", 2)
    for number in range(3):
        make_lead(email=f"familyx@{number}mail.com", phone="")
    last = make_lead(email="familyx@0mall.com", phone="", last_name="")
    assert list(suggesting._alike(last, {"email:family"})) == []


def test_comparing_asks_as_often_however_many_there_are(db, django_assert_max_num_queries) -> None:
    for number in range(12):
        make_lead(email=f"grace.f{number}@gmail.com", first_name="Grace", last_name="Feldman")
    duplicates_check_some(now=NOW)
    lead = Lead.objects.latest("pk")
    keys = {"email:gracef"}
    with django_assert_max_num_queries(2):
        assert list(suggesting._alike(lead, keys))


def panel(client, lead: Lead) -> str:
    return client.get(reverse("admin:leads_lead_change", args=[lead.pk])).content.decode()


def test_on_the_page_the_list_and_the_home_page(client, mia, pair) -> None:
    one, other = pair
    Lead.objects.filter(pk=other.pk).update(first_name=HOSTILE)
    client.force_login(mia)
    compare = f"{reverse('admin:leads_lead_merge', args=[one.pk])}?with={other.pk}"
    shown = panel(client, one)
    assert "May be somebody we know" in shown
    assert compare in shown
    listed = client.get(reverse("admin:leads_duplicatesuggestion_changelist")).content.decode()
    assert compare in listed
    assert HOSTILE not in shown + listed
    assert b"1 may be somebody we know" in client.get(reverse("admin:index")).content
    suggestion = DuplicateSuggestion.objects.get()
    url = reverse("admin:leads_duplicatesuggestion_do", args=[suggestion.pk, "dismiss"])
    back = client.post(url, {"lead": one.pk})
    assert back.url == reverse("admin:leads_lead_change", args=[one.pk])
    assert states() == ["dismissed"]
    assert "May be somebody we know" not in panel(client, one)
    assert b"may be somebody we know" not in client.get(reverse("admin:index")).content


def test_of_a_colleagues_lead_only_that_there_is_one(client, sam, sue, pair) -> None:
    one, other = pair
    Lead.objects.filter(pk=other.pk).update(assigned_to=sue)
    client.force_login(sam)
    shown = panel(client, one)
    assert "A lead of a colleague looks like this person" in shown
    assert other.email not in shown
    listed = client.get(reverse("admin:leads_duplicatesuggestion_changelist")).content.decode()
    assert other.email not in listed
    url = reverse(
        "admin:leads_duplicatesuggestion_do", args=[DuplicateSuggestion.objects.get().pk, "dismiss"]
    )
    assert client.post(url).status_code == 404
    assert states() == ["open"]
