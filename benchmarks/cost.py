"""What one request and one journey cost in SQL statements and commits, counted in this process."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.core import outbox
from apps.intake.actions import RECORDED

_TRANSACTION_WORDS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True)
class Cost:
    """Statements without those that only open and close transactions; commits of both kinds."""

    statements: int
    commits: int
    milliseconds: float


def door_cost(payload: dict[str, Any]) -> tuple[Cost, str]:
    """The cost of one request to the door, and the event it became."""
    client = Client()
    with CaptureQueriesContext(connection) as captured:
        began = time.perf_counter()
        response = client.post(
            "/api/integrations/webhooks/emailjs/", json.dumps(payload), "application/json"
        )
        took = time.perf_counter() - began
    return _cost(captured, took), response.json()["data"]["event_id"]


def journey_cost(event_id: str) -> Cost:
    """The cost of one whole journey, from the outbox to the assigned lead."""
    with CaptureQueriesContext(connection) as captured:
        began = time.perf_counter()
        outbox.deliver_now(RECORDED, key=event_id)
        took = time.perf_counter() - began
    return _cost(captured, took)


def _cost(captured: CaptureQueriesContext, took: float) -> Cost:
    words = [query["sql"].split(maxsplit=1)[0].upper() for query in captured.captured_queries]
    in_transaction, commits = False, 0
    for word in words:
        if word == "BEGIN":
            in_transaction = True
        elif word == "COMMIT":
            in_transaction, commits = False, commits + 1
        elif not in_transaction and word in {"INSERT", "UPDATE", "DELETE"}:
            commits += 1  # a write of its own commits by itself
    statements = sum(1 for word in words if word not in _TRANSACTION_WORDS)
    return Cost(statements, commits, round(took * 1000, 2))
