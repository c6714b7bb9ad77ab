"""The same thing told by eight at the same moment is told once, and raises one alert."""

from __future__ import annotations

from threading import Barrier

import pytest
from django.db import transaction

from apps.notifications.models import Alert, AlertEvent, Notification
from apps.notifications.selectors import notifications_of
from tests.concurrency.threads import at_once, failures
from tests.factories.users import make_user
from tests.notifications.kinds import NOW, URGENT, told

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.slow]

CALLERS = 8


def test_eight_at_once_tell_each_person_once():
    people = [make_user(f"person{n}") for n in range(5)]

    def call(number: int) -> int:
        # Each in an order of its own: without sorting, two would wait for each other.
        turned = people[number % 5 :] + people[: number % 5]
        return told(*turned, kind=URGENT, needs_action=True)

    results = at_once(*(lambda n=n: call(n) for n in range(CALLERS)))
    assert failures(results) == []
    assert sum(results) == len(people)
    assert [notifications_of(person).count() for person in people] == [1] * 5
    assert Alert.objects.count() == AlertEvent.objects.count() == 1


def test_the_control_looking_first_tells_several_times():
    """What the constraint prevents: callers that ask whether somebody was told, and then tell."""
    person = make_user("person")
    all_have_looked = Barrier(CALLERS)

    def look_then_tell(number: int) -> None:
        with transaction.atomic():
            known = Notification.objects.filter(recipient=person, kind="test.plain").exists()
            all_have_looked.wait(timeout=10)
            if not known:
                Notification.objects.create(
                    recipient=person, kind="test.plain", title="x", key=f"k{number}", created_at=NOW
                )

    assert failures(at_once(*(lambda n=n: look_then_tell(n) for n in range(CALLERS)))) == []
    assert Notification.objects.filter(recipient=person).count() == CALLERS
