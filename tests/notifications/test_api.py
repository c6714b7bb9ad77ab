"""Notifications over HTTP: everybody their own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.notifications.actions.alerting import alert_resolve
from apps.notifications.models import Alert, Hours, Notification, Preference
from tests.notifications.kinds import MAILED, NOW, PLAIN, URGENT, told

URL = "/api/notifications/"
HOURS = {"time_zone": "", "digest_hour": 8, "quiet_from": None, "quiet_until": None}


def listed(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["title"] for row in answer.json()["data"]["results"]]


def test_mine_newest_first_with_what_is_unread(api_as, sam, sue):
    told(sam, key="1", title="One", link="/admin/")
    told(sam, key="2", title="Two", now=NOW + timedelta(minutes=1))
    told(sue, key="3", title="Hers")
    answer = api_as(sam).get(URL)
    assert listed(answer) == ["Two", "One"]
    data = answer.json()["data"]
    assert (data["count"], data["unread"], data["total_pages"]) == (2, 2, 1)
    assert data["results"][1] == {
        "id": str(Notification.objects.get(key="1").public_id),
        "kind": PLAIN.code,
        "level": "info",
        "title": "One",
        "body": "",
        "link": "/admin/",
        "needs_action": False,
        "alert_id": None,
        "read_at": None,
        "created_at": "2026-11-27T15:00:00Z",
    }


def test_filters(api_as, sam):
    told(sam, key="1", title="Plain")
    told(sam, key="2", title="Mailed", kind=MAILED, level="critical")
    told(sam, key="3", title="Urgent", kind=URGENT, needs_action=True)
    told(sam, key="4", title="Settled", kind=URGENT, needs_action=True)
    alert_resolve(Alert.objects.get(key="4").public_id, actor=sam, now=NOW)
    client = api_as(sam)
    assert listed(client.get(URL, {"unread": "true"})) == ["Urgent", "Mailed", "Plain"]
    assert listed(client.get(URL, {"unread": "false"})) == ["Settled"]
    assert listed(client.get(URL, {"kind": MAILED.code})) == ["Mailed"]
    assert listed(client.get(URL, {"level": "critical"})) == ["Mailed"]
    assert listed(client.get(URL, {"needs_action": "true"})) == ["Urgent"]
    assert listed(client.get(URL, {"needs_action": "false"})) == ["Settled", "Mailed", "Plain"]
    assert client.get(URL, {"level": "loud"}).status_code == 400
    assert client.get(URL, {"unread": "maybe"}).status_code == 400


def test_a_list_of_many_costs_as_many_queries_as_one_of_few(
    api_as, sam, django_assert_max_num_queries
):
    for number in range(30):
        told(sam, key=f"{number}", kind=URGENT, needs_action=True)
    client = api_as(sam)
    with django_assert_max_num_queries(4):
        client.get(URL, {"page_size": 30})


def test_marking_read_some_then_all_and_never_others(api_as, sam, sue):
    for number in range(3):
        told(sam, sue, key=f"{number}")
    his = Notification.objects.filter(recipient=sam)
    hers = Notification.objects.filter(recipient=sue).first()
    client = api_as(sam)
    some = {"ids": [str(his.first().public_id), str(hers.public_id)]}
    answer = client.post(f"{URL}mark-read/", some)
    assert answer.json()["data"] == {"marked": 1, "unread": 2}
    assert client.post(f"{URL}mark-read/", some).json()["data"] == {"marked": 0, "unread": 2}
    everything = client.post(f"{URL}mark-read/", {"all": True})
    assert everything.json()["data"] == {"marked": 2, "unread": 0}
    assert Notification.objects.filter(recipient=sue, read_at=None).count() == 3


@pytest.mark.parametrize(
    "body", [{}, {"ids": []}, {"ids": ["x"]}, {"all": False}, {"all": True, "ids": [str(NOW)]}]
)
def test_marking_needs_to_say_which(api_as, sam, body):
    told(sam)
    answer = api_as(sam).post(f"{URL}mark-read/", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")
    assert Notification.objects.filter(read_at=None).count() == 1


def test_the_queue_is_taken_given_back_and_resolved(api_as, sam, sue, mia):
    told(sam, kind=URGENT, title="Help", needs_action=True)
    alert = Alert.objects.get()
    at = f"{URL}alerts/{alert.public_id}/"
    assert listed(api_as(sam).get(f"{URL}alerts/")) == ["Help"]
    assert listed(api_as(sue).get(f"{URL}alerts/")) == []
    assert listed(api_as(mia).get(f"{URL}alerts/")) == ["Help"]  # a manager oversees
    assert api_as(sue).post(f"{at}acknowledge/").status_code == 404
    taken = api_as(mia).post(f"{at}acknowledge/").json()["data"]
    assert taken["acknowledged_by"] == {"id": str(mia.public_id), "name": "mia"}
    assert api_as(sam).post(f"{at}acknowledge/").status_code == 409
    assert api_as(sam).post(f"{at}release/").status_code == 403
    assert api_as(mia).post(f"{at}release/").status_code == 200
    assert api_as(sam).post(f"{at}resolve/", {"note": "Done."}).status_code == 200
    detail = api_as(sam).get(at).json()["data"]
    assert [(line["kind"], line["words"]) for line in detail["story"]] == [
        ("raised", "Told: sam"),
        ("acknowledged", ""),
        ("released", ""),
        ("resolved", "Done."),
    ]
    assert listed(api_as(sam).get(f"{URL}alerts/")) == []
    assert listed(api_as(sam).get(f"{URL}alerts/", {"state": "resolved"})) == ["Help"]


def test_preferences_of_mine_as_they_start_and_as_i_choose(api_as, sam, sue):
    client = api_as(sam)
    before = client.get(f"{URL}preferences/").json()["data"]
    by_kind = {row["kind"]: row for row in before["kinds"]}
    assert by_kind[MAILED.code]["mail"] == "at_once"
    assert before["hours"] == HOURS
    chosen = {"in_app": True, "live": False, "mail": "digest"}
    assert client.put(f"{URL}preferences/{MAILED.code}/", chosen).status_code == 200
    hours = HOURS | {"time_zone": "Asia/Kolkata", "quiet_from": "21:00", "quiet_until": "07:00"}
    assert client.put(f"{URL}hours/", hours).status_code == 200
    after = client.get(f"{URL}preferences/").json()["data"]
    assert {row["kind"]: row["mail"] for row in after["kinds"]}[MAILED.code] == "digest"
    assert after["hours"]["time_zone"] == "Asia/Kolkata"
    assert not Preference.objects.filter(user=sue).exists()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("preferences/no.such/", {"in_app": True, "live": True, "mail": "off"}, 404),
        (f"preferences/{MAILED.code}/", {"in_app": True, "live": True, "mail": "pigeon"}, 400),
        (f"preferences/{MAILED.code}/", {"mail": "off"}, 400),
        (
            "hours/",
            {"time_zone": "Mars", "digest_hour": 8, "quiet_from": None, "quiet_until": None},
            400,
        ),
        (
            "hours/",
            {"time_zone": "", "digest_hour": 24, "quiet_from": None, "quiet_until": None},
            400,
        ),
        (
            "hours/",
            {"time_zone": "", "digest_hour": 8, "quiet_from": "21:00", "quiet_until": None},
            400,
        ),
    ],
)
def test_what_cannot_be_chosen_is_refused_and_nothing_is_kept(api_as, sam, path, body, status):
    assert api_as(sam).put(URL + path, body).status_code == status
    assert not Preference.objects.exists()
    assert not Hours.objects.exists()


def test_a_buyer_stays_outside(api_as, bea):
    assert api_as(bea).get(URL).status_code == 403
