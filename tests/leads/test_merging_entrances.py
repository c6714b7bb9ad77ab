"""Merging through the API and the pages: who may, what is answered, what is shown."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.leads.actions.merging import leads_merge
from apps.leads.choices import LeadStatus
from apps.leads.models import Lead, LeadMerge
from tests.factories.leads import make_lead

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def pair(db) -> tuple[Lead, Lead]:
    return make_lead(last_name="Early", monthly_bill=200), make_lead(last_name="Late")


def address(lead: Lead, what: str) -> str:
    return f"/api/leads/{lead.public_id}/{what}/"


def status_of(lead: Lead) -> str:
    return Lead.objects.get(pk=lead.pk).status


def test_merge_and_unmerge_by_the_api(api_as, mia, pair) -> None:
    survivor, duplicate = pair
    client = api_as(mia)
    body = {"duplicate_id": str(duplicate.public_id), "keep": {"last_name": "survivor"}}
    merged = client.post(address(survivor, "merge"), body, format="json")
    assert merged.status_code == 200, merged.content
    data = merged.json()["data"]
    assert data["lead"]["id"] == str(survivor.public_id)
    assert data["lead"]["last_name"] == "Early"
    assert data["lead"]["email"] == duplicate.email  # said later
    assert status_of(duplicate) == LeadStatus.DUPLICATE
    undone = client.post(address(duplicate, "unmerge"), {}, format="json")
    assert undone.json()["data"] == {
        "merge_id": data["merge_id"],
        "lead_id": str(survivor.public_id),
        "duplicate_id": str(duplicate.public_id),
        "kept": [],
        "missing": 0,
    }
    assert status_of(duplicate) == LeadStatus.NEW
    again = client.post(address(duplicate, "unmerge"), {}, format="json")
    assert again.status_code == 409


def test_the_same_key_merges_once(api_as, mia, pair) -> None:
    survivor, duplicate = pair
    client, body = api_as(mia), {"duplicate_id": str(duplicate.public_id)}
    answers = [
        client.post(address(survivor, "merge"), body, format="json", HTTP_IDEMPOTENCY_KEY="m-1")
        for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [200, 200]
    assert LeadMerge.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"duplicate_id": "x"}, 400),
        ({"duplicate_id": "0192f000-0000-7000-8000-000000000000"}, 404),
    ],
)
def test_what_cannot_be_meant(api_as, mia, pair, body, status) -> None:
    assert api_as(mia).post(address(pair[0], "merge"), body, format="json").status_code == status


def test_a_choice_there_is_not(api_as, mia, pair) -> None:
    body = {"duplicate_id": str(pair[1].public_id), "keep": {"email": "both"}}
    answer = api_as(mia).post(address(pair[0], "merge"), body, format="json")
    assert answer.status_code == 400
    assert status_of(pair[1]) == LeadStatus.NEW


def test_sales_merge_what_is_theirs_and_see_nothing_of_others(api_as, sam, sue, pair) -> None:
    survivor, duplicate = pair
    body = {"duplicate_id": str(duplicate.public_id)}
    client = api_as(sam)
    assert client.post(address(survivor, "merge"), body, format="json").status_code == 403
    Lead.objects.filter(pk=duplicate.pk).update(assigned_to=sue)
    assert client.post(address(survivor, "merge"), body, format="json").status_code == 404
    assert status_of(duplicate) == LeadStatus.NEW
    Lead.objects.update(assigned_to=sam)
    assert client.post(address(survivor, "merge"), body, format="json").status_code == 200


def test_the_page_shows_both_and_merges(client, mia, pair) -> None:
    survivor, duplicate = pair
    Lead.objects.filter(pk=duplicate.pk).update(last_name=HOSTILE)
    client.force_login(mia)
    url = reverse("admin:leads_lead_merge", args=[survivor.pk])
    found = client.get(url, {"q": duplicate.email}).content.decode()
    assert f"?with={duplicate.pk}" in found
    page = client.get(url, {"with": duplicate.pk}).content.decode()
    assert HOSTILE not in page
    assert 'name="keep_last_name" value="duplicate" checked' in page
    client.post(url, {"with": duplicate.pk, "keep_last_name": "survivor"})
    survivor.refresh_from_db()
    assert survivor.last_name == "Early"
    assert status_of(duplicate) == LeadStatus.DUPLICATE
    gone = client.get(reverse("admin:leads_lead_change", args=[duplicate.pk])).content.decode()
    assert "Merged into another lead" in gone
    client.post(reverse("admin:leads_lead_do", args=[survivor.pk, "unmerge"]))
    assert status_of(duplicate) == LeadStatus.NEW


def test_the_page_offers_what_is_open_as_the_one_that_stays(client, mia, pair) -> None:
    survivor, duplicate = pair
    Lead.objects.filter(pk=survivor.pk).update(status="lost")
    client.force_login(mia)
    url = reverse("admin:leads_lead_merge", args=[survivor.pk])
    assert client.get(url, {"with": duplicate.pk}).context["page"].survivor == duplicate
    other_way = client.get(url, {"with": duplicate.pk, "survivor": ""})
    assert other_way.context["page"].survivor == survivor


def test_a_refusal_is_said_on_the_page(client, mia, pair) -> None:
    survivor, duplicate = pair
    Lead.objects.filter(pk=duplicate.pk).update(status="sold")
    client.force_login(mia)
    url = reverse("admin:leads_lead_merge", args=[survivor.pk])
    assert b"money hangs on it" in client.post(url, {"with": duplicate.pk}).content
    assert not LeadMerge.objects.exists()


def test_a_lead_one_may_not_see_is_not_offered(client, sam, sue, pair) -> None:
    survivor, duplicate = pair
    Lead.objects.filter(pk=duplicate.pk).update(assigned_to=sue)
    client.force_login(sam)
    url = reverse("admin:leads_lead_merge", args=[survivor.pk])
    assert "?with=" not in client.get(url, {"q": duplicate.email}).content.decode()
    assert duplicate.email not in client.get(url, {"with": duplicate.pk}).content.decode()
    hers = reverse("admin:leads_lead_merge", args=[duplicate.pk])
    assert client.get(hers, {"with": survivor.pk}).status_code == 404


def test_a_person_under_two_records_is_one_on_the_page(client, mia, pair) -> None:
    survivor, duplicate = pair
    person, other = survivor.contact_id, duplicate.contact_id
    leads_merge(survivor.public_id, duplicate.public_id, actor=mia, now=survivor.created_at)
    client.force_login(mia)
    page = reverse("admin:contacts_contact_change", args=[other])
    assert b"This record was merged" in client.get(page).content
    page = reverse("admin:contacts_contact_change", args=[person])
    assert b"Also known under" in client.get(page).content
