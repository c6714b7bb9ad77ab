"""What staff change on a lead by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from apps.core.errors import AppError, Conflict, InvalidInput
from apps.leads.actions.changing import lead_note, leads_set_status
from apps.leads.models import Lead, LeadActivity
from apps.users.models import User
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def set_status(lead: Lead, status: str, actor: User, **words: str) -> int:
    return leads_set_status([lead.public_id], status=status, actor=actor, now=NOW, **words)


def lines() -> int:
    return LeadActivity.objects.filter(kind="status").count()


def test_a_status_is_told_on_the_timeline(sam: User) -> None:
    lead = make_lead()
    assert set_status(lead, "contacted", sam) == 1
    lead.refresh_from_db()
    assert (lead.status, lead.first_response_at) == ("contacted", NOW)
    line = lead.activities.get(kind="status")
    assert (line.summary, line.actor) == ("New → Contacted", sam)
    assert line.data == {"before": "new", "after": "contacted"}


def test_the_same_status_changes_nothing(sam: User) -> None:
    lead = make_lead()
    assert set_status(lead, "new", sam) == 0
    assert lines() == 0
    lead.refresh_from_db()
    assert lead.first_response_at is None


def test_the_first_response_is_the_first(sam: User) -> None:
    lead = make_lead()
    set_status(lead, "contacted", sam)
    later = datetime(2026, 11, 22, tzinfo=UTC)
    leads_set_status([lead.public_id], status="qualified", actor=sam, now=later)
    lead.refresh_from_db()
    assert lead.first_response_at == NOW


@pytest.mark.parametrize("status", ["won", "sold", "duplicate", "", "bogus", "NEW"])
def test_what_only_its_own_act_reaches_and_what_is_no_status_is_refused(
    sam: User, status: str
) -> None:
    lead = make_lead()
    with pytest.raises(InvalidInput) as refusal:
        set_status(lead, status, sam)
    assert set(refusal.value.details) == {"status"}
    lead.refresh_from_db()
    assert (lead.status, lines()) == ("new", 0)


@pytest.mark.parametrize("reason", ["", "   "])
def test_lost_needs_a_reason(sam: User, reason: str) -> None:
    lead = make_lead()
    with pytest.raises(InvalidInput) as refusal:
        set_status(lead, "lost", sam, lost_reason=reason)
    assert set(refusal.value.details) == {"lost_reason"}
    assert lines() == 0
    assert set_status(lead, "lost", sam, lost_reason=" Too expensive ") == 1
    lead.refresh_from_db()
    assert (lead.status, lead.lost_reason) == ("lost", "Too expensive")


def test_a_lead_that_is_not_lost_any_more_has_no_reason_for_it(sam: User) -> None:
    lead = make_lead()
    set_status(lead, "lost", sam, lost_reason="Too expensive")
    set_status(lead, "contacted", sam)
    lead.refresh_from_db()
    assert (lead.status, lead.lost_reason) == ("contacted", "")


def test_reopening_must_not_give_a_person_two_open_leads(sam: User) -> None:
    old = make_lead(email="a@example.com", status="lost")
    new = make_lead(email="a@example.com")
    with pytest.raises(Conflict):
        leads_set_status([new.public_id, old.public_id], status="contacted", actor=sam, now=NOW)
    assert set(Lead.objects.values_list("status", flat=True)) == {"lost", "new"}  # all or nothing
    assert lines() == 0


def test_several_leads_move_together(sam: User) -> None:
    leads = [make_lead(), make_lead(), make_lead(status="contacted")]
    ids = [lead.public_id for lead in leads]
    assert leads_set_status(ids, status="contacted", actor=sam, now=NOW) == 2
    assert set(Lead.objects.values_list("status", flat=True)) == {"contacted"}
    assert lines() == 2


def test_a_note_stands_on_the_timeline(sam: User) -> None:
    lead = make_lead()
    lead_note(lead.public_id, text="  " + "Call after six. " * 50, actor=sam, now=NOW)
    line = lead.activities.get(kind="note")
    assert line.actor == sam
    assert len(line.summary) == 300
    assert line.data["text"] == ("Call after six. " * 50).strip()


def test_an_empty_note_is_refused(sam: User) -> None:
    lead = make_lead()
    with pytest.raises(AppError):
        lead_note(lead.public_id, text=" \n ", actor=sam, now=NOW)
    assert not lead.activities.filter(kind="note").exists()
