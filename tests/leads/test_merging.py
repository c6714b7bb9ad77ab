"""Two leads become one, with all that hangs on them, and two again with every row as before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from apps.contacts.contracts import ConsentDraft
from apps.contacts.models import Consent, Contact, ContactIdentity
from apps.contacts.selectors import consent_state
from apps.core.errors import Conflict, InvalidInput, NotFound, PermissionRefused
from apps.core.ids import new_id
from apps.core.models import OutboxMessage
from apps.integrations.models import CalculatorData, ChatbotInteraction, EmailLog
from apps.leads.actions.assigning import leads_assign
from apps.leads.actions.changing import lead_details_save, lead_note, leads_set_status
from apps.leads.actions.merging import leads_merge
from apps.leads.actions.scoring import lead_score
from apps.leads.actions.unmerging import leads_unmerge, merge_to_undo
from apps.leads.choices import CallStatus, LeadStatus
from apps.leads.models import Lead, LeadMerge, LeadScore
from apps.pipeline.models import Journey
from tests.everything import differences, every_row
from tests.factories.leads import make_lead
from tests.walking import knock

NOW = datetime(2026, 11, 27, 12, 0, 0, 123456, tzinfo=UTC)
CONSENT = ConsentDraft(channels=("call", "email"), wording="Call me.", version="1")
# What a merge and its undoing leave behind on purpose: the record, the trail, and what was told.
LEFT_BEHIND = (
    "leads_leadmerge",
    "auditlog_logentry",
    "core_outboxmessage",
    "notifications_alert",  # of a lead that nobody has to look after any more
    "notifications_alertevent",
    "notifications_notification",
    "leads_duplicatesuggestion",  # a pair that was merged by mistake is two people now
)


def merge(survivor: Lead, duplicate: Lead, actor, **options) -> LeadMerge:
    return leads_merge(survivor.public_id, duplicate.public_id, actor=actor, now=NOW, **options)


def unmerge(lead: Lead, actor):
    return leads_unmerge(merge_to_undo(lead).public_id, actor=actor, now=NOW + timedelta(hours=1))


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def pair(mia) -> tuple[Lead, Lead]:
    """Grace twice, under two addresses; the second time she says more, and something else."""
    first = make_lead(
        first_name="Grace",
        last_name="Feldman",
        postal_code="10021",
        monthly_bill=300,
        now=NOW - timedelta(days=3),
        consent=CONSENT,
    )
    second = make_lead(
        first_name="Grace",
        last_name="Feldmann",
        postal_code="10021",
        monthly_bill=410,
        details={"ownership": "owner", "property_type": "co_op"},
        now=NOW - timedelta(days=1),
        consent=CONSENT,
    )
    for lead in (first, second):
        lead_score(lead.pk, now=NOW)
    return fresh(first), fresh(second)


@pytest.fixture
def with_everything(api, mia, sam) -> tuple[Lead, Lead]:
    """A pair that came in by doors, with a chat, a calculation, a mail and journeys."""
    survivor = knock(
        api,
        "emailjs",
        {
            "contact_info": {"name": "Grace Feldman", "email": "grace@example.com"},
            "form_data": {"zip": "10021", "bill": "300"},
        },
    )
    user_info = {"name": "Grace Feldman", "email": "grace.f@example.com", "phone": "2125550142"}
    knock(
        api,
        "chatbot",
        {
            "session_id": "s-1",
            "user_messages": ["I own a co-op"],
            "user_info": user_info | {"bill": "410", "homeowner": True},
            "consent": {"given": True, "text": "Yes", "version": "1", "channels": ["call"]},
        },
    )
    knock(api, "calculator", {"user_inputs": {"zip": "10021"}, "user_info": user_info})
    duplicate = knock(api, "emailjs", {"contact_info": user_info, "form_data": {"roof": "flat"}})
    lead_note(duplicate.public_id, text="Called twice", actor=mia, now=NOW)
    leads_assign([duplicate.public_id], user_id=sam.public_id, actor=mia, now=NOW)
    old = Lead.objects.create(
        contact=duplicate.contact, source=duplicate.source, market=duplicate.market, status="lost"
    )
    assert old.pk
    return fresh(survivor), fresh(duplicate)


def test_everything_attached_moves(with_everything, mia) -> None:
    survivor, duplicate = with_everything
    merge(survivor, duplicate, mia)
    survivor, duplicate = fresh(survivor), fresh(duplicate)
    assert duplicate.status == LeadStatus.DUPLICATE
    assert duplicate.contact == survivor.contact
    for model in (ChatbotInteraction, CalculatorData, EmailLog, Journey):
        assert set(model.objects.values_list("lead", flat=True)) == {survivor.pk}, model
    assert survivor.activities.filter(kind="note").exists()
    assert [line.kind for line in duplicate.activities.all()] == ["merged"]
    assert ContactIdentity.objects.filter(contact=survivor.contact).count() == 3
    assert not ContactIdentity.objects.exclude(contact=survivor.contact).exists()
    assert survivor.assigned_to_id is not None  # nobody had the survivor


def test_then_undone_every_row_is_as_before(with_everything, mia) -> None:
    survivor, duplicate = with_everything
    before = every_row(but=LEFT_BEHIND)
    lines = set(before["leads_leadactivity"])
    merge(survivor, duplicate, mia)
    assert differences(before, every_row(but=LEFT_BEHIND))  # it did something
    done = unmerge(duplicate, mia)
    assert (done.kept, done.missing) == ((), 0)
    after = every_row(but=LEFT_BEHIND)
    told = {row["kind"] for key, row in after["leads_leadactivity"].items() if key not in lines}
    assert told <= {"merged", "unmerged", "scored"}
    after["leads_leadactivity"] = {key: after["leads_leadactivity"][key] for key in lines}
    assert differences(before, after) == {}


def test_merging_again_after_undoing_is_a_merge_of_its_own(pair, mia) -> None:
    merge(*pair, mia)
    unmerge(pair[1], mia)
    merge(*pair, mia)
    assert fresh(pair[1]).status == LeadStatus.DUPLICATE
    assert LeadMerge.objects.count() == 2


def test_what_was_said_later_stays_and_nothing_is_lost(pair, mia) -> None:
    survivor, duplicate = pair
    merge(survivor, duplicate, mia)
    merged = fresh(survivor)
    assert merged.last_name == "Feldmann"
    assert merged.monthly_bill == Decimal(410)
    assert (merged.ownership, merged.property_type) == ("owner", "co_op")
    assert merged.score > survivor.score
    kept = LeadMerge.objects.get().survivor_before
    assert (kept["last_name"], kept["monthly_bill"]) == ("Feldman", "300.00")
    assert fresh(duplicate).email == duplicate.email  # the other word is still to be read


def test_a_correction_by_hand_is_a_later_word(pair, mia) -> None:
    survivor, duplicate = pair
    survivor.monthly_bill = Decimal(350)
    lead_details_save(survivor, before={"monthly_bill": Decimal(300)}, actor=mia, now=NOW)
    merge(survivor, duplicate, mia)
    assert fresh(survivor).monthly_bill == Decimal(350)


def test_a_person_may_choose_otherwise(pair, mia) -> None:
    survivor, duplicate = pair
    merge(survivor, duplicate, mia, keep={"last_name": "survivor", "email": "duplicate"})
    merged = fresh(survivor)
    assert merged.last_name == "Feldman"
    assert merged.email == duplicate.email
    assert merged.monthly_bill == Decimal(410)


@pytest.mark.parametrize("keep", [{"no_such": "survivor"}, {"email": "both"}])
def test_what_is_no_choice_is_refused(pair, mia, keep) -> None:
    with pytest.raises(InvalidInput):
        merge(*pair, mia, keep=keep)
    assert fresh(pair[1]).status == LeadStatus.NEW


def test_who_must_not_be_called_under_one_record_must_not_be_called(pair, mia) -> None:
    survivor, duplicate = pair
    Lead.objects.filter(pk=duplicate.pk).update(call_status=CallStatus.DO_NOT_CALL)
    merge(survivor, duplicate, mia)
    assert fresh(survivor).call_status == CallStatus.DO_NOT_CALL


def test_the_ledger_is_not_rewritten_and_is_read_through(pair, mia) -> None:
    survivor, duplicate = pair
    lines = list(Consent.objects.order_by("pk").values())
    other = duplicate.contact_id
    merge(survivor, duplicate, mia)
    assert list(Consent.objects.order_by("pk").values()) == lines
    latest = consent_state(survivor.contact_id)["call"]
    assert latest is not None
    assert latest.contact_id == other  # said later, under the other record
    assert Contact.objects.get(pk=other).merged_into_id == survivor.contact_id


def test_what_comes_in_later_belongs_to_the_survivor(pair, mia) -> None:
    survivor, duplicate = pair
    merge(survivor, duplicate, mia)
    again = make_lead(email=duplicate.email, phone="")
    assert again == survivor


def test_a_score_both_have_is_not_there_twice(pair, mia) -> None:
    survivor, duplicate = pair
    same = LeadScore.objects.filter(lead=duplicate).get()
    LeadScore.objects.create(
        lead=survivor,
        model=same.model,
        input_digest=same.input_digest,
        inputs={},
        total=1,
        tier="basic",
        detail={},
    )
    merge(survivor, duplicate, mia)
    assert fresh(same).lead == duplicate
    unmerge(duplicate, mia)
    assert fresh(same).lead == duplicate


def test_both_timelines_and_the_audit_trail_tell_of_it(pair, mia) -> None:
    from auditlog.models import LogEntry

    survivor, duplicate = pair
    done = merge(survivor, duplicate, mia)
    unmerge(duplicate, mia)
    for lead in (survivor, duplicate):
        kinds = set(lead.activities.values_list("kind", flat=True))
        assert {"merged", "unmerged"} <= kinds
    assert LogEntry.objects.get_for_object(done).count() == 2
    assert duplicate.email not in str(list(LogEntry.objects.values_list("changes", flat=True)))


def test_what_came_in_since_stays_and_what_was_corrected_since_stays_corrected(pair, mia) -> None:
    survivor, duplicate = pair
    merge(survivor, duplicate, mia)
    make_lead(email=duplicate.email, phone="", details={"timeline": "immediate"})
    done = unmerge(duplicate, mia)
    assert done.kept == ()  # the merge had written no timeline over
    merged = fresh(survivor)
    assert merged.timeline == "immediate"
    assert merged.monthly_bill == Decimal(300)  # nobody touched it: as it was
    assert merged.activities.filter(kind="inbound").exists()


def test_a_value_changed_since_is_kept_and_said(pair, mia) -> None:
    survivor, duplicate = pair
    merge(survivor, duplicate, mia)
    Lead.objects.filter(pk=survivor.pk).update(monthly_bill=Decimal(500))
    done = unmerge(duplicate, mia)
    assert done.kept == ("monthly_bill",)
    assert fresh(survivor).monthly_bill == Decimal(500)
    assert fresh(survivor).last_name == "Feldman"
    assert survivor.activities.get(kind="unmerged").data["kept"] == ["monthly_bill"]


def test_a_row_that_is_gone_is_counted(with_everything, mia) -> None:
    survivor, duplicate = with_everything
    merge(survivor, duplicate, mia)
    ChatbotInteraction.objects.all().delete()
    assert unmerge(duplicate, mia).missing == 1


def test_merges_of_one_lead_are_undone_latest_first(pair, mia) -> None:
    survivor, duplicate = pair
    third = make_lead(first_name="Grace", now=NOW)
    before = every_row(but=LEFT_BEHIND)
    first = merge(survivor, duplicate, mia)
    merge(survivor, third, mia)
    with pytest.raises(Conflict, match="undo that first"):
        leads_unmerge(first.public_id, actor=mia, now=NOW)
    assert fresh(duplicate).status == LeadStatus.DUPLICATE
    unmerge(survivor, mia)
    unmerge(survivor, mia)
    after = every_row(but=LEFT_BEHIND)
    assert (
        differences(before["leads_lead"].items() and {"leads_lead": before["leads_lead"]}, after)
        == {}
    )


def test_a_chain_is_taken_apart_from_its_end(pair, mia) -> None:
    survivor, duplicate = pair
    top = make_lead(first_name="Grace", now=NOW)
    before = every_row(but=LEFT_BEHIND)
    inner = merge(survivor, duplicate, mia)
    merge(top, survivor, mia)
    people = Contact.objects.filter(pk__in=[survivor.contact_id, duplicate.contact_id])
    assert set(people.values_list("merged_into", flat=True)) == {top.contact_id}  # no chains
    assert consent_state(top.contact_id)["call"] is not None
    with pytest.raises(Conflict, match="merged itself"):
        leads_unmerge(inner.public_id, actor=mia, now=NOW)
    unmerge(survivor, mia)
    unmerge(duplicate, mia)
    for table in ("leads_lead", "contacts_contact", "contacts_contactidentity"):
        assert differences({table: before[table]}, every_row(but=LEFT_BEHIND)) == {}, table


def test_a_lead_is_not_merged_with_itself(pair, mia) -> None:
    with pytest.raises(InvalidInput, match="itself"):
        merge(pair[0], pair[0], mia)


def test_a_lead_that_is_not_there(pair, mia) -> None:
    with pytest.raises(NotFound):
        leads_merge(pair[0].public_id, new_id(), actor=mia, now=NOW)


def test_what_was_merged_away_is_not_merged_again(pair, mia) -> None:
    survivor, duplicate = pair
    third = make_lead(now=NOW)
    merge(survivor, duplicate, mia)
    for one, other in ((third, duplicate), (duplicate, third)):
        with pytest.raises(Conflict, match="already"):
            merge(one, other, mia)
    assert LeadMerge.objects.count() == 1


@pytest.mark.parametrize("status", ["won", "sold"])
def test_what_money_hangs_on_is_no_duplicate(pair, mia, status) -> None:
    survivor, duplicate = pair
    Lead.objects.filter(pk=duplicate.pk).update(status=status)
    with pytest.raises(Conflict, match="money"):
        merge(survivor, duplicate, mia)
    assert fresh(duplicate).status == status
    Lead.objects.filter(pk=survivor.pk).update(status="lost")
    merge(duplicate, survivor, mia)
    assert fresh(duplicate).status == status


def test_an_open_lead_does_not_end_in_a_closed_one(pair, mia) -> None:
    survivor, duplicate = pair
    leads_set_status([survivor.public_id], status="unqualified", actor=mia, now=NOW)
    with pytest.raises(Conflict, match="other way round"):
        merge(survivor, duplicate, mia)
    merge(duplicate, survivor, mia)
    assert fresh(duplicate).status == LeadStatus.NEW


def test_a_second_open_lead_of_the_person_goes_first(pair, mia) -> None:
    survivor, duplicate = pair
    leads_set_status([duplicate.public_id], status="unqualified", actor=mia, now=NOW)
    newer = make_lead(email=duplicate.email, phone="", now=NOW)
    with pytest.raises(Conflict, match="merge that one first"):
        merge(survivor, duplicate, mia)
    assert fresh(newer).contact == duplicate.contact


def test_undone_although_the_person_came_back_is_refused(pair, mia) -> None:
    """Another lead of the duplicate's person was opened again meanwhile: that one goes first."""
    survivor, duplicate = pair
    other = Lead.objects.create(
        contact=duplicate.contact, source=survivor.source, market=survivor.market, status="lost"
    )
    merge(survivor, duplicate, mia)
    leads_set_status([survivor.public_id], status="unqualified", actor=mia, now=NOW)
    leads_set_status([other.public_id], status="contacted", actor=mia, now=NOW)
    with pytest.raises(Conflict, match="another open lead"):
        unmerge(duplicate, mia)
    assert fresh(duplicate).status == LeadStatus.DUPLICATE
    assert fresh(other).contact == survivor.contact


def test_twice_undone_is_refused(pair, mia) -> None:
    done = merge(*pair, mia)
    unmerge(pair[1], mia)
    with pytest.raises(Conflict, match="undone already"):
        leads_unmerge(done.public_id, actor=mia, now=NOW)
    with pytest.raises(Conflict, match="not merged"):
        merge_to_undo(fresh(pair[0]))


def test_who_works_both_may_and_who_works_one_may_not(pair, mia, sam) -> None:
    survivor, duplicate = pair
    leads_assign([survivor.public_id], user_id=sam.public_id, actor=mia, now=NOW)
    with pytest.raises(PermissionRefused):
        merge(survivor, duplicate, sam)
    assert fresh(duplicate).status == LeadStatus.NEW
    leads_assign([duplicate.public_id], user_id=sam.public_id, actor=mia, now=NOW)
    merge(survivor, duplicate, sam)
    assert fresh(duplicate).status == LeadStatus.DUPLICATE


def test_a_merge_is_told_with_ids_only(pair, mia) -> None:
    from apps.core.outbox import handles
    from apps.core.outbox.publishing import _subscriptions

    @handles("lead.merged", queue="journey")
    def heard_in_a_test(message) -> None: ...

    try:
        done = merge(*pair, mia)
    finally:
        _subscriptions["lead.merged"].pop()
    row = OutboxMessage.objects.get(topic="lead.merged", handler="heard_in_a_test")
    assert row.key == str(done.public_id)
    assert row.payload == {"lead": str(pair[0].public_id)}
