"""The pages of leads: who may see and do what, and that hostile words stay words."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.contacts.suppression import suppress
from apps.leads.choices import LeadStatus
from apps.leads.models import Lead
from apps.users.models import Role
from tests.factories.leads import make_lead
from tests.factories.users import make_user

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def client_as(client: Client):
    def signed_in(user):
        client.force_login(user)
        return client

    return signed_in


def page(lead: Lead) -> str:
    return reverse("admin:leads_lead_change", args=[lead.pk])


def press(client: Client, lead: Lead, name: str, **data):
    return client.post(reverse("admin:leads_lead_do", args=[lead.pk, name]), data, follow=True)


def test_sales_see_their_own_and_nobodys_leads(client_as, sam, sue):
    mine, nobodys = make_lead(assigned_to=sam), make_lead()
    hers = make_lead(assigned_to=sue)
    client = client_as(sam)
    listed = client.get(reverse("admin:leads_lead_changelist")).content.decode()
    assert mine.name in listed
    assert nobodys.name in listed
    assert hers.name not in listed
    assert client.get(page(mine)).status_code == 200
    assert client.get(page(hers)).status_code == 302


def test_a_button_does_nothing_to_a_lead_one_may_not_see(client_as, sam, sue):
    hers = make_lead(assigned_to=sue)
    assert press(client_as(sam), hers, "take").status_code == 404
    hers.refresh_from_db()
    assert hers.assigned_to == sue


def test_who_only_looks_presses_nothing(client_as, db):
    lead = make_lead()
    client = client_as(make_user("lin", role=Role.ANALYST))
    assert b"Assign to me" not in client.get(page(lead)).content
    assert press(client, lead, "take").status_code == 403
    assert press(client, lead, "note", text="hello").status_code == 403
    assert not lead.activities.filter(kind="note").exists()


def test_buttons_are_not_links(client_as, mia):
    lead = make_lead()
    url = reverse("admin:leads_lead_do", args=[lead.pk, "take"])
    assert client_as(mia).get(url).status_code == 405


def test_sales_take_but_do_not_give(client_as, sam, sue):
    lead = make_lead()
    client = client_as(sam)
    answer = press(client, lead, "assign", user=sue.pk)
    assert answer.status_code == 403
    press(client, lead, "take")
    lead.refresh_from_db()
    assert lead.assigned_to == sam


def test_lost_needs_a_reason(client_as, mia):
    lead = make_lead()
    client = client_as(mia)
    assert b"Say why it was lost" in press(client, lead, "status", status="lost").content
    lead.refresh_from_db()
    assert lead.status == LeadStatus.NEW
    press(client, lead, "status", status="lost", lost_reason="Too dear")
    lead.refresh_from_db()
    assert (lead.status, lead.lost_reason) == (LeadStatus.LOST, "Too dear")


def test_hostile_words_are_shown_as_words(client_as, mia):
    lead = make_lead(first_name=HOSTILE, message=HOSTILE)
    client = client_as(mia)
    for url in (page(lead), reverse("admin:leads_lead_changelist"), reverse("admin:index")):
        assert HOSTILE not in client.get(url).content.decode()


def test_a_suppressed_phone_cannot_be_clicked(client_as, mia):
    lead = make_lead()
    suppress(kind="phone", value=lead.phone, reason="dnc")
    content = client_as(mia).get(page(lead)).content.decode()
    assert "Must not be contacted by phone" in content
    assert f"tel:{lead.phone}" not in content


def edit(client: Client, lead: Lead, **changes):
    shown = client.get(page(lead)).context["adminform"].form
    data = {name: shown.get_initial_for_field(field, name) for name, field in shown.fields.items()}
    data = {name: "" if value is None else value for name, value in data.items()}
    return client.post(page(lead), data | changes, follow=True)


def test_a_correction_is_on_the_timeline_and_in_the_score(client_as, mia):
    lead = make_lead(postal_code="10021")
    edit(client_as(mia), lead, ownership="owner", postal_code="11215")
    lead.refresh_from_db()
    assert lead.territory.code == "brooklyn"
    assert lead.score > 0
    line = lead.activities.get(kind="updated")
    assert line.data["before"] == {"ownership": "", "postal_code": "10021"}


def test_a_new_address_joins_the_person_unless_it_is_somebody_elses(client_as, mia):
    other, lead = make_lead(email="taken@example.com"), make_lead(email="")
    client = client_as(mia)
    refused = edit(client, lead, email="Taken@example.com")
    assert b"Somebody else we know" in refused.content
    edit(client, lead, email=" New@Example.com")
    lead.refresh_from_db()
    assert lead.email == "new@example.com"
    assert lead.contact.identities.filter(value="new@example.com").exists()
    assert other.contact.identities.filter(value="taken@example.com").exists()


def test_a_lead_entered_by_hand_goes_down_the_road(client_as, mia):
    stated = {"first_name": "Walk", "market": "nyc", "phone": "(212) 555-0188", "message": "Fair"}
    client = client_as(mia)
    client.post(reverse("admin:leads_lead_add"), stated)
    lead = Lead.objects.get(phone="+12125550188")
    assert lead.source.slug == "api"
    assert lead.activities.get(kind="created").data["message"] == "Fair"
    again = client.post(reverse("admin:leads_lead_add"), stated)
    assert again.url == page(lead)
    assert Lead.objects.filter(phone="+12125550188").count() == 1


def test_many_at_once(client_as, mia, sam):
    leads = [make_lead(), make_lead()]
    chosen = {"_selected_action": [lead.pk for lead in leads]}
    client, url = client_as(mia), reverse("admin:leads_lead_changelist")
    asked = client.post(url, chosen | {"action": "assign_many"})
    assert b"Choose a person" in asked.content
    client.post(url, chosen | {"action": "assign_many", "_confirmed": 1, "user": sam.public_id})
    assert Lead.objects.filter(assigned_to=sam).count() == 2


def test_the_list_asks_the_database_the_same_number_of_times(
    client_as, mia, django_assert_max_num_queries
):
    for _ in range(12):
        make_lead()
    client = client_as(mia)
    with django_assert_max_num_queries(24):
        client.get(reverse("admin:leads_lead_changelist"))


def test_an_old_link_says_why_it_leads_nowhere(client_as, sam, sue):
    hers = make_lead(assigned_to=sue)
    answer = client_as(sam).get(page(hers), follow=True)
    assert answer.redirect_chain == [(reverse("admin:leads_lead_changelist"), 302)]
    assert "This lead is gone, or it is not yours to see any more." in answer.content.decode()


def test_whoever_leaves_is_seen_to_have_leads(client_as, sam, sue):
    lead = make_lead(assigned_to=sam)
    make_lead(assigned_to=sam, status="lost")
    client = client_as(make_user("ada", role=Role.ADMIN))

    def shown(person):
        return client.get(reverse("admin:users_user_change", args=[person.pk])).content.decode()

    assert "Before sam leaves" in shown(sam)
    assert "Open leads" not in shown(sue)
    sam.is_active = False
    sam.save()
    assert "Nobody works these." in shown(sam)
    theirs = f"?assigned={sam.pk}&status__in=new%2Ccontacted%2Cqualified%2Cproposal%2Cnegotiation"
    assert theirs.replace("&", "&amp;") in shown(sam)
    listed = client.get(reverse("admin:leads_lead_changelist") + theirs).content.decode()
    assert listed.count('class="sc-person"') == 1
    assert page(lead).removeprefix("/admin/leads/lead/") in listed
