"""The published schema: valid, complete, and the same under both roots."""

from __future__ import annotations

import warnings
from io import StringIO

import pytest
import yaml
from django.core.management import call_command
from openapi_spec_validator import validate

PUBLIC = {
    "/api/auth/login/",
    "/api/auth/refresh/",
    "/api/integrations/events/{event_id}/",
    "/api/solar/estimate/",
    "/api/solar/incentives/",
    "/api/integrations/webhooks/emailjs/",
    "/api/integrations/webhooks/chatbot/",
    "/api/integrations/webhooks/calculator/",
}


@pytest.fixture
def schema(db, client) -> dict:
    answer = client.get("/api/schema/")
    assert answer.status_code == 200
    return yaml.safe_load(answer.content)


def operations(schema: dict) -> list[tuple[str, str, dict]]:
    return [
        (path, method, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_is_valid_openapi(schema) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the validator's own
        validate(schema)


def test_it_is_made_without_a_warning() -> None:
    published = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=published)
    assert published.getvalue().startswith("openapi: 3.")


def test_every_operation_says_its_errors_in_our_envelope(schema) -> None:
    for path, method, operation in operations(schema):
        answers = operation["responses"]
        assert {"429", "503"} <= set(answers), (path, method)
        assert any(status.startswith("2") for status in answers), (path, method)
        for status, answer in answers.items():
            body = answer["content"]["application/json"]["schema"]
            kind = "success" if status.startswith("2") else "error"
            assert body["properties"]["status"]["enum"] == [kind], (path, method, status)
        if "requestBody" in operation:
            assert {"400", "413", "415"} <= set(answers), (path, method)
        if "{" in path:
            assert "404" in answers, (path, method)


def test_what_needs_a_sign_in_says_so(schema) -> None:
    assert schema["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for path, method, operation in operations(schema):
        needs = [need for need in operation.get("security", []) if need]
        assert bool(needs) is (path.replace("/v1/", "/") not in PUBLIC), (path, method)
        if needs:
            assert "401" in operation["responses"], (path, method)


def test_the_vendors_door_says_its_key(schema) -> None:
    operation = schema["paths"]["/api/integrations/webhooks/leads/"]["post"]
    assert {"sourceKey": []} in operation["security"]
    assert schema["components"]["securitySchemes"]["sourceKey"]["name"] == "X-API-Key"


def test_v1_is_the_same_thing(schema) -> None:
    def without_names(operation: dict) -> dict:
        return {k: v for k, v in operation.items() if k not in {"operationId", "tags"}}

    plain = {p: m for p, m in schema["paths"].items() if not p.startswith("/api/v1/")}
    versioned = {p: m for p, m in schema["paths"].items() if p.startswith("/api/v1/")}
    assert {path.replace("/api/v1/", "/api/", 1) for path in versioned} == set(plain)
    for path, methods in versioned.items():
        twin = plain[path.replace("/api/v1/", "/api/", 1)]
        assert {m: without_names(o) for m, o in methods.items()} == {
            m: without_names(o) for m, o in twin.items()
        }


def test_every_operation_has_a_name_of_its_own(schema) -> None:
    names = [operation["operationId"] for _, _, operation in operations(schema)]
    assert len(names) == len(set(names))


def test_the_page_that_shows_it_loads_nothing_from_elsewhere(db, client) -> None:
    page = client.get("/api/docs/").content.decode()
    assert "http://" not in page.replace("http://testserver", "")
    assert "https://" not in page
