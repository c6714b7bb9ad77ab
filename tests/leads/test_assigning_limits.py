"""Rules that meet people with limits, hours and days off; and leads that wait."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.leads.actions.assigning import lead_assign_by_rule, leads_assign, waiting_leads_assign
from apps.leads.models import (
    Availability,
    DayOff,
    Holiday,
    Lead,
    LeadAssignment,
    PoolMember,
    WaitingLead,
)
from apps.leads.selectors import markets_without_people
from apps.notifications.models import Notification
from apps.users.models import User
from tests.factories.assignment import make_rule, make_team
from tests.factories.leads import make_lead
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)  # Friday, 10:00 in New York


def assign(lead: Lead | None = None, *, now: datetime = NOW) -> User | None:
    return lead_assign_by_rule((lead or make_lead()).pk, now=now)


def test_limits_count_what_was_given_by_the_rules_and_by_hand(mia, sam: User, sue: User) -> None:
    make_rule(make_team(sam, sue))
    Availability.objects.create(user=sam, max_per_day=2)
    by_hand = make_lead()
    leads_assign([by_hand.public_id], user_id=sam.public_id, actor=mia, now=NOW)
    assert [assign() for _ in range(4)] == [sam, sue, sue, sue]
    tomorrow = NOW + timedelta(hours=14)  # midnight of his clock is past
    assert {assign(now=tomorrow) for _ in range(2)} == {sam, sue}


def test_thirty_days_are_thirty_days_and_a_gap_does_not_come_back(sam: User, sue: User) -> None:
    make_rule(make_team(sam, sue))
    Availability.objects.create(user=sam, max_per_30_days=1)
    assert [assign(), assign(), assign()] == [sam, sue, sue]
    assert assign(now=NOW + timedelta(days=29)) == sue
    later = NOW + timedelta(days=31)
    assert sorted(str(assign(now=later)) for _ in range(4)) == ["sam", "sue", "sue", "sue"]


def test_one_person_in_two_teams_has_one_limit(sam: User, sue: User) -> None:
    make_rule(make_team(sam, name="Premium"), conditions={"tier": ["premium"]}, otherwise="nobody")
    make_rule(make_team(sam, sue))
    Availability.objects.create(user=sam, max_open=1)
    premium = make_lead()
    Lead.objects.filter(pk=premium.pk).update(tier="premium")
    assert assign(premium) == sam
    assert assign() == sue
    another = make_lead()
    Lead.objects.filter(pk=another.pk).update(tier="premium")
    assert assign(another) is None


def test_the_timeline_says_why_not_the_others(sam: User, sue: User) -> None:
    make_rule(make_team(sam, sue))
    away = Availability.objects.create(user=sam)
    DayOff.objects.create(availability=away, first_day="2026-11-18", last_day="2026-11-24")
    lead = make_lead()
    assign(lead)
    line = lead.activities.get(kind="assigned")
    assert line.summary == ("Given to sue: rule “New York”, Desk, in turn; sam is off until 24 Nov")
    row = LeadAssignment.objects.get()
    assert (row.user, row.rule.name, row.given_by) == (sue, "New York", None)


def test_holidays_of_their_office_are_theirs(sam: User, sue: User) -> None:
    make_rule(make_team(sam, sue))
    Availability.objects.create(user=sam, office_id="nyc")
    Availability.objects.create(user=sue, office_id="india")
    for day, is_closed in ((date(2026, 11, 20), True), (date(2026, 11, 23), False)):
        Holiday.objects.update_or_create(
            market_id="nyc", day=day, defaults={"name": "A day", "is_closed": is_closed}
        )
    assert [assign(), assign()] == [sue, sue]
    assert {assign(now=NOW + timedelta(days=3)) for _ in range(2)} == {sam, sue}


def test_who_comes_back_stays_with_whom_they_know(sam: User, sue: User) -> None:
    make_rule(make_team(sam, sue))
    first = make_lead(email="back@example.com", assigned_to=sue, status="lost")
    again = make_lead(email="back@example.com", phone="")
    assert again.contact_id == first.contact_id
    assert assign(again) == sue
    assert assign() == sam  # it cost no turn


def test_what_nobody_can_take_waits_and_managers_hear_of_it_once(mia: User, sam: User) -> None:
    make_rule(make_team(sam))
    hours = Availability.objects.create(user=sam, hours={"fri": [["11:00", "17:00"]]})
    leads = [make_lead(), make_lead()]
    assert [assign(lead) for lead in leads] == [None, None]
    reasons = set(WaitingLead.objects.values_list("reason", flat=True))
    assert reasons == {"nobody of the rules can take it now; sam is not at work until 11:00"}
    [told] = Notification.objects.all()
    assert (told.recipient, told.title) == (mia, "Leads of New York City wait for a person")
    assert waiting_leads_assign(now=NOW + timedelta(minutes=30)) == 0
    assert waiting_leads_assign(now=NOW + timedelta(hours=1)) == 2
    assert set(Lead.objects.values_list("assigned_to", flat=True)) == {sam.pk}
    assert not WaitingLead.objects.exists()
    assert hours.user == sam


def test_what_was_taken_or_closed_meanwhile_waits_no_more(mia: User, sam: User) -> None:
    lead, lost = make_lead(), make_lead()
    assert [assign(lead), assign(lost)] == [None, None]
    Lead.objects.filter(pk=lost.pk).update(status="lost")
    leads_assign([lead.public_id], user_id=sam.public_id, actor=mia, now=NOW)
    make_rule(make_team(sam))
    assert waiting_leads_assign(now=NOW) == 0
    assert not WaitingLead.objects.exists()
    lost.refresh_from_db()
    assert lost.assigned_to is None


def test_each_waiting_lead_has_its_turn_however_many_wait(sam: User) -> None:
    early = [make_lead() for _ in range(2)]
    [assign(lead, now=NOW + timedelta(seconds=place)) for place, lead in enumerate(early)]
    late = make_lead(market="india")
    assert assign(late, now=NOW + timedelta(minutes=1)) is None
    make_rule(make_team(sam), conditions={"market": ["india"]})
    assert waiting_leads_assign(now=NOW + timedelta(minutes=2), most=2) == 0
    assert waiting_leads_assign(now=NOW + timedelta(minutes=3), most=2) == 1
    assert set(WaitingLead.objects.values_list("lead", flat=True)) == {lead.pk for lead in early}


def test_a_closed_lead_is_given_to_nobody_and_does_not_wait(sam: User) -> None:
    make_rule(make_team(sam))
    assert assign(make_lead(status="lost")) is None
    assert not WaitingLead.objects.exists()
    assert not LeadAssignment.objects.exists()


def test_a_lead_that_got_an_owner_in_another_way_waits_no_more(sam: User) -> None:
    lead = make_lead()
    assign(lead)
    Lead.objects.filter(pk=lead.pk).update(assigned_to=sam)
    assert waiting_leads_assign(now=NOW) == 0
    assert not WaitingLead.objects.exists()


def test_who_may_no_longer_work_leads_is_passed_over(sam: User, sue: User) -> None:
    make_rule(make_team(sam, sue))
    User.objects.filter(pk=sam.pk).update(role="technician")
    assert [assign(), assign()] == [sue, sue]


def test_a_market_has_people_when_a_rule_for_all_its_leads_knows_somebody(sam: User) -> None:
    assert [market.code for market in markets_without_people()] == ["india", "nyc"]
    make_rule(make_team(sam), conditions={"market": ["nyc"], "tier": ["premium"]})
    assert len(markets_without_people()) == 2  # who takes the others?
    team = make_team(sam, name="All")
    make_rule(team, conditions={})
    assert markets_without_people() == []
    PoolMember.objects.filter(pool=team).update(is_active=False)
    assert len(markets_without_people()) == 2


def test_deciding_takes_a_fixed_number_of_queries(
    sam: User, sue: User, django_assert_max_num_queries
) -> None:
    people = [sam, sue, *(make_user(f"seller{number}") for number in range(8))]
    for number in range(5):
        make_rule(make_team(*people, name=f"Team {number}"), conditions={"score": [99, None]})
    make_rule(make_team(*people))
    Availability.objects.create(user=sam, max_per_day=5, max_per_30_days=50)
    Availability.objects.create(user=sue, max_open=5)
    lead = make_lead()
    with django_assert_max_num_queries(26):
        assert assign(lead) is not None
