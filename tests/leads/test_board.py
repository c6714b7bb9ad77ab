"""The board: what is on it, and that only the server moves a lead."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.leads.ageing import freshness, quiet_words
from apps.leads.board import CARDS_AT_ONCE, board_columns, board_more
from apps.leads.models import Lead
from apps.leads.timeline import activity_add
from apps.users.models import Role, User
from tests.factories.leads import make_lead
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

BOARD = "/admin/leads/lead/board/"
JSON = {"Accept": "application/json"}


def move(client: Client, lead: Lead, status: str, **more: str):
    data = {"lead": str(lead.public_id), "from": lead.status, "status": status} | more
    answer = client.post(f"{BOARD}move/", data, headers=JSON)
    lead.refresh_from_db()
    return answer


def names(page: str) -> list[str]:
    return re.findall(r'class="sc-boardcard__name"[^>]*>([^<]+)<', page)


@pytest.mark.parametrize(
    ("status", "days", "expected"),
    [
        ("new", 0.9, "fresh"),
        ("new", 1, "stale"),
        ("new", 2, "rotten"),
        ("contacted", 2.9, "fresh"),
        ("qualified", 13.9, "stale"),
        ("proposal", 20, "rotten"),
        ("won", 900, "fresh"),
    ],
)
def test_leads_go_stale_by_where_they_are(status: str, days: float, expected: str) -> None:
    assert freshness(status, timedelta(days=days)) == expected


def test_how_long_nobody_touched_it() -> None:
    words = [quiet_words(timedelta(days=days)) for days in (-1, 0.5, 1, 12)]
    assert words == ["touched today", "touched today", "1 day untouched", "12 days untouched"]


def test_columns_count_and_add_up_what_a_person_may_see(sam: User, sue: User) -> None:
    now = timezone.now()
    for bill, fields in (
        (100, {"assigned_to": sam}),
        (250, {}),
        (900, {"assigned_to": sue}),
        (40, {"status": "proposal", "assigned_to": sam}),
        (70, {"status": "lost", "assigned_to": sam}),
    ):
        make_lead(monthly_bill=bill, **fields)
    make_lead(market="india", monthly_bill=5000, assigned_to=sam)
    mine = Lead.objects.exclude(assigned_to=sue)
    columns = board_columns(mine, now=now)
    assert [(one.label, one.count, one.sums) for one in columns if one.count] == [
        ("New", 3, ("₹5,000", "$350")),
        ("Proposal", 1, ("$40",)),
    ]
    assert [(one.earlier, one.later) for one in columns][:2] == [
        ("", "contacted"),
        ("new", "qualified"),
    ]


def test_touching_a_lead_makes_it_fresh(sam: User) -> None:
    now = timezone.now()
    lead = make_lead(assigned_to=sam, now=now - timedelta(days=9))
    [card] = board_columns(Lead.objects.all(), now=now)[0].cards
    assert (card.freshness, card.quiet) == ("rotten", "9 days untouched")
    activity_add(lead.pk, "note", "Called", now=now - timedelta(hours=2), actor_pk=sam.pk)
    [card] = board_columns(Lead.objects.all(), now=now)[0].cards
    assert (card.freshness, card.quiet) == ("fresh", "touched today")


def test_a_long_column_comes_in_parts_without_gaps_or_repeats(
    client: Client, mia: User, django_assert_max_num_queries
) -> None:
    now: datetime = timezone.now()
    leads = [make_lead(now=now) for _ in range(2 * CARDS_AT_ONCE + 3)]  # all of one moment
    with django_assert_max_num_queries(9):
        column = board_columns(Lead.objects.all(), now=now)[0]
    shown, before = list(column.cards), column.before
    while before:
        cards, before = board_more(Lead.objects.all(), "new", before=before, now=now)
        shown += cards
    assert [card.lead.pk for card in shown] == [lead.pk for lead in reversed(leads)]
    client.force_login(mia)
    page = client.get(f"{BOARD}cards/", {"column": "new", "before": column.before})
    assert len(names(page.content.decode())) == CARDS_AT_ONCE
    assert client.get(f"{BOARD}cards/", {"column": "won"}).status_code == 302


def test_the_board_is_narrowed_like_the_list(client: Client, sam: User, sue: User) -> None:
    mine, nobodys = make_lead(assigned_to=sam), make_lead()
    make_lead(assigned_to=sue)
    client.force_login(sam)
    assert names(client.get(BOARD).content.decode()) == [nobodys.name, mine.name]
    for asked in ({"assigned": "me"}, {"q": mine.email}, {"assigned": "me", "status__in": "won"}):
        assert names(client.get(BOARD, asked).content.decode()) == [mine.name]
    nonsense = client.get(BOARD, {"no such": "filter"})
    assert (nonsense.status_code, len(names(nonsense.content.decode()))) == (200, 2)


def test_a_card_is_moved_and_the_timeline_tells(client: Client, sam: User) -> None:
    lead = make_lead(assigned_to=sam)
    client.force_login(sam)
    answer = move(client, lead, "contacted")
    assert (answer.status_code, lead.status) == (200, "contacted")
    assert answer.json()["words"] == f"{lead.name} is in Contacted now."
    assert lead.activities.get(kind="status").actor == sam


def test_without_a_script_the_board_says_what_happened(client: Client, sam: User) -> None:
    lead = make_lead(assigned_to=sam)
    client.force_login(sam)
    data = {"lead": lead.public_id, "from": "new", "status": "lost", "asked": "assigned=me"}
    answer = client.post(f"{BOARD}move/", data, follow=True)
    assert answer.redirect_chain == [(f"{BOARD}?assigned=me", 302)]
    assert b"Say why it was lost." in answer.content


@pytest.mark.parametrize(
    ("status", "code"),
    [("lost", 400), ("won", 400), ("sold", 400), ("duplicate", 400), ("nonsense", 400), ("", 400)],
)
def test_a_refused_move_changes_nothing(client: Client, sam: User, status: str, code: int) -> None:
    lead = make_lead(assigned_to=sam)
    client.force_login(sam)
    answer = move(client, lead, status)
    assert (answer.status_code, lead.status) == (code, "new")
    assert answer.json()["words"]
    assert not lead.activities.filter(kind="status").exists()


def test_lost_says_why(client: Client, sam: User) -> None:
    lead = make_lead(assigned_to=sam)
    client.force_login(sam)
    assert move(client, lead, "lost", lost_reason="Moved away").status_code == 200
    assert (lead.status, lead.lost_reason) == ("lost", "Moved away")


def test_who_was_slower_is_told_where_it_is_now(client: Client, mia: User, sam: User) -> None:
    lead = make_lead(assigned_to=sam)
    Lead.objects.filter(pk=lead.pk).update(status="proposal")  # mia's page has not heard of it
    client.force_login(mia)
    answer = move(client, lead, "contacted")
    assert (answer.status_code, lead.status) == (409, "proposal")
    assert answer.json()["details"] == {"status": "proposal"}
    assert "somebody moved it meanwhile" in answer.json()["words"]


def test_only_who_may_change_a_lead_moves_it(client: Client, sam: User, sue: User) -> None:
    hers = make_lead(assigned_to=sue)
    client.force_login(sam)
    assert move(client, hers, "contacted").status_code == 404
    client.force_login(make_user("lin", role=Role.ANALYST))
    assert b"data-may-move" not in client.get(BOARD).content
    assert move(client, hers, "contacted").status_code == 403
    assert client.get(f"{BOARD}move/").status_code == 405
    assert hers.status == "new"


def test_the_board_asks_as_often_for_many_cards(
    client: Client, mia: User, sam: User, django_assert_num_queries
) -> None:
    """So nothing that a card shows is left to be read card by card."""
    client.force_login(mia)
    make_lead(postal_code="11201", monthly_bill=300)
    client.get(BOARD)  # who is signed in, and what is remembered
    for _ in range(2):
        with django_assert_num_queries(17):
            client.get(BOARD)
        for number in range(6):
            make_lead(postal_code="11201", monthly_bill=300 + number, assigned_to=sam)
