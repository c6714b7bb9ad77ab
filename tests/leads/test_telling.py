"""Who is told of a lead: the one who got it, and managers when nobody did."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone

from apps.core.models import OutboxMessage
from apps.core.outbox import deliver_now
from apps.leads.actions.assigning import ASSIGNED, leads_assign
from apps.leads.models import Lead
from apps.leads.telling import lead_tell_unowned
from apps.notifications.models import Alert, Notification
from tests.factories.leads import make_lead

NOW = datetime(2026, 11, 27, 15, tzinfo=UTC)


def give(lead: Lead, person, *, by) -> None:
    leads_assign([lead.public_id], user_id=person.public_id, actor=by, now=timezone.now())
    for row in OutboxMessage.objects.filter(topic=ASSIGNED, state="pending"):
        deliver_now(ASSIGNED, key=row.key)


def told(person) -> list[tuple[str, str]]:
    rows = Notification.objects.filter(recipient=person).order_by("pk")
    return [(row.title, row.link) for row in rows]


def test_the_one_who_gets_a_lead_is_told_with_a_way_to_it(sam, sue, mia):
    lead = make_lead(first_name="Pat", last_name="Lee")
    give(lead, sam, by=mia)
    page = f"/admin/leads/lead/{lead.pk}/change/"
    assert told(sam) == [("A lead for you: Pat Lee", page)]
    give(lead, sue, by=mia)
    give(lead, sam, by=mia)  # it comes back: that is news again
    assert len(told(sam)) == 2
    assert len(told(sue)) == 1


def test_a_repeated_delivery_tells_nothing_new(sam, mia):
    lead = make_lead()
    give(lead, sam, by=mia)
    OutboxMessage.objects.filter(topic=ASSIGNED).update(state="pending")
    deliver_now(ASSIGNED, key=OutboxMessage.objects.filter(topic=ASSIGNED).first().key)
    assert len(told(sam)) == 1


def test_nobody_is_told_of_what_they_took_themselves(sam):
    give(make_lead(), sam, by=sam)
    assert told(sam) == []


def test_who_has_it_no_more_is_not_told(sam, sue, mia):
    lead = make_lead()
    leads_assign([lead.public_id], user_id=sam.public_id, actor=mia, now=timezone.now())
    give(lead, sue, by=mia)
    assert told(sam) == []
    assert len(told(sue)) == 1


def test_a_premium_lead_without_anybody_waits_for_managers_until_somebody_has_it(sam, mia, ana):
    lead = make_lead(first_name="Pat", tier="premium", score=91)
    lead_tell_unowned(lead.pk, now=NOW)
    lead_tell_unowned(lead.pk, now=NOW)
    alert = Alert.objects.get()
    assert alert.title.startswith("Nobody has a premium lead: Pat")
    assert len(told(mia)) == len(told(ana)) == 1
    assert told(sam) == []
    give(lead, sam, by=mia)
    alert.refresh_from_db()
    assert not alert.is_open
    assert alert.story.last().words == "sam has it."


def test_other_leads_and_leads_that_somebody_has_are_no_alert(sam):
    lead_tell_unowned(make_lead(tier="standard").pk, now=NOW)
    lead_tell_unowned(make_lead(tier="premium", assigned_to=sam).pk, now=NOW)
    assert not Alert.objects.exists()
    assert not Notification.objects.exists()
