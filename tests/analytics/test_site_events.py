"""What a browser reports: counted for everybody, tied to a visit only where that was agreed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.analytics.chart import funnel_chart
from apps.analytics.funnel import funnel
from apps.analytics.models import AnalyticsEvent, SiteCount
from apps.analytics.purging import purge_events
from apps.analytics.site_events import Reported, is_robot, read_report
from tests.factories.leads import make_lead

NOW = datetime(2026, 11, 27, 15, tzinfo=UTC)
NAMES = frozenset({"page_view", "form_step"})
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SESSION = str(uuid4())


def report(**changed) -> dict:
    return {
        "events": [
            {"name": "visit", "page": "/"},
            {"name": "page_view", "page": "/"},
            {"name": "calculator_computed", "page": "/", "properties": {"market": "nyc"}},
        ],
        "consent": True,
        "session_id": SESSION,
    } | changed


def send(api, body: dict | bytes | None = None, **headers: str):
    data = body if isinstance(body, bytes) else json.dumps(body or report())
    return api.post(
        "/api/site/events/",
        data,
        content_type="text/plain;charset=UTF-8",
        headers={"User-Agent": FIREFOX, **headers},
    )


def counted() -> dict[str, int]:
    return dict(SiteCount.objects.values_list("name", "count"))


@pytest.mark.django_db
def test_with_consent_a_visit_is_kept_as_one(api) -> None:
    answer = send(api)
    assert answer.status_code == 202
    assert answer.json()["data"] == {"taken": 3}
    assert counted() == {"visit": 1, "page_view": 1, "calculator_computed": 1}
    assert {str(one.session) for one in AnalyticsEvent.objects.all()} == {SESSION}
    assert AnalyticsEvent.objects.get(name="calculator_computed").properties == {"market": "nyc"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (report(consent=False), {}),
        (report(consent="yes"), {}),
        (report(session_id="nobody"), {}),
        (report(), {"Sec-GPC": "1"}),
        (report(), {"DNT": "1"}),
    ],
)
def test_without_consent_only_the_count_is_left(api, body, headers) -> None:
    assert send(api, body, **headers).status_code == 202
    assert counted()["visit"] == 1
    assert not AnalyticsEvent.objects.exists()


@pytest.mark.django_db
def test_the_same_day_is_counted_together(api) -> None:
    send(api)
    send(api)
    assert counted()["visit"] == 2
    assert SiteCount.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("agent", ["", "Googlebot/2.1", "curl/8", "HeadlessChrome/120"])
def test_a_robot_is_answered_like_everybody_and_not_counted(api, agent) -> None:
    answer = send(api, report(), **{"User-Agent": agent})
    assert answer.status_code == 202
    assert counted() == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "status"), [(b"not json", 400), (b"[]", 400), (b" " * 17_000, 413)]
)
def test_what_is_no_report_is_refused_and_nothing_counted(api, body, status) -> None:
    assert send(api, body).status_code == status
    assert counted() == {}


@pytest.mark.django_db
def test_a_form_post_is_not_taken(api) -> None:
    assert api.post("/api/site/events/", {"events": "x"}, format="multipart").status_code == 415


@pytest.mark.django_db
def test_the_limit_for_the_public_holds(api, settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"public": "2/m"}
    assert [send(api).status_code for _ in range(3)] == [202, 202, 429]
    assert counted()["visit"] == 2


def test_what_is_not_in_the_lists_is_left_out() -> None:
    said = {
        "events": [
            {"name": "page_view", "page": "/About.html?email=ana@example.com"},
            {"name": "form_step", "page": "/es/", "properties": {"field": "ana@example.com"}},
            {"name": "form_step", "properties": {"field": "email", "secret": "x", "market": 5}},
            {"name": "someone_else"},
            {"name": ["page_view"]},
            "page_view",
        ]
    }
    read = read_report(said, NAMES, opted_out=False, now=NOW)
    assert [(one.name, one.page, one.properties) for one in read.events] == [
        ("page_view", "", {}),
        ("form_step", "/es/", {}),
        ("form_step", "", {"field": "email"}),
    ]


@pytest.mark.parametrize(
    ("ago", "at"),
    [
        (2000, NOW - timedelta(seconds=2)),
        (-5, NOW),
        ("soon", NOW),
        (True, NOW),
        (float("nan"), NOW),
        (10**18, NOW - timedelta(hours=1)),
    ],
)
def test_when_it_happened_is_believed_within_an_hour(ago, at) -> None:
    said = {"events": [{"name": "page_view", "ago_ms": ago}]}
    assert read_report(said, NAMES, opted_out=False, now=NOW).events[0].at == at


words = st.text("aZ_09@+?/.- é", max_size=40)
json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner),
    max_leaves=12,
)
keys = st.sampled_from(["events", "consent", "session_id", "name", "page", "properties", "field"])


@given(st.dictionaries(keys, json_values))
def test_whatever_comes_is_read_without_a_complaint(said) -> None:
    assert isinstance(read_report(said, NAMES, opted_out=False, now=NOW), Reported)


@given(words)
def test_no_address_and_no_number_gets_through(words: str) -> None:
    said = {"events": [{"name": "form_step", "page": words, "properties": {"field": words}}]}
    [event] = read_report(said, NAMES, opted_out=False, now=NOW).events
    kept = event.page + "".join(event.properties.values())
    assert not any(sign.isdigit() or sign in "@+?" for sign in kept)


def test_a_browser_is_not_a_robot() -> None:
    assert not is_robot(FIREFOX)


@pytest.mark.django_db
def test_visits_are_forgotten_after_a_season_and_counts_stay(api, time_machine) -> None:
    time_machine.move_to(NOW, tick=False)
    send(api)
    assert purge_events(NOW + timedelta(days=89)) == 0
    assert purge_events(NOW + timedelta(days=91)) == 3
    assert counted()["visit"] == 1


@pytest.mark.django_db
def test_the_funnel_adds_up_by_day(api, time_machine, django_assert_num_queries) -> None:
    time_machine.move_to(NOW - timedelta(days=1), tick=False)
    send(api)
    time_machine.move_to(NOW, tick=False)
    send(api, report(session_id=str(uuid4())))
    send(api, report(events=[{"name": "form_sent"}], consent=False))
    make_lead(now=NOW)
    with django_assert_num_queries(3):
        found = funnel(until=NOW.date(), length=3)
    assert [one.steps.visits for one in found.days] == [1, 1, 0]
    assert found.days[0].steps.sent == 1
    assert (found.total.visits, found.total.computed, found.total.leads) == (2, 2, 1)
    assert (found.together.visits, found.together.computed_share) == (2, "100%")
    assert found.together.sent == 0


def test_a_month_without_anybody_has_a_flat_chart() -> None:
    chart = funnel_chart([(NOW.date(), 0, 0)])
    assert chart.most == 0
    assert chart.bars[0].visits_height == 0


@pytest.mark.django_db
def test_the_page_shows_it_to_those_who_may_see_analytics(client, mia, sam, api) -> None:
    send(api)
    page = reverse("admin:analytics_sitecount_changelist")
    client.force_login(sam)
    assert client.get(page).status_code == 403
    client.force_login(mia)
    shown = client.get(page).content.decode()
    assert "From a visit to a lead" in shown
    assert "Day by day" in shown
