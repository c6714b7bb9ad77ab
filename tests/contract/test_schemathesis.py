"""Every endpoint against its own schema, with requests nobody would think of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from rest_framework_simplejwt.tokens import RefreshToken
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from solar_crm.wsgi import application
from tests.factories.leads import make_lead

load_all_checks()
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def one_transaction(db) -> Iterator[None]:
    """Requests keep the connection of the test, as Django's own test client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def api_schema(one_transaction):
    make_lead(monthly_bill=400)
    return schemathesis.openapi.from_wsgi("/api/schema/", application).exclude(
        path_regex="^/api/v1/"  # the same views
    )


@pytest.fixture
def token(mia) -> str:
    return str(RefreshToken.for_user(mia).access_token)


@pytest.mark.soak
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_answer_is_as_published(api_schema, token: str, subtests) -> None:
    headers = {"Authorization": f"Bearer {token}", "Host": "localhost"}
    found = list(api_schema.get_all_operations())
    assert len(found) >= 14
    for result in found:
        operation = result.ok()

        @given(case=operation.as_strategy())
        @settings(max_examples=30, suppress_health_check=list(HealthCheck))
        def answers_as_published(case) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        with subtests.test(operation.label):
            answers_as_published()
