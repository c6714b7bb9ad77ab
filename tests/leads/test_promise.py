"""How the promise to answer in time is kept, as the home page and the list of leads show it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from apps.leads.admin.answers import narrow_to_answer
from apps.leads.figures import median_first_response, promise_kept
from apps.leads.models import Lead
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def leads(sam) -> dict[str, Lead]:
    """One lead of each kind: minutes from now to when it is due, and to when it was answered."""

    def make(name: str, due: int | None, answered: int | None = None, **fields) -> Lead:
        lead = make_lead(now=NOW - timedelta(hours=3), assigned_to=sam, last_name=name)
        columns = {
            "first_response_due_at": None if due is None else NOW + due * MINUTE,
            "first_response_warn_at": None if due is None else NOW + (due - 15) * MINUTE,
            "first_response_at": None if answered is None else NOW + answered * MINUTE,
        }
        Lead.objects.filter(pk=lead.pk).update(**columns | fields)
        return lead

    return {
        name: make(name, *facts)
        for name, facts in {
            "late": (-5,),
            "due soon": (10,),
            "running": (50,),
            "in time": (-20, -30),
            "early": (30, -1),
            "answered late": (-60, -20),
            "no clock": (None,),
            "answered without": (None, -5),
        }.items()
    } | {
        "lost": make("lost", -30, status="lost"),
        "long ago": make("long ago", -60 * 24 * 30, -5),
    }


def test_the_figures(django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        found = promise_kept(Lead.objects.all(), since=NOW - timedelta(days=14), now=NOW)
    assert (found.due, found.broken, found.broken_percent) == (4, 2, 50)
    assert (found.due_soon, found.late) == (1, 1)


def test_the_wait_in_the_middle_is_found_by_the_database(django_assert_num_queries) -> None:
    since = NOW - timedelta(days=1)
    with django_assert_num_queries(1):
        # Three hours before now they came; answered 30, 20, 5, 5 and 1 minutes before it.
        wait = median_first_response(Lead.objects.all(), since=since)
    assert wait == 175 * MINUTE
    assert median_first_response(Lead.objects.all(), since=NOW) is None


def test_no_figures_without_leads() -> None:
    found = promise_kept(Lead.objects.none(), since=NOW, now=NOW)
    assert found.broken_percent is None


@pytest.mark.parametrize(
    ("state", "names"),
    [
        ("late", {"late"}),
        ("due_soon", {"due soon"}),
        ("waiting", {"late", "due soon", "running"}),
        ("answered", {"in time", "early", "answered without"}),
        ("answered_late", {"answered late", "long ago"}),
    ],
)
def test_the_list_is_narrowed_to_how_the_answer_stands(state: str, names: set[str]) -> None:
    found = narrow_to_answer(Lead.objects.all(), state, NOW)
    assert set(found.values_list("last_name", flat=True)) == names
    assert narrow_to_answer(Lead.objects.all(), "nonsense", NOW).count() == 10


def test_the_list_and_the_home_page_show_it(client: Client, mia) -> None:
    client.force_login(mia)
    with time_machine.travel(NOW, tick=False):
        late = client.get(reverse("admin:leads_lead_changelist"), {"answer": "late"})
        home = client.get(reverse("admin:index")).content.decode()
    assert '<span class="sc-mark sc-mark--bad">Late</span>' in late.content.decode()
    assert "answered too late, of 4 in 14 days" in home
    assert "1 waits for a first answer that is late" in home
