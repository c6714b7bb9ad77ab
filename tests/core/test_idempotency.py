"""The same key and body get the same answer; everything else is refused or forgotten."""

from __future__ import annotations

import json
from datetime import timedelta
from threading import Event

import pytest
import time_machine
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from apps.core.errors import InvalidInput
from apps.core.idempotency import idempotent
from apps.core.models import IdempotentAnswer
from tests.together import together


@pytest.fixture
def creating(sam):
    """A view that creates; `calls` counts how often, `answers` may hold what it does instead."""

    class Creating(APIView):
        throttle_classes = ()
        calls = 0
        answers: list = []

        @idempotent
        def post(self, request) -> Response:
            type(self).calls += 1
            if self.answers:
                answer = self.answers.pop(0)
                if isinstance(answer, Exception):
                    raise answer
                return answer
            return Response({"number": self.calls, "at": timezone.now()}, status=201)

    def post(body: object = None, key: str = "k", user=sam, path: str = "/x/") -> Response:
        headers = {"Idempotency-Key": key} if key else {}
        request = APIRequestFactory().post(path, body or {"a": 1}, format="json", headers=headers)
        force_authenticate(request, user)
        return Creating.as_view()(request).render()

    Creating.answers = []
    post.view = Creating
    return post


def test_the_same_key_and_body_get_the_first_answer_again(creating) -> None:
    first, again = creating(), creating()
    assert (first.status_code, again.status_code) == (201, 201)
    assert json.loads(again.content)["data"] == json.loads(first.content)["data"]
    assert creating.view.calls == 1


def test_another_body_is_refused(creating) -> None:
    creating({"a": 1})
    refused = creating({"a": 2})
    assert refused.status_code == 409
    assert json.loads(refused.content)["error"]["code"] == "CONFLICT"
    assert creating.view.calls == 1


def test_both_ways_to_an_address_are_one(creating) -> None:
    first, again = creating(path="/api/leads/"), creating(path="/api/v1/leads/")
    assert (first.data["number"], again.data["number"]) == (1, 1)
    assert creating(path="/api/leads/1/notes/").status_code == 409


def test_another_key_is_another_request(creating) -> None:
    assert creating(key="k").data != creating(key="l").data
    assert creating.view.calls == 2


def test_keys_of_two_people_do_not_meet(creating, sue) -> None:
    creating()
    creating(user=sue)
    assert creating.view.calls == 2


def test_without_a_key_nothing_is_kept(creating) -> None:
    creating(key="")
    creating(key="")
    assert creating.view.calls == 2
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.parametrize("status", [409, 429, 500, 503])
def test_an_answer_meant_to_be_retried_is_not_kept(status: int, creating) -> None:
    creating.view.answers = [Response({}, status=status)]
    assert creating().status_code == status
    assert not IdempotentAnswer.objects.exists()
    assert creating().status_code == 201


def test_a_refusal_that_would_be_the_same_again_is_kept(creating) -> None:
    creating.view.answers = [Response({}, status=422)]
    assert [creating().status_code, creating().status_code] == [422, 422]
    assert creating.view.calls == 1


@pytest.mark.parametrize("error", [InvalidInput("no"), KeyError("bug")])
def test_a_key_is_free_again_after_an_error(error: Exception, creating) -> None:
    creating.view.answers = [error]
    assert creating().status_code in {400, 500}
    assert not IdempotentAnswer.objects.exists()
    assert creating().status_code == 201


def test_in_flight_is_refused_and_says_when_to_come_back(creating) -> None:
    creating()
    IdempotentAnswer.objects.update(status=None, body=None)
    refused = creating()
    assert (refused.status_code, refused["Retry-After"]) == (409, "2")
    assert creating.view.calls == 1


def test_a_request_whose_process_died_is_taken_over_after_a_minute(creating) -> None:
    creating()
    IdempotentAnswer.objects.update(status=None, body=None)
    began = IdempotentAnswer.objects.get().created_at
    with time_machine.travel(began + timedelta(seconds=59), tick=False):
        assert creating().status_code == 409
    with time_machine.travel(began + timedelta(seconds=61), tick=False):
        assert creating().status_code == 201
        assert creating().status_code == 201
    assert creating.view.calls == 2  # the first, and the one that took over


@pytest.mark.parametrize(("length", "status"), [(200, 201), (201, 400)])
def test_a_key_has_a_length(length: int, status: int, creating) -> None:
    assert creating(key="x" * length).status_code == status
    assert creating.view.calls == (status == 201)


def test_a_key_with_bytes_the_database_refuses_is_cleaned(creating) -> None:
    assert creating(key="a\x00b").status_code == 201
    assert creating(key="a\x00b").status_code == 201
    assert creating.view.calls == 1


def test_two_at_once_create_once(transactional_db, creating, monkeypatch) -> None:
    other_is_answered = Event()

    def post(self, request):
        other_is_answered.wait(10)
        type(self).calls += 1
        return Response({"number": self.calls}, status=201)

    def create() -> int:
        response = creating()
        other_is_answered.set()
        return response.status_code

    monkeypatch.setattr(creating.view, "post", idempotent(post))
    assert sorted(together(create, create)) == [201, 409]
    assert creating.view.calls == 1


def test_control_without_the_key_two_at_once_create_twice(transactional_db, creating) -> None:
    together(lambda: creating(key=""), lambda: creating(key=""))
    assert creating.view.calls == 2
