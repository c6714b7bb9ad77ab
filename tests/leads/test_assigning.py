"""Giving a lead to a person: by rule and by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from apps.core.errors import InvalidInput, NotFound
from apps.intake.models import LeadSource
from apps.leads.actions.assigning import lead_assign_by_rule, leads_assign
from apps.leads.models import AssignmentPool, Lead, LeadActivity, PoolMember
from apps.solar.models import Territory
from apps.users.models import User
from tests.factories.assignment import make_rule, make_team
from tests.factories.leads import make_lead
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def make_pool(*people: User, strategy: str = "round_robin", market: str = "nyc") -> AssignmentPool:
    team = make_team(*people)
    make_rule(team, strategy=strategy, conditions={"market": [market]})
    return team


def assign(lead: Lead) -> User | None:
    person = lead_assign_by_rule(lead.pk, now=NOW)
    lead.refresh_from_db()
    assert lead.assigned_to == person
    return person


def lines(lead: Lead) -> int:
    return lead.activities.filter(kind="assigned").count()


def test_a_pool_gives_leads_in_turn(sam: User, sue: User) -> None:
    make_pool(sam, sue)
    assert [assign(make_lead()) for _ in range(5)] == [sam, sue, sam, sue, sam]


def test_a_lead_that_somebody_has_stays_with_them_and_costs_no_turn(sam: User, sue: User) -> None:
    make_pool(sam, sue)
    lead = make_lead()
    assert assign(lead) == assign(lead) == sam
    assert lines(lead) == 1
    assert assign(make_lead(assigned_to=sam)) == sam
    assert assign(make_lead()) == sue


def test_the_timeline_says_to_whom_and_why(sam: User) -> None:
    make_pool(sam)
    lead = make_lead()
    assign(lead)
    line = lead.activities.get(kind="assigned")
    assert line.summary == "Given to sam: rule “New York”, Desk, in turn"
    assert (line.actor, line.data) == (None, {"user": str(sam.public_id)})


def test_a_source_may_give_everything_to_one_person(sam: User, sue: User) -> None:
    pool = make_pool(sue)
    LeadSource.objects.filter(slug="website-form").update(assign_to=sam)
    assert assign(make_lead()) == sam
    pool.refresh_from_db()
    assert pool.turns == {}


def test_when_that_person_has_left_the_pool_takes_over(sam: User, sue: User) -> None:
    make_pool(sue)
    LeadSource.objects.filter(slug="website-form").update(assign_to=sam)
    User.objects.filter(pk=sam.pk).update(is_active=False)
    assert assign(make_lead()) == sue


@pytest.mark.parametrize("who", ["member", "user"])
def test_who_is_inactive_is_passed_over(sam: User, sue: User, who: str) -> None:
    make_pool(sam, sue)
    if who == "member":
        PoolMember.objects.filter(user=sam).update(is_active=False)
    else:
        User.objects.filter(pk=sam.pk).update(is_active=False)
    assert [assign(make_lead()) for _ in range(3)] == [sue, sue, sue]


def test_where_nobody_takes_leads_the_lead_stays_unassigned(sam: User) -> None:
    make_pool(sam, market="india")
    lead = make_lead(market="nyc")
    assert assign(lead) is None
    assert lines(lead) == 0


def test_in_an_empty_pool_there_is_nobody() -> None:
    make_pool()
    lead = make_lead()
    assert assign(lead) is None
    assert lines(lead) == 0


def test_the_least_loaded_takes_the_next_one(sam: User, sue: User) -> None:
    make_pool(sam, sue, strategy="least_loaded")
    for _ in range(3):
        make_lead(assigned_to=sam)
    for _ in range(9):
        make_lead(assigned_to=sue, status="lost")  # closed ones are no load
    assert [assign(make_lead()) for _ in range(4)] == [sue, sue, sue, sam]


def test_a_territory_goes_to_those_who_cover_it(sam: User, sue: User) -> None:
    pool = make_pool(sam, sue, strategy="territory")
    member = PoolMember.objects.get(pool=pool, user=sam)
    member.territories.add(Territory.objects.get(market="nyc", code="manhattan"))
    other = PoolMember.objects.get(pool=pool, user=sue)
    other.territories.add(Territory.objects.get(market="nyc", code="brooklyn"))
    brooklyn = [assign(make_lead(postal_code="11215")) for _ in range(3)]
    manhattan = [assign(make_lead(postal_code="10021")) for _ in range(2)]
    assert (brooklyn, manhattan) == ([sue] * 3, [sam] * 2)
    bronx = [assign(make_lead(postal_code="10458")) for _ in range(2)]
    assert bronx == [sam, sue]  # nobody's, so in turn


def test_by_hand_a_lead_changes_hands_whoever_has_it(mia: User, sam: User, sue: User) -> None:
    leads = [make_lead(), make_lead(assigned_to=sam), make_lead(assigned_to=sue)]
    ids = [lead.public_id for lead in leads]
    assert leads_assign(ids, user_id=sue.public_id, actor=mia, now=NOW) == 2
    assert set(Lead.objects.values_list("assigned_to", flat=True)) == {sue.pk}
    told = LeadActivity.objects.filter(kind="assigned")
    assert {(line.actor, line.summary) for line in told} == {(mia, "Given to sue by mia")}
    assert told.count() == 2
    assert leads_assign(ids, user_id=sue.public_id, actor=mia, now=NOW) == 0
    assert told.count() == 2


def test_by_hand_only_to_somebody_who_can_work_it(mia: User, sam: User, bea: User) -> None:
    lead = make_lead()
    left = make_user("lou", is_active=False)
    for person in (bea, left):
        with pytest.raises(InvalidInput):
            leads_assign([lead.public_id], user_id=person.public_id, actor=mia, now=NOW)
    with pytest.raises(NotFound):
        leads_assign([lead.public_id], user_id=uuid4(), actor=mia, now=NOW)
    lead.refresh_from_db()
    assert (lead.assigned_to, lines(lead)) == (None, 0)
