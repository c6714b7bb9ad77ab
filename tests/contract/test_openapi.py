"""The published schema: valid, complete, and the same under both roots."""

from __future__ import annotations

import json
import re
import warnings
from io import StringIO

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.urls import resolve
from openapi_spec_validator import validate

from tests.factories.leads import make_lead

PUBLIC = {
    "/api/auth/login/",
    "/api/auth/refresh/",
    "/api/integrations/events/{event_id}/",
    "/api/solar/estimate/",
    "/api/solar/incentives/",
    "/api/surveys/",
    "/api/site/events/",
    "/api/surveys/slots/",
    "/api/integrations/webhooks/emailjs/",
    "/api/integrations/webhooks/chatbot/",
    "/api/integrations/webhooks/calculator/",
    "/api/integrations/config/cohere-key/",
    "/api/conversations/messages/",
    "/api/conversations/{conversation_id}/messages/",
    "/api/conversations/{conversation_id}/survey/",
    "/api/conversations/{conversation_id}/transcript/",
    "/api/conversations/callback/",
    "/api/integrations/webhooks/mail-service/",  # each service proves itself in its own way
}

# What is answered as a file and bears no envelope.
FILES = {"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@pytest.fixture(scope="module")
def schema(django_db_setup, django_db_blocker) -> dict:
    """As `/api/schema/` serves it, made once for all tests here."""
    with django_db_blocker.unblock():
        answer = Client().get("/api/schema/")
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
            if status == "204":
                assert "content" not in answer, (path, method)
                continue
            if status == "200" and answer["content"].keys() <= FILES:
                continue
            body = answer["content"]["application/json"]["schema"]
            kind = "success" if status.startswith("2") else "error"
            assert body["properties"]["status"]["enum"] == [kind], (path, method, status)
        if "requestBody" in operation:
            assert {"400", "413", "415"} <= set(answers), (path, method)
        if "{" in path:
            assert "404" in answers, (path, method)


def test_every_act_says_that_it_may_conflict(schema) -> None:
    silent = [
        (path, method)
        for path, method, operation in operations(schema)
        if method != "get" and "409" not in operation["responses"]
    ]
    assert silent == []


def test_an_address_alone_gets_it_as_json(db, client) -> None:
    answer = client.get("/api/schema/?format=json", headers={"Accept": "text/html,*/*"})
    assert json.loads(answer.content)["openapi"].startswith("3.")


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
    assert not [path for path in schema["paths"] if path.startswith("/api/v1/")]
    for path in schema["paths"]:
        plain = re.sub(r"\{(\w+)\}", "01a21e26-8b53-7647-ba40-08808ddcb5f3", path)
        versioned = resolve(plain.replace("/api/", "/api/v1/", 1))
        assert versioned.func is resolve(plain).func, path


def test_every_operation_says_in_a_line_what_it_does(schema) -> None:
    for path, method, operation in operations(schema):
        assert 10 < len(operation.get("summary", "")) < 100, (path, method)


def test_every_operation_has_a_name_of_its_own(schema) -> None:
    names = [operation["operationId"] for _, _, operation in operations(schema)]
    assert len(names) == len(set(names))


def test_the_page_that_shows_it_loads_nothing_from_elsewhere(db, client) -> None:
    page = client.get("/api/docs/").content.decode()
    assert "http://" not in page.replace("http://testserver", "")
    assert "https://" not in page


def test_a_time_of_day_promises_no_zone(schema) -> None:
    """`format: time` is RFC 3339's, which wants an offset: our answers have none."""
    assert "'format': 'time'" not in str(schema)
    hours = schema["components"]["schemas"]["Hours"]["properties"]
    for time in ("22:00:00", "06:30", "17:47:09.5"):
        assert re.search(hours["quiet_from"]["pattern"], time), time
    assert not re.search(hours["quiet_from"]["pattern"], "24:00:00")


def test_the_examples_can_be_sent_as_they_stand(schema, api_as, mia) -> None:
    lead = make_lead()
    body = schema["paths"]["/api/leads/{lead_id}/"]["patch"]["requestBody"]["content"]
    examples = body["application/json"]["examples"].values()
    assert len(examples) == 3
    for example in examples:
        answer = api_as(mia).patch(f"/api/leads/{lead.public_id}/", example["value"])
        assert answer.status_code == 200, example
    body = schema["paths"]["/api/leads/"]["post"]["requestBody"]["content"]["application/json"]
    [example] = body["examples"].values()
    assert api_as(mia).post("/api/leads/", example["value"]).status_code == 201
