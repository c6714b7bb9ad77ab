"""The rules of the road: steps in order, resumed anywhere, nothing twice, nothing lost."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connections, transaction
from django.utils import timezone

from apps.contacts.models import Consent
from apps.contacts.suppression import suppress
from apps.core.errors import Permanent
from apps.core.models import OutboxMessage
from apps.intake.actions import event_record, events_mark_spam, events_replay
from apps.intake.choices import EventState
from apps.intake.contracts import Arrival
from apps.intake.models import InboundEvent
from apps.leads.models import AssignmentPool, Lead, LeadScore
from apps.pipeline import journey as road
from apps.pipeline.journey import (
    MAX_ATTEMPTS,
    ROAD,
    journey_advance,
    journey_start,
    journeys_due,
    journeys_resume,
)
from apps.pipeline.models import Journey, JourneyState, Outcome, StepName
from apps.pipeline.steps import GoOn
from apps.pipeline.tasks import resume_journeys
from apps.pipeline.watching import journeys_by_state
from apps.solar.models import Market
from apps.users.models import User
from tests.factories.assignment import make_rule, make_team
from tests.walking import settle

pytestmark = pytest.mark.django_db

ORDER = ["parse", "capture", "score", "decide", "work"]  # of a lead that is worked
GRACE: dict[str, Any] = {
    "contact_info": {"name": "Grace Feldman", "email": "grace@example.com"},
    "form_data": {"zip": "10021", "bill": "$400"},
    "consent": {"given": True, "channels": ["call", "email"], "text": "I agree."},
}
Step = Callable[[Journey, Any], Any]


def arrive(payload: dict[str, Any] | bytes = GRACE, source: str = "website-form") -> InboundEvent:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    recorded = event_record(
        Arrival(source=source, body=body, payload={"body": body.hex()}), now=timezone.now()
    )
    return InboundEvent.objects.get(public_id=recorded.event_id)


def set_out(payload: dict[str, Any] | bytes = GRACE) -> Journey:
    started = journey_start(arrive(payload).public_id)
    assert started is not None
    return started


def walk(journey: Journey) -> Journey:
    journey_advance(journey.pk)
    journey.refresh_from_db()
    return journey


def break_step(
    monkeypatch: pytest.MonkeyPatch, step: str, error: Exception, *, after: bool
) -> None:
    """Let a step fail once: before it did anything, or after it did everything."""
    whole, times = ROAD[StepName(step)], []

    def broken(journey: Journey, now: Any) -> Any:
        if times:
            return whole(journey, now)
        times.append(1)
        if after:
            whole(journey, now)
        raise error

    monkeypatch.setitem(ROAD, StepName(step), broken)


def everything_once(person: User | None = None) -> None:
    """One lead with one line of each kind, one score, one consent a channel, one assignment."""
    lead = Lead.objects.get()
    kinds = sorted(lead.activities.values_list("kind", flat=True))
    expected = ["consent", "created", "decided", "scored"] + (["assigned"] if person else [])
    assert kinds == sorted(expected)
    assert LeadScore.objects.count() == 1
    assert sorted(Consent.objects.values_list("channel", flat=True)) == ["call", "email"]
    assert lead.assigned_to == person
    assert not OutboxMessage.objects.filter(state="dead").exists()


@pytest.fixture
def pool(sam: User, sue: User) -> AssignmentPool:
    team = make_team(sam, sue)
    make_rule(team)
    return team


def test_the_road_has_its_steps_in_order(
    pool: AssignmentPool, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []
    for name, step in list(ROAD.items()):

        def noted(journey: Journey, now: Any, name: str = name, step: Step = step) -> Any:
            taken.append(name)
            return step(journey, now)

        monkeypatch.setitem(ROAD, name, noted)
    journey = walk(set_out())
    assert taken == ORDER
    assert (journey.state, journey.outcome) == (JourneyState.DONE, Outcome.WORKED)
    assert journey.lead == Lead.objects.get()
    assert journey.event.state == EventState.PROCESSED
    everything_once(sam)
    walk(journey)
    assert taken == ORDER  # an arrived journey takes no step


def test_one_event_has_one_journey() -> None:
    event = arrive()
    assert journey_start(event.public_id) == journey_start(event.public_id)
    assert Journey.objects.count() == 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", ORDER)
def test_a_crash_inside_a_step_doubles_nothing_and_the_journey_goes_on_from_there(
    pool: AssignmentPool, sam: User, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    break_step(monkeypatch, step, RuntimeError("the lights went out"), after=after)
    journey = walk(set_out())
    assert (journey.state, journey.step, journey.attempts) == (JourneyState.WAITING, step, 1)
    assert journey.last_error == "RuntimeError: the lights went out"
    assert journey.event.state == EventState.RECEIVED
    with time_machine.travel(journey.not_before, tick=False):
        resume_journeys()
    journey.refresh_from_db()
    assert (journey.state, journey.attempts, journey.last_error) == (JourneyState.DONE, 0, "")
    everything_once(sam)


@pytest.mark.parametrize("step", ORDER)
def test_a_worker_that_is_killed_leaves_the_step_untaken(
    pool: AssignmentPool, sam: User, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    class Killed(BaseException):
        """What no `except Exception` sees, as nothing sees a SIGKILL."""

    break_step(monkeypatch, step, Killed(), after=True)  # type: ignore[arg-type]
    journey = set_out()
    with pytest.raises(Killed):
        journey_advance(journey.pk)
    journey.refresh_from_db()
    assert (journey.state, journey.step, journey.attempts) == (JourneyState.MOVING, step, 0)
    assert journeys_due(timezone.now()) == [journey.pk]
    resume_journeys()
    journey.refresh_from_db()
    assert journey.state == JourneyState.DONE
    everything_once(sam)


def test_control_without_the_transaction_of_a_step_a_crash_doubles_what_it_did(
    pool: AssignmentPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests above can fail: here the step's work survives its crash."""
    break_step(monkeypatch, "capture", RuntimeError("the lights went out"), after=True)
    monkeypatch.setattr(road, "transaction", _NoTransactions())
    journey = walk(set_out())
    assert Lead.objects.count() == 1  # taken, but not noted
    assert (journey.step, journey.state) == ("capture", JourneyState.WAITING)


class _NoTransactions:
    """`transaction`, but `atomic` keeps what was done when an error passes through."""

    def atomic(self) -> Any:
        return self

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def test_what_cannot_succeed_is_parked_with_its_payload_and_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    break_step(monkeypatch, "score", Permanent("No such thing."), after=False)
    journey = walk(set_out())
    assert (journey.state, journey.step, journey.attempts) == (JourneyState.PARKED, "score", 1)
    event = journey.event
    assert (event.state, event.note) == (EventState.PARKED, "Permanent: No such thing.")
    assert json.loads(bytes(event.body)) == GRACE
    assert journeys_due(timezone.now() + timedelta(days=9)) == []  # it waits for a person


def test_what_is_no_json_any_more_is_parked(monkeypatch: pytest.MonkeyPatch) -> None:
    journey = walk(set_out(b"\x00 not json"))
    assert journey.state == JourneyState.PARKED
    assert journey.last_error.startswith("Permanent: Cannot be read")
    assert bytes(journey.event.body) == b"\x00 not json"
    assert not Lead.objects.exists()


def test_an_error_whose_words_the_database_cannot_keep_is_kept_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Parallel test processes cannot pass on a captured log line that is no Unicode.
    monkeypatch.setattr(logging.getLogger("journey"), "disabled", True)
    break_step(monkeypatch, "score", RuntimeError("nul \x00 half \ud800" + "x" * 9000), after=False)
    journey = walk(set_out())
    assert journey.state == JourneyState.WAITING
    assert len(journey.last_error) == 2000


def test_pauses_grow_and_the_last_attempt_parks(monkeypatch: pytest.MonkeyPatch) -> None:
    def always(journey: Journey, now: Any) -> Any:
        raise OperationalError("deadlock detected")

    monkeypatch.setitem(ROAD, StepName.SCORE, always)
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        journey, pauses = walk(set_out()), []
        while journey.state == JourneyState.WAITING:
            assert len(pauses) < MAX_ATTEMPTS
            pauses.append((journey.not_before - timezone.now()).total_seconds())
            walk(journey)
            assert journey.attempts == len(pauses)  # too early: nothing was tried
            clock.move_to(journey.not_before)
            walk(journey)
    assert (journey.state, journey.attempts) == (JourneyState.PARKED, MAX_ATTEMPTS)
    assert len(pauses) == MAX_ATTEMPTS - 1
    assert all(1.5 * 2**n <= pause <= 2.5 * 2**n for n, pause in enumerate(pauses))
    assert "deadlock detected" in journey.event.note
    assert Lead.objects.count() == 1  # the steps before it stand


def test_a_step_that_came_through_begins_the_count_again(monkeypatch: pytest.MonkeyPatch) -> None:
    break_step(monkeypatch, "capture", RuntimeError(), after=False)
    break_step(monkeypatch, "score", RuntimeError(), after=False)
    journey = walk(set_out())
    with time_machine.travel(journey.not_before, tick=False):
        walk(journey)
    assert (journey.step, journey.attempts) == ("score", 1)


def test_a_failure_that_is_noted_late_does_not_undo_what_another_worker_did(
    pool: AssignmentPool, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ROAD[StepName.SCORE]
    note_failure = road._note_failure

    def fails(journey: Journey, now: Any) -> Any:
        raise RuntimeError("slow and wrong")

    def meanwhile(*args: Any) -> None:
        monkeypatch.setitem(ROAD, StepName.SCORE, whole)
        monkeypatch.setattr(road, "_note_failure", note_failure)
        journey_advance(args[0].journey_pk)  # another worker, right after the lock was given back
        note_failure(*args)

    monkeypatch.setitem(ROAD, StepName.SCORE, fails)
    monkeypatch.setattr(road, "_note_failure", meanwhile)
    journey = walk(set_out())
    assert (journey.state, journey.outcome) == (JourneyState.DONE, Outcome.WORKED)
    assert journey.event.state == EventState.PROCESSED
    everything_once(sam)


def test_staff_let_a_parked_journey_go_on(
    pool: AssignmentPool, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_step(monkeypatch, "decide", Permanent("Not yet."), after=True)
    journey = walk(set_out())
    assert journeys_resume([journey.public_id]) == 1
    assert journeys_resume([journey.public_id]) == 0  # it is on its way
    walk(journey)
    assert (journey.state, journey.event.state) == (JourneyState.DONE, EventState.PROCESSED)
    everything_once(sam)
    assert journeys_resume([journey.public_id]) == 0


def test_a_replay_walks_again_and_doubles_nothing(pool: AssignmentPool, sam: User) -> None:
    event = arrive()
    settle()
    assert events_replay([event.public_id]) == 1
    settle()
    journey = Journey.objects.get()
    assert (journey.state, journey.replay) == (JourneyState.DONE, 1)
    assert events_replay([event.public_id, event.public_id]) == 2
    settle()
    journey.refresh_from_db()
    assert (journey.state, journey.replay) == (JourneyState.DONE, 3)
    event.refresh_from_db()
    assert (event.state, event.replays) == (EventState.PROCESSED, 3)
    everything_once(sam)


def test_a_replay_before_the_first_walk_walks_once(pool: AssignmentPool, sam: User) -> None:
    event = arrive()
    events_replay([event.public_id])
    settle()
    assert Journey.objects.get().state == JourneyState.DONE
    everything_once(sam)


def test_what_staff_mark_as_spam_while_it_waits_stands_still_until_it_is_released(
    pool: AssignmentPool, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_step(monkeypatch, "capture", RuntimeError(), after=False)
    journey = walk(set_out())
    assert events_mark_spam([journey.event.public_id]) == 1
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        resume_journeys()
        walk(journey)
        assert not Lead.objects.exists()
        assert journeys_due(timezone.now()) == []
        events_replay([journey.event.public_id])
        settle()
    everything_once(sam)


def test_who_must_not_be_contacted_is_held_and_given_to_nobody(pool: AssignmentPool) -> None:
    suppress(kind="email", value="grace@example.com", reason="opt_out")
    journey = walk(set_out())
    assert (journey.state, journey.outcome) == (JourneyState.DONE, Outcome.HELD)
    lead = Lead.objects.get()
    assert lead.assigned_to is None
    assert lead.activities.get(kind="decided").data == {"way": "hold"}
    pool.refresh_from_db()
    assert pool.turns == {}


def test_where_nobody_takes_leads_the_journey_says_so() -> None:
    journey = walk(set_out())
    assert (journey.state, journey.outcome) == (JourneyState.DONE, Outcome.UNASSIGNED)
    everything_once(None)


def test_a_lead_deleted_on_the_way_parks_its_journey(monkeypatch: pytest.MonkeyPatch) -> None:
    break_step(monkeypatch, "score", RuntimeError(), after=False)
    journey = walk(set_out())
    Lead.objects.all().delete()
    with time_machine.travel(journey.not_before, tick=False):
        walk(journey)
    assert (journey.state, journey.step) == (JourneyState.PARKED, "score")
    assert "was deleted" in journey.last_error


def test_before_any_market_is_loaded_events_wait() -> None:
    Market.objects.filter(code="nowhere").delete()
    event = arrive()
    with transaction.atomic():
        from apps.integrations import setting

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(setting, "all_markets", list)
            started = journey_start(event.public_id)
            assert started is not None
            journey = walk(started)
    assert journey.state == JourneyState.WAITING
    assert "load_markets" in journey.last_error


def test_monitoring_is_told_where_journeys_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    assert journeys_by_state() == {}
    walk(set_out())
    break_step(monkeypatch, "parse", Permanent("no"), after=False)
    walk(set_out({"contact_info": {"email": "b@example.com"}}))
    set_out({"contact_info": {"email": "c@example.com"}})
    assert journeys_by_state() == {"done": 1.0, "parked": 1.0, "moving": 1.0}


def test_two_workers_do_not_walk_one_journey_together(transactional_db: None) -> None:
    """The second one goes away at once instead of waiting for the first."""
    journey = set_out()
    taken: list[str] = []
    with pytest.MonkeyPatch.context() as patch:

        def first(held: Journey, now: Any) -> Any:
            taken.append("first")
            other = connections.create_connection("default")
            mine = connections["default"]
            connections["default"] = other
            try:
                patch.setitem(ROAD, StepName.PARSE, lambda *_: taken.append("second"))
                journey_advance(journey.pk)
            finally:
                other.close()
                connections["default"] = mine
            return GoOn(StepName.CAPTURE)

        patch.setitem(ROAD, StepName.PARSE, first)
        patch.setitem(ROAD, StepName.CAPTURE, _stop)
        journey_advance(journey.pk)
    assert taken == ["first"]
    journey.refresh_from_db()
    assert (journey.step, journey.state) == ("capture", JourneyState.PARKED)


def _stop(journey: Journey, now: Any) -> Any:
    raise Permanent("far enough")
