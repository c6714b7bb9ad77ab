"""From a draft to a lead: found and brought up to date, or made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.contacts.contracts import ConsentDraft
from apps.contacts.models import Consent, Contact, ContactIdentity
from apps.contacts.suppression import suppress
from apps.core.ids import new_id
from apps.intake.models import LeadSource
from apps.leads.actions.capturing import CapturedLead, LeadOrigin, lead_capture
from apps.leads.choices import OPEN_STATUSES, LeadStatus
from apps.leads.contracts import Behaviour, LeadDraft
from apps.leads.models import Lead
from tests.factories.leads import make_draft

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def capture(draft: LeadDraft, *, now: datetime = NOW, **origin: Any) -> CapturedLead:
    source = LeadSource.objects.get(slug="website-form")
    return lead_capture(
        draft,
        LeadOrigin(
            event_id=origin.get("event_id") or new_id(),
            source_pk=source.pk,
            source_name=source.name,
            provenance=source.provenance,
            payload=origin.get("payload", {}),
        ),
        now=now,
    )


def kinds(lead_pk: int) -> list[str]:
    return list(
        Lead.objects.get(pk=lead_pk).activities.order_by("id").values_list("kind", flat=True)
    )


def test_somebody_new_becomes_a_contact_and_a_lead() -> None:
    event_id = new_id()
    captured = capture(
        make_draft(
            first_name="Grace",
            last_name="Feldman",
            email="grace@example.com",
            phone="+12125550142",
            postal_code="10021",
            monthly_bill=400,
            details={"ownership": "owner", "property_type": "co_op"},
            behaviour=Behaviour(sentiment=0.5),
            attribution={"first_touch": {"gclid": "1"}, "last_touch": {"utm_source": "x"}},
            message="Hello",
        ),
        event_id=event_id,
        payload={"odd\x00key": float("inf")},
    )
    assert captured.created
    lead = Lead.objects.get(pk=captured.lead_pk)
    assert (lead.name, lead.email, lead.phone) == (
        "Grace Feldman",
        "grace@example.com",
        "+12125550142",
    )
    assert (lead.status, lead.call_status, lead.phone_valid) == ("new", "to_call", True)
    assert (lead.market_id, lead.territory.code, lead.utility) == ("nyc", "manhattan", "Con Edison")
    assert (lead.monthly_bill, lead.ownership, lead.property_type) == (400, "owner", "co_op")
    assert (lead.first_touch, lead.last_touch) == ({"gclid": "1"}, {"utm_source": "x"})
    assert lead.behaviour == {"sentiment": 0.5}
    assert lead.original_data == {"odd\ufffdkey": "inf"}
    assert (lead.created_at, lead.assigned_to, lead.score) == (NOW, None, 0)
    activity = lead.activities.get()
    assert (activity.kind, activity.inbound_event, activity.actor) == ("created", event_id, None)
    assert activity.data["message"] == "Hello"
    assert ContactIdentity.objects.filter(contact=lead.contact).count() == 2


def test_an_open_lead_is_brought_up_to_date() -> None:
    first = capture(make_draft(email="a@example.com", postal_code="10021", monthly_bill=100))
    again = capture(
        make_draft(
            email="a@example.com",
            phone="",
            monthly_bill=400,
            details={"ownership": "owner"},
            attribution={"first_touch": {"gclid": "2"}, "last_touch": {"gclid": "2"}},
        ),
        now=LATER,
    )
    assert again == CapturedLead(first.lead_pk, created=False)
    lead = Lead.objects.get()
    assert (lead.monthly_bill, lead.ownership, lead.postal_code) == (400, "owner", "10021")
    assert (lead.first_touch, lead.last_touch) == ({}, {"gclid": "2"})
    assert (lead.created_at, lead.updated_at) == (NOW, LATER)
    assert kinds(lead.pk) == ["created", "inbound"]
    changed = lead.activities.get(kind="inbound").data["changed"]
    assert changed == ["last_touch", "monthly_bill", "ownership"]


def test_later_words_correct_earlier_ones_but_not_who_it_is() -> None:
    capture(
        make_draft(
            first_name="Grace",
            last_name="",
            email="a@example.com",
            phone="+12125550142",
            details={"property_type": "condo"},
        )
    )
    capture(
        make_draft(
            first_name="Gracy",
            last_name="Feldman",
            email="other@example.com",
            phone="+12125550142",
            details={"property_type": "co_op"},
        )
    )
    lead = Lead.objects.get()
    assert (lead.first_name, lead.last_name) == ("Grace", "Feldman")  # a gap is filled
    assert (lead.email, lead.phone) == ("a@example.com", "+12125550142")
    assert lead.property_type == "co_op"
    # The other address is known all the same: it leads to this person the next time.
    assert set(lead.contact.identities.values_list("value", flat=True)) == {
        "a@example.com",
        "other@example.com",
        "+12125550142",
    }


def test_what_was_not_said_erases_nothing() -> None:
    capture(make_draft(email="a@example.com", postal_code="10021", details={"ownership": "owner"}))
    before = Lead.objects.values().get()
    capture(make_draft(email="a@example.com", first_name="", last_name="", phone=""), now=LATER)
    after = Lead.objects.values().get()
    assert after == before | {"updated_at": LATER}


def test_a_new_postal_code_moves_the_lead_to_its_territory() -> None:
    capture(make_draft(email="a@example.com", postal_code="10021"))
    capture(make_draft(email="a@example.com", postal_code="11215"))
    lead = Lead.objects.get()
    assert (lead.postal_code, lead.territory.code) == ("11215", "brooklyn")


def test_a_place_we_do_not_know_leaves_no_old_territory_behind() -> None:
    capture(make_draft(email="a@example.com", postal_code="10021"))
    capture(make_draft(email="a@example.com", postal_code="90210"))
    lead = Lead.objects.get()
    assert (lead.postal_code, lead.territory) == ("90210", None)


def test_a_place_in_another_market_moves_the_lead_there() -> None:
    capture(make_draft(email="a@example.com", postal_code="10021"))
    capture(make_draft(email="a@example.com", market="india", postal_code="110016"))
    lead = Lead.objects.select_related("territory").get()
    assert (lead.market_id, lead.territory.market_id) == ("india", "india")


def test_a_market_that_was_only_assumed_moves_nobody() -> None:
    capture(make_draft(email="a@example.com", market="india", postal_code="110016"))
    capture(make_draft(email="a@example.com", market="nyc"))
    assert Lead.objects.get().market_id == "india"


def test_the_utility_somebody_named_outlives_the_one_their_place_suggests() -> None:
    capture(make_draft(email="a@example.com", postal_code="10021", details={"utility": "PSEG"}))
    capture(make_draft(email="a@example.com", postal_code="10021"))
    assert Lead.objects.get().utility == "PSEG"


@pytest.mark.parametrize("status", [s for s in LeadStatus if s not in OPEN_STATUSES])
def test_with_only_closed_leads_there_is_a_new_one(status: LeadStatus) -> None:
    first = capture(make_draft(email="a@example.com"))
    Lead.objects.update(status=status)
    second = capture(make_draft(email="a@example.com"))
    assert second.created
    assert second.lead_pk != first.lead_pk
    assert Contact.objects.count() == 1
    assert kinds(first.lead_pk) == ["created"]


@pytest.mark.parametrize("status", OPEN_STATUSES)
def test_with_an_open_lead_there_is_no_second_one(status: LeadStatus) -> None:
    first = capture(make_draft(email="a@example.com"))
    Lead.objects.update(status=status)
    assert capture(make_draft(email="a@example.com")).lead_pk == first.lead_pk
    assert Lead.objects.get().status == status


def test_an_email_and_a_phone_of_two_people_are_told_to_staff_and_nothing_is_joined() -> None:
    one = capture(make_draft(email="one@example.com", phone=""))
    two = capture(make_draft(email="", phone="+12125550142"))
    both = capture(make_draft(email="one@example.com", phone="+12125550142"))
    assert both.lead_pk == one.lead_pk  # the older one
    activity = Lead.objects.get(pk=one.lead_pk).activities.get(kind="possible_duplicate")
    other = Lead.objects.get(pk=two.lead_pk).contact
    assert activity.data == {"contact": str(other.public_id)}
    assert Contact.objects.count() == Lead.objects.count() == 2
    assert list(other.identities.values_list("value", flat=True)) == ["+12125550142"]


def test_a_partial_lead_becomes_whole_and_never_partial_again() -> None:
    capture(make_draft(email="a@example.com", is_partial=True))
    assert Lead.objects.get().is_partial
    capture(make_draft(email="a@example.com"))
    assert not Lead.objects.get().is_partial
    capture(make_draft(email="a@example.com", is_partial=True))
    assert not Lead.objects.get().is_partial


def test_consent_is_written_down_once_for_each_channel_and_event() -> None:
    event_id = new_id()
    consent = ConsentDraft(channels=("call", "email"), wording="I agree.", version="3")
    draft = make_draft(email="a@example.com", consent=consent)
    lead = Lead.objects.get(pk=capture(draft, event_id=event_id).lead_pk)
    capture(draft, event_id=event_id)  # read again
    lines = Consent.objects.filter(contact=lead.contact)
    assert {(line.channel, line.kind, line.wording_version) for line in lines} == {
        ("call", "given", "3"),
        ("email", "given", "3"),
    }
    assert kinds(lead.pk).count("consent") == 1
    capture(draft)  # another event: agreed again
    assert lines.all().count() == 4


def test_a_request_that_is_read_again_is_no_new_word() -> None:
    event_id = new_id()
    draft = make_draft(email="a@example.com", monthly_bill=100)
    lead = Lead.objects.get(pk=capture(draft, event_id=event_id).lead_pk)
    before = Lead.objects.values().get()
    capture(draft, event_id=event_id, now=LATER)
    assert Lead.objects.values().get() == before
    assert kinds(lead.pk) == ["created"]
    better_read = make_draft(email="a@example.com", monthly_bill=150)
    capture(better_read, event_id=event_id, now=LATER)
    line = lead.activities.get(kind="inbound")
    assert line.summary == "Read again"
    assert "monthly_bill" in line.data["changed"]


def test_without_consent_nothing_is_written_down() -> None:
    lead = capture(make_draft())
    assert not Consent.objects.exists()
    assert kinds(lead.lead_pk) == ["created"]


def test_a_suppressed_phone_must_not_be_called() -> None:
    suppress(kind="phone", value="+12125550142", reason="opt_out")
    lead = Lead.objects.get(pk=capture(make_draft(phone="+12125550142")).lead_pk)
    assert lead.call_status == "do_not_call"
    assert kinds(lead.pk) == ["created", "suppressed"]
    capture(make_draft(phone="+12125550142", email=""))
    assert kinds(lead.pk) == ["created", "suppressed", "inbound"]  # told once


def test_a_suppressed_email_does_not_forbid_calling() -> None:
    suppress(kind="email", value="a@example.com", reason="opt_out")
    lead = Lead.objects.get(pk=capture(make_draft(email="a@example.com")).lead_pk)
    assert lead.call_status == "to_call"
    capture(make_draft(email="a@example.com"))
    assert kinds(lead.pk) == ["created", "suppressed", "inbound"]  # told once


def test_a_draft_without_anybody_is_refused_and_leaves_nothing() -> None:
    with pytest.raises(ValueError, match="cannot be recognised"):
        capture(make_draft(email="", phone=""))
    assert not Lead.objects.exists()
    assert not Contact.objects.exists()


def test_a_bill_is_kept_to_the_cent() -> None:
    lead = Lead.objects.get(pk=capture(make_draft(monthly_bill="123.45")).lead_pk)
    assert lead.monthly_bill == Decimal("123.45")
