"""Forgetting on time: what is past it goes, the rest stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken
from rest_framework_simplejwt.tokens import RefreshToken

from apps.core import purging
from apps.core.models import IdempotentAnswer, OutboxMessage
from apps.core.purging import purge_everything


def ago(**span) -> object:
    return timezone.now() - timedelta(**span)


def test_done_messages_go_after_a_week_and_others_never(db) -> None:
    for key, state, done_at in [
        ("old", "done", ago(days=7, minutes=1)),
        ("fresh", "done", ago(days=6)),
        ("dead", "dead", None),
        ("waiting", "pending", None),
    ]:
        OutboxMessage.objects.create(
            topic="t", handler="h", key=key, state=state, done_at=done_at, created_at=ago(days=90)
        )
    assert purge_everything()["outbox"] == 1
    assert set(OutboxMessage.objects.values_list("key", flat=True)) == {"fresh", "dead", "waiting"}


def test_kept_answers_go_after_three_days(db) -> None:
    for key, hours in [("old", 73), ("fresh", 71)]:
        IdempotentAnswer.objects.create(
            caller="c", key=key, request_digest="", created_at=ago(hours=hours)
        )
    assert purge_everything()["idempotent answers"] == 1
    assert IdempotentAnswer.objects.get().key == "fresh"


def test_tokens_and_sessions_go_when_they_are_too_old_to_be_used(sam) -> None:
    RefreshToken.for_user(sam)
    RefreshToken.for_user(sam).blacklist()
    old = OutstandingToken.objects.last()
    OutstandingToken.objects.filter(pk=old.pk).update(expires_at=ago(minutes=1))
    Session.objects.create(session_key="old", session_data="", expire_date=ago(minutes=1))
    Session.objects.create(session_key="new", session_data="", expire_date=ago(minutes=-1))
    purge_everything()
    assert OutstandingToken.objects.count() == 1
    assert not OutstandingToken.objects.filter(pk=old.pk).exists()
    assert Session.objects.get().session_key == "new"


def test_purging_again_removes_nothing(db) -> None:
    purge_everything()
    assert set(purge_everything().values()) == {0}


def test_one_failure_does_not_keep_the_others_from_forgetting(db, monkeypatch) -> None:
    def broken(now):
        raise KeyError("bug")

    monkeypatch.setattr(purging, "_purgers", {"broken": broken, **purging._purgers})
    OutboxMessage.objects.create(
        topic="t", handler="h", key="old", state="done", done_at=ago(days=8)
    )
    with pytest.raises(KeyError, match="bug"):
        purge_everything()
    assert not OutboxMessage.objects.exists()
