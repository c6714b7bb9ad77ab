"""What stands still on the road is one alert, however much of it there is, and ends by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from apps.core.models import OutboxMessage
from apps.notifications.actions.alerting import alert_resolve
from apps.notifications.models import Alert, Notification
from apps.pipeline.alarm import GIVEN_UP, PARKED, road_watch
from apps.pipeline.models import Journey, JourneyState
from tests.walking import knock

NOW = datetime(2026, 11, 27, 15, tzinfo=UTC)


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def park(api, number: int, *, at: datetime = NOW) -> Journey:
    """A journey of its own, parked."""
    knock(api, "emailjs", {"contact_info": {"email": f"p{number}@example.com"}})
    journey = Journey.objects.latest("pk")
    Journey.objects.filter(pk=journey.pk).update(state=JourneyState.PARKED, updated_at=at)
    return journey


def open_titles() -> list[str]:
    return list(Alert.objects.filter(resolved_at=None).values_list("title", flat=True))


def test_many_parked_ones_ring_once_for_those_who_can_replay(api, sam, mia, ana):
    for number in range(3):
        park(api, number)
    road_watch(now=NOW)
    park(api, 4, at=after(1))
    road_watch(now=after(1))
    assert open_titles() == ["3 requests are parked"]
    told = Notification.objects.filter(kind=PARKED.code).values_list("recipient", flat=True)
    assert set(told) == {mia.pk, ana.pk}
    assert len(told) == 2


def test_it_is_over_when_nothing_stands_still(api, mia):
    journey = park(api, 1)
    road_watch(now=NOW)
    Journey.objects.filter(pk=journey.pk).update(state=JourneyState.DONE)
    road_watch(now=after(1))
    assert open_titles() == []
    assert Alert.objects.get().story.last().words == "Nothing stands still any more."


def test_what_somebody_resolved_does_not_ring_again_and_another_one_does(api, mia):
    park(api, 1)
    road_watch(now=NOW)
    alert_resolve(Alert.objects.get().public_id, actor=mia, note="Known.", now=after(1))
    road_watch(now=after(2))
    assert open_titles() == []
    park(api, 2, at=after(3))
    road_watch(now=after(4))
    assert open_titles() == ["2 requests are parked"]


def test_messages_that_were_given_up_are_an_alert_of_their_own(mia):
    OutboxMessage.objects.create(topic="t", handler="h", key="k", state="dead", not_before=NOW)
    road_watch(now=NOW)
    assert open_titles() == ["1 message was given up"]
    assert Alert.objects.get().kind == GIVEN_UP.code


def test_a_quiet_road_tells_nobody_anything(mia, db):
    road_watch(now=NOW)
    assert not Alert.objects.exists()
