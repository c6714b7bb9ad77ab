"""Mappings, answers, caps, hours and files: pure readings of what people and buyers write."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.b2b.actions.packing import EXAMPLE_FIELDS
from apps.b2b.answers import read_answer, spec_problems
from apps.b2b.caps import Cap, Use, period_start, with_pacing
from apps.b2b.feedback_csv import read_feedback
from apps.b2b.filters import read_filters
from apps.b2b.mapping import OUR_FIELDS, as_csv, as_json, map_fields, mapping_problems
from apps.b2b.statistics import acceptance_rate, conversion_probability, history_mark
from apps.b2b.transports.registry import TRANSPORTS
from apps.b2b.watching import BuyerWatched, conditions
from apps.b2b.windows import Window, is_open, next_opening, read_windows

LEAD_ID = "0192f000-0000-7000-8000-0000000000a1"

# --- mapping --------------------------------------------------------------------------------------


def test_a_mapping_renames_nests_translates_and_bands() -> None:
    mapping = {
        "lead.name": "first_name",
        "lead.own": {"from": "ownership", "values": {"owner": "OWN"}, "default": "RENT"},
        "bill": {"from": "monthly_bill", "bands": [[100, "$0-100"], [300, "$101-300"]],
                 "default": "$301+"},
        "kind": "=solar",
        "roof": {"from": "roof_age", "default": "?"},
    }  # fmt: skip
    assert mapping_problems(mapping) == []
    fields = {"first_name": "Pat", "ownership": "renter", "monthly_bill": 250.0, "roof_age": None}
    assert map_fields(mapping, fields) == {
        "lead": {"name": "Pat", "own": "RENT"}, "bill": "$101-300", "kind": "solar", "roof": "?",
    }  # fmt: skip
    assert map_fields(mapping, fields | {"monthly_bill": 900})["bill"] == "$301+"


def test_an_empty_mapping_sends_everything_under_our_names() -> None:
    assert set(map_fields({}, EXAMPLE_FIELDS)) == set(OUR_FIELDS) == set(EXAMPLE_FIELDS)


def test_columns_stand_in_the_order_of_our_fields_fixed_texts_last() -> None:
    """Whatever order the database gives them back in."""
    mapping = {"Zip": "postal_code", "A": "=x", "Own": {"from": "ownership"}, "Name": "first_name"}
    assert list(map_fields(mapping, EXAMPLE_FIELDS)) == ["Name", "Zip", "Own", "A"]


@pytest.mark.parametrize("method", TRANSPORTS)
def test_every_template_can_be_used_as_it_is(method: str) -> None:
    template = TRANSPORTS[method].template
    assert mapping_problems(template) == []
    assert json.loads(as_json(map_fields(template, EXAMPLE_FIELDS)))


@pytest.mark.parametrize(
    "broken",
    [
        {"a": "nonsense"}, {"": "email"}, {"a.": "email"}, {"a": {"from": "email", "huh": 1}},
        {"a": {"from": "email", "values": []}}, {"a": {"from": "email", "bands": [[1]]}},
        {"a": {"from": "email", "bands": [[1, "x"]]}}, {"a": {"from": "=text"}},
        {"a": 5}, {"a": {"values": {}}}, {"a": "email", "a.b": "phone"},
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_mapping_is_said(broken: dict) -> None:
    assert mapping_problems(broken)


@given(st.text(max_size=30))
def test_a_file_holds_what_was_said_and_no_formula(text: str) -> None:
    data = as_csv({"name": text, "phone": "+12125550142", "n": -5, "l": ["a", "b"], "no": None})
    heading, row = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert heading == ["name", "phone", "n", "l", "no"]
    assert row[1:] == ["+12125550142", "-5", "a; b", ""]
    assert row[0][:1] not in {"=", "+", "-", "@", "\t"} or row[0].lstrip("+").isdigit()


# --- answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "spec", "outcome"),
    [
        (200, {"outcome": "success"}, {}, "accepted"),
        (201, {"outcome": "ACCEPTED"}, {}, "accepted"),
        (200, {"outcome": "failure", "reason": "x"}, {}, "rejected"),
        (422, {"outcome": "rejected"}, {}, "rejected"),
        (409, {"outcome": "duplicate"}, {}, "duplicate"),
        (200, {"outcome": "maybe"}, {}, "unknown"),
        (200, "It works!", {}, "unknown"),
        (200, "It works!", {"any_2xx": True}, "accepted"),
        (200, {"result": {"status": "ok"}}, {"outcome_at": "result.status"}, "accepted"),
        (200, {"code": "POST_REJECT_DUPLICATE"}, {"outcome_at": "code"}, "duplicate"),
        (200, {"code": 7}, {"outcome_at": "code", "accepted": ["7"]}, "accepted"),
        (400, "bad", {}, "refused"),
        (401, "", {}, "refused"),
        (301, "", {}, "refused"),
        (429, {"outcome": "success"}, {}, "failed"),
        (500, {"outcome": "success"}, {}, "unknown"),
        (500, {"outcome": "failure"}, {}, "failed"),
        (500, "", {}, "failed"),
        (503, "", {"any_2xx": True}, "failed"),
        (502, "Bad Gateway", {}, "unknown"),
        (504, "Gateway Time-out", {}, "unknown"),
    ],
)
def test_an_answer_means(status: int, body, spec: dict, outcome: str) -> None:
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    assert read_answer(status, data, spec).outcome == outcome


def test_reason_price_and_patience_are_read() -> None:
    body = json.dumps({"outcome": "accepted", "reason": " a\n b ", "price": "$1,025.50"}).encode()
    read = read_answer(200, body, {})
    assert (read.words, read.price) == ("a b", Decimal("1025.50"))
    assert read_answer(429, b"", {}, retry_after="30").retry_after == 30
    assert read_answer(429, b"", {}, retry_after="soon").retry_after is None


@given(st.integers(100, 599), st.binary(max_size=200))
def test_no_answer_breaks_the_reading(status: int, body: bytes) -> None:
    assert read_answer(status, body, {}).outcome


def test_a_wrong_way_to_read_is_said() -> None:
    assert spec_problems({"accepted": "yes"})
    assert spec_problems({"huh": 1})
    assert spec_problems({"outcome_at": 5})
    assert spec_problems({"any_2xx": "false"})
    assert spec_problems({"outcome_at": "a.b", "any_2xx": True}) == []


# --- caps and hours -------------------------------------------------------------------------------


def test_periods_begin_on_the_buyers_clock() -> None:
    now = datetime(2026, 11, 26, 3, 45, tzinfo=UTC)  # Wednesday 22:45 in New York

    def begins(period: str) -> str:
        start = period_start(period, now, "America/New_York")
        assert start.tzinfo is UTC
        return f"{start.astimezone(ZoneInfo('America/New_York')):%m-%d %H}"

    assert [begins(one) for one in ("hour", "day", "week", "month")] == [
        "11-25 22", "11-25 00", "11-23 00", "11-01 00",
    ]  # fmt: skip


@pytest.mark.parametrize("hour", [5, 6])
def test_the_hour_that_comes_twice_is_two_hours(hour: int) -> None:
    now = datetime(2026, 11, 1, hour, 30, tzinfo=UTC)  # 1:30 in New York, before and after
    stored = datetime(2026, 11, 1, hour, tzinfo=UTC)
    assert period_start("hour", now, "America/New_York") == stored


def test_pacing_is_a_cap_made_of_the_monthly_one() -> None:
    caps = with_pacing([Cap("month", 45)], day_percent=10, week_percent=30)
    assert [(one.period, one.limit) for one in caps] == [("month", 45), ("day", 5), ("week", 14)]
    assert with_pacing([Cap("day", 3)], day_percent=10, week_percent=0) == (Cap("day", 3),)


def test_a_cap_of_nothing_is_full() -> None:
    assert Use(Cap("day", 0), 0).is_full
    assert Use(Cap("day", 0), 0).share == 1.0


@given(
    st.lists(
        st.builds(Window, st.frozensets(st.integers(0, 6)), st.times(), st.times()), max_size=3
    ).map(tuple),
    st.datetimes(datetime(2026, 1, 2), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (made aware)
)
def test_the_next_opening_is_open_and_the_first(windows, now) -> None:
    opening = next_opening(windows, now, "America/New_York")
    assert now <= opening <= now + timedelta(days=8)
    usable = any(one.days and one.opens < one.closes for one in windows)
    if usable or not windows:
        assert is_open(windows, opening, "America/New_York")
        if opening > now:
            assert not is_open(windows, now, "America/New_York")
            assert not is_open(windows, opening - timedelta(microseconds=1), "America/New_York")


@pytest.mark.parametrize(
    "broken",
    [[{"days": [7]}], [{"days": "Mon"}], [{"days": [1], "from": "18:00", "to": "09:00"}],
     [{"days": [1], "from": "noon"}], [{"days": []}], [{"days": [True]}], [{"days": [1.0]}],
     [{"days": [1], "from": "24:00"}], [{"days": [1], "from": "09:00Z", "to": "18:00Z"}]],
)  # fmt: skip
def test_hours_that_cannot_be_are_refused(broken) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_windows(broken)


def test_a_day_may_be_open_to_its_end() -> None:
    for stated in ({"days": [4]}, {"days": [4], "from": "00:00", "to": "24:00"}):
        windows = read_windows([stated])
        last = datetime(2026, 11, 27, 23, 59, 59, 999_998, ZoneInfo("Asia/Kolkata"))
        assert is_open(windows, last, "Asia/Kolkata")
        assert windows[0].words == "Fri 00:00–24:00"


def test_filters_are_read_and_strange_ones_refused() -> None:
    filters = read_filters({"bill_min": "100", "tiers": ["premium"], "utilities": ["Con Edison"]})
    assert (filters.bill_min, filters.utilities) == (Decimal(100), frozenset({"con edison"}))
    for broken in ({"huh": 1}, {"tiers": "premium"}, {"bill_min": "x"}, {"score_min": -1},
                   {"bill_max": "NaN"}, {"tiers": [""]}, {"accepts_unknown": "false"}):  # fmt: skip
        with pytest.raises(ValueError, match=r"."):
            read_filters(broken)


def test_windows_are_half_open() -> None:
    window = Window(frozenset({4}), time(9), time(18))
    assert window.is_open(datetime(2026, 11, 27, 9, 0))  # noqa: DTZ001 (a local time)
    assert not window.is_open(datetime(2026, 11, 27, 18, 0))  # noqa: DTZ001 (a local time)


# --- feedback files, statistics, the watch --------------------------------------------------------


def test_a_file_of_feedback_is_read_line_by_line() -> None:
    text = (
        "Lead_ID;feedback_type;feedback_score;conversion_value\n"
        f"{LEAD_ID};Converted;8.5;275\n"
        "nobody;accepted;;\n"
        f"{LEAD_ID};accepted;eleven;\n"
        f"{LEAD_ID};accepted;11;\n"
    )
    good, *bad = read_feedback(text.encode("utf-8-sig"))
    assert good.stated["feedback_type"] == "converted"
    assert good.stated["conversion_value"] == 275
    assert [(one.number, one.problem) for one in bad] == [
        (3, "lead_id is not one of our ids"),
        (4, "feedback_score is not a number"),
        (5, "feedback_score is out of bounds"),
    ]


@pytest.mark.parametrize("data", [b"\xff\xfe", b"", b"lead_id\nx\n"])
def test_what_is_no_such_file_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(read_feedback(data))


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_rates_stay_between_nothing_and_one_and_follow_what_happens(yes: int, no: int) -> None:
    assert 0 < acceptance_rate(yes, no) <= 1
    assert acceptance_rate(yes + 1, no) >= acceptance_rate(yes, no)
    assert 0 <= history_mark(yes + no, yes) <= 100
    for tier in ("premium", "standard", "basic", "unqualified"):
        assert 0 < conversion_probability(tier, yes, no) <= 1


def test_what_is_believed_before_anything_is_known() -> None:
    assert acceptance_rate(0, 0) == Decimal("0.8500")
    assert history_mark(0, 0) == 50
    assert conversion_probability("standard", 0, 0) == Decimal("0.0600")
    assert acceptance_rate(0, 20) == Decimal("0.4250")


@pytest.mark.parametrize(
    ("changed", "key", "level"),
    [
        ({"is_paused": True, "paused_because": "x"}, "paused", "warning"),
        ({"failures_in_a_row": 5}, "down", "warning"),
        ({"failures_in_a_row": 9}, "down", "critical"),
        ({"is_healthy": False}, "unhealthy", "warning"),
        ({"given_up": 2}, "given-up", "warning"),
        ({"acceptance": 0.3, "samples": 30}, "poor", "warning"),
        ({"leads_left": 2}, "wallet", "info"),
        ({"leads_left": 0}, "wallet", "warning"),
        ({"full_caps": ("Cap is full",)}, "cap", "info"),
    ],
)
def test_each_condition_is_seen(changed: dict, key: str, level: str) -> None:
    watched = BuyerWatched("acme", "Acme", **changed)
    [found] = conditions([watched], manual=0, unsold=0, late_minutes=0)
    assert (found.key, found.level) == (f"{key}:acme", level)


def test_nothing_is_wrong_when_nothing_is_wrong() -> None:
    quiet = BuyerWatched("acme", "Acme", acceptance=0.2, samples=3, leads_left=50,
                         failures_in_a_row=4)  # fmt: skip
    assert list(conditions([quiet], manual=0, unsold=2, late_minutes=3)) == []
    loud = conditions([], manual=12, unsold=3, late_minutes=11)
    assert [one.level for one in loud] == ["critical", "warning", "critical"]
