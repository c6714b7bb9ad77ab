"""Two files with the same people in opposite orders, taken in at the same moment."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from threading import Event

import pytest
from django.utils import timezone

from apps.integrations.imports import running
from apps.integrations.imports.actions import import_begin, import_upload
from apps.integrations.imports.models import Import
from apps.leads.models import Lead
from apps.users.models import Role, User
from tests.concurrency.threads import at_once, failures
from tests.factories.users import make_user

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.slow]

PEOPLE = 20


def begin(actor: User, numbers: range) -> Import:
    lines = "".join(f"P{number},p{number}@example.com\n" for number in numbers)
    now = timezone.now()
    found = import_upload(
        f"name,email\n{lines}".encode(), file_name="f.csv", market="nyc", actor=actor, now=now
    )
    return import_begin(found.public_id, source="Fair", actor=actor, now=now)


def steps_failed(caplog: pytest.LogCaptureFixture) -> int:
    """Take both in; how many steps of journeys failed on the way."""
    mia = make_user("mia", role=Role.MANAGER)
    files = [begin(mia, range(PEOPLE)), begin(mia, range(PEOPLE - 1, -1, -1))]
    with caplog.at_level(logging.WARNING, logger="journey"):
        results = at_once(*(partial(running.import_advance, found.pk) for found in files))
    assert failures(results) == []
    return [record.message for record in caplog.records].count("journey.step_failed")


def test_neither_waits_for_the_other_in_vain(caplog: pytest.LogCaptureFixture) -> None:
    assert steps_failed(caplog) == 0
    assert Lead.objects.count() == PEOPLE  # one person, one open lead
    for state, created, updated in Import.objects.values_list("state", "created", "updated"):
        assert (state, created + updated) == ("done", PEOPLE)


def test_control_without_one_order_one_gives_way(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "identities_hold", lambda people: None)
    assert steps_failed(caplog) > 0  # it goes on later, after the pause of a failed step


def test_a_slow_worker_is_not_taken_for_a_dead_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found = begin(make_user("mia", role=Role.MANAGER), range(2))
    take, in_the_middle, was_asked = running._take_all, Event(), Event()

    def slow(*args):
        in_the_middle.set()
        assert was_asked.wait(30)
        return take(*args)

    def second() -> bool:
        assert in_the_middle.wait(30)
        try:
            return running._claim(found.pk, timezone.now() + timedelta(hours=1))
        finally:
            was_asked.set()

    monkeypatch.setattr(running, "_take_all", slow)
    results = at_once(partial(running.import_advance, found.pk), second)
    assert failures(results) == []
    assert results[1] is False
    found.refresh_from_db()
    assert (found.state, found.created) == ("done", 2)
