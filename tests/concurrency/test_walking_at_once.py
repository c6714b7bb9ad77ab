"""Several workers on the same journeys: every step is taken once."""

from __future__ import annotations

import json
from functools import partial

import pytest
from django.utils import timezone

from apps.core import outbox
from apps.core.models import OutboxMessage
from apps.intake.actions import RECORDED, event_record
from apps.intake.contracts import Arrival
from apps.leads.actions.entering import lead_enter
from apps.leads.models import Lead, LeadActivity, LeadScore
from apps.pipeline.journey import journey_advance, journeys_due
from apps.pipeline.models import Journey
from tests.concurrency.threads import at_once, failures

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.slow]


def arrive(number: int) -> None:
    payload = {"contact_info": {"email": f"p{number}@example.com"}}
    event_record(
        Arrival(source="website-form", body=json.dumps(payload).encode(), payload=payload),
        now=timezone.now(),
    )


def walk_all() -> None:
    ids = list(OutboxMessage.objects.values_list("pk", flat=True))
    outbox.deliver(ids)
    while due := journeys_due(timezone.now()):
        for pk in due:
            journey_advance(pk)


def test_four_workers_with_the_same_messages_take_every_step_once() -> None:
    for number in range(20):
        arrive(number)
    OutboxMessage.objects.update(state="claimed", claimed_at=timezone.now())  # by all of them
    results = at_once(*[walk_all] * 4)
    assert failures(results) == []
    assert set(Journey.objects.values_list("state", "outcome")) == {("done", "unassigned")}
    assert Lead.objects.count() == LeadScore.objects.count() == Journey.objects.count() == 20
    kinds = list(LeadActivity.objects.values_list("lead", "kind"))
    assert len(kinds) == len(set(kinds)) == 20 * 3  # created, scored, decided


def test_who_waits_for_an_answer_walks_the_road_however_quick_the_relay_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from apps.core import tasks
    from apps.core.outbox import publishing

    handed: list[int] = []
    monkeypatch.setattr(
        tasks.deliver_outbox, "apply_async", lambda args, **_: handed.extend(args[0])
    )
    monkeypatch.setattr(tasks.relay_outbox, "apply_async", lambda **_: None)
    monkeypatch.setattr(publishing, "nudge", outbox.relay)  # there at the moment of the commit
    stated = {"email": "ana@example.com", "phone": "", "market": "nyc"}
    entered = lead_enter(stated, ip_address="127.0.0.1", user_agent="", now=timezone.now())
    assert entered.lead == Lead.objects.get()
    recorded = OutboxMessage.objects.get(topic=RECORDED)
    assert (recorded.state, recorded.attempts) == ("done", 1)
    assert recorded.pk not in handed
    arrive(1)  # the control: without a claim of its own a worker has it first
    assert OutboxMessage.objects.get(topic=RECORDED, state="claimed").pk in handed


def test_two_relays_hand_every_message_to_one_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.core import tasks

    handed: list[int] = []
    monkeypatch.setattr(
        tasks.deliver_outbox, "apply_async", lambda args, **_: handed.extend(args[0])
    )
    monkeypatch.setattr(tasks.relay_outbox, "apply_async", lambda **_: None)
    for number in range(60):
        arrive(number)
    results = at_once(*[partial(outbox.relay)] * 4)
    assert failures(results) == []
    assert sorted(handed) == sorted(OutboxMessage.objects.values_list("pk", flat=True))
