"""What every answer bears: an id, an envelope when it is an error, and a policy for browsers."""

from __future__ import annotations

import json
import logging

import pytest
from django.db import InterfaceError, OperationalError
from django.urls import reverse
from rest_framework.test import APIClient

from apps.core.errors import ServiceUnavailable
from apps.core.ids import new_id
from apps.leads.api import views as lead_views
from tests.factories.leads import make_lead

ROOTS = ["/api/", "/api/v1/"]


def login(api, root: str = "/api/", **options):
    return api.post(f"{root}auth/login/", {"username": "nobody", "password": "x"}, **options)


@pytest.fixture
def unbreakable() -> APIClient:
    """A client that is answered like any other when something breaks."""
    return APIClient(raise_request_exception=False)


@pytest.fixture
def breaking(monkeypatch):
    """Make the list of leads raise."""

    def prepare(error: Exception) -> None:
        def broken(*args, **kwargs):
            raise error

        monkeypatch.setattr(lead_views, "leads_visible_to", broken)

    return prepare


# --- ids -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("offered", ["abcd1234", "A.b_c-" + "9" * 58])
def test_a_sound_request_id_is_kept(offered: str, db, client) -> None:
    assert client.get("/health/", headers={"X-Request-ID": offered})["X-Request-ID"] == offered


@pytest.mark.parametrize(
    "offered", ["", "short", "x" * 65, "with space", 'a"b\\c{}12', "a\nb345678"]
)
def test_an_unsound_request_id_is_replaced(offered: str, db, client) -> None:
    given = client.get("/health/", headers={"X-Request-ID": offered})["X-Request-ID"]
    assert given != offered
    assert len(given) == 36


@pytest.mark.parametrize("url", ["/health/", "/api/nothing/", "/api/leads/", "/", "/admin/login/"])
def test_every_answer_bears_an_id_and_no_two_the_same(url: str, db, client) -> None:
    one, other = client.get(url)["X-Request-ID"], client.get(url)["X-Request-ID"]
    assert one
    assert one != other


def test_a_crash_bears_an_id_and_shows_no_trace(unbreakable, breaking, mia) -> None:
    breaking(KeyError("inner secret"))
    unbreakable.force_authenticate(mia)
    answer = unbreakable.get("/api/leads/", headers={"X-Request-ID": "crash-12345"})
    assert answer.status_code == 500
    assert answer["X-Request-ID"] == "crash-12345"
    assert answer.json()["error"]["code"] == "INTERNAL_ERROR"
    assert "secret" not in answer.content.decode()


def test_the_line_of_a_request_has_its_id_and_its_pattern(db, client, caplog, monkeypatch) -> None:
    lines = []

    class Lines(logging.Handler):
        def emit(self, record):
            lines.append(json.loads(formatter.format(record)))

    console = logging.getLogger().handlers[0]
    formatter = console.formatter
    keeper = Lines()
    keeper.addFilter(console.filters[0])
    logging.getLogger("http.request").addHandler(keeper)
    try:
        client.get(
            f"/api/leads/{new_id()}/?search=ana@example.com", headers={"X-Request-ID": "log-1234"}
        )
    finally:
        logging.getLogger("http.request").removeHandler(keeper)
    [line] = lines
    assert line["request_id"] == "log-1234"
    assert (line["method"], line["status"]) == ("GET", 401)
    assert line["route"] == "/api/leads/<uuid:lead_id>/"
    assert "ana@" not in json.dumps(line)


# --- envelopes -----------------------------------------------------------------------------------


def refusal(answer) -> tuple[int, str]:
    """Status and code of an answer, whose envelope is the one of DESIGN, whole."""
    body = json.loads(answer.content)
    assert set(body) == {"status", "error", "timestamp"}
    assert set(body["error"]) == {"code", "message", "details"}
    assert body["status"] == "error"
    assert body["error"]["message"]
    assert isinstance(body["error"]["details"], dict)
    assert body["timestamp"].endswith("Z")
    assert answer["Content-Type"].startswith("application/json")
    assert answer["X-Request-ID"]
    return answer.status_code, body["error"]["code"]


@pytest.mark.parametrize("path", ["/api", "/api/nothing/", "/webhook", "/webhook/nothing"])
def test_an_address_that_leads_nowhere(path: str, db, client) -> None:
    assert refusal(client.get(path)) == (404, "NOT_FOUND")


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/v1/leads"])
def test_who_leaves_out_the_slash_is_sent_on_with_what_they_brought(path: str, db, client) -> None:
    answer = client.post(f"{path}?a=1", "{}", content_type="application/json")
    assert (answer.status_code, answer["Location"]) == (308, f"{path}/?a=1")


def test_a_page_takes_no_nul(client, mia) -> None:
    lead = make_lead()
    client.force_login(mia)
    note = reverse("admin:leads_lead_do", args=[lead.pk, "note"])
    for answer in (
        client.post(note, {"text": "a\0b"}),
        client.get(reverse("admin:leads_lead_export_csv"), {"q": "\0"}),
        client.get(f"{reverse('admin:leads_lead_changelist')}?q=%00"),
    ):
        assert answer.status_code == 400
        assert "text/html" in answer["Content-Type"]
    assert not lead.activities.filter(kind="note").exists()


def test_a_page_that_is_not_there_says_so(mia, api) -> None:
    api.force_authenticate(mia)
    answer = api.get("/api/leads/?page=9")
    assert refusal(answer) == (404, "NOT_FOUND")
    assert answer.json()["error"]["message"] == "There is no such page."


@pytest.mark.parametrize("root", ROOTS)
def test_not_valid(root, db, api) -> None:
    answer = api.post(f"{root}auth/login/", {"password": "x"}, format="json")
    assert refusal(answer) == (400, "VALIDATION_ERROR")
    assert list(answer.json()["error"]["details"]) == ["username"]


@pytest.mark.parametrize(
    "body", ["{", "[]", "nonsense", '{"a": NaN}', "\ud800".encode("utf-8", "surrogatepass")]
)
def test_not_json(body, db, api) -> None:
    answer = api.generic("POST", "/api/auth/login/", body, content_type="application/json")
    assert refusal(answer) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("root", ROOTS)
def test_not_signed_in(root, db, api) -> None:
    answer = api.get(f"{root}leads/")
    assert refusal(answer) == (401, "AUTHENTICATION_REQUIRED")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    api.credentials(HTTP_AUTHORIZATION="Bearer nonsense")
    assert refusal(api.get(f"{root}leads/")) == (401, "AUTHENTICATION_REQUIRED")


@pytest.mark.parametrize("root", ROOTS)
def test_not_allowed(root, bea, api_as) -> None:
    assert refusal(api_as(bea).get(f"{root}leads/")) == (403, "PERMISSION_DENIED")


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_not_there(root, method, db, api) -> None:
    assert refusal(getattr(api, method)(f"{root}nothing/here/")) == (404, "NOT_FOUND")


def test_a_row_that_is_not_there(mia, api_as) -> None:
    assert refusal(api_as(mia).get(f"/api/leads/{new_id()}/")) == (404, "NOT_FOUND")
    assert refusal(api_as(mia).get("/api/leads/?page=99")) == (404, "NOT_FOUND")


@pytest.mark.parametrize("root", ROOTS)
def test_another_method(root, db, api) -> None:
    answer = api.get(f"{root}auth/login/")
    assert refusal(answer) == (405, "METHOD_NOT_ALLOWED")
    assert "POST" in answer["Allow"]


def test_too_large(db, api, settings, mia, api_as) -> None:
    body = json.dumps({"username": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    to_sign_in = api.generic("POST", "/api/auth/login/", body, content_type="application/json")
    assert refusal(to_sign_in) == (413, "PAYLOAD_TOO_LARGE")
    with_key = api_as(mia).generic(
        "POST", "/api/leads/", body,
        content_type="application/json", headers={"Idempotency-Key": "k"},
    )  # fmt: skip
    assert refusal(with_key) == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("kind", ["text/xml", "multipart/form-data; boundary=x", "nonsense"])
def test_another_kind_of_body(kind, db, api) -> None:
    answer = api.generic("POST", "/api/auth/login/", "a=b", content_type=kind)
    assert refusal(answer) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense", "image/*;q=0"])
def test_whoever_asks_for_something_else_gets_json(accept, db, api) -> None:
    answer = api.get("/api/leads/", headers={"Accept": accept})
    assert refusal(answer) == (401, "AUTHENTICATION_REQUIRED")


@pytest.mark.parametrize(
    "error", [OperationalError("away"), InterfaceError("closed"), ServiceUnavailable()]
)
def test_a_database_that_is_away_is_503_and_come_back(error, unbreakable, breaking, mia) -> None:
    breaking(error)
    unbreakable.force_authenticate(mia)
    answer = unbreakable.get("/api/leads/")
    assert refusal(answer) == (503, "SERVICE_UNAVAILABLE")
    assert int(answer["Retry-After"]) >= 1
    assert "away" not in answer.content.decode()


def test_a_host_we_do_not_serve(db, api) -> None:
    answer = api.get("/api/leads/", headers={"Host": "evil.example"})
    assert refusal(answer) == (400, "VALIDATION_ERROR")


def test_a_success_is_wrapped_once(sam, api_as) -> None:
    body = api_as(sam).get("/api/auth/user/").json()
    assert set(body) == {"status", "data", "timestamp"}
    assert body["data"]["username"] == "sam"


def test_an_endpoint_without_its_slash_is_found(db, client) -> None:
    assert client.get("/api/leads")["Location"] == "/api/leads/"


# --- policies ------------------------------------------------------------------------------------


def policy(answer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in parts}


@pytest.mark.parametrize("url", ["/", "/api/leads/", "/api/nothing"])
def test_the_public_side_runs_nothing_inline(url: str, db) -> None:
    found = policy(APIClient(raise_request_exception=False).get(url))
    assert "unsafe" not in str(found)
    assert found["default-src"] == "'self'"
    assert (found["object-src"], found["frame-ancestors"]) == ("'none'", "'none'")


def test_the_admin_has_what_its_theme_needs_and_no_inline_scripts(db, client) -> None:
    found = policy(client.get("/admin/login/"))
    assert "'unsafe-eval'" in found["script-src"]
    assert "'unsafe-inline'" not in found["script-src"]
    assert found["connect-src"] == "'self'"


def test_other_headers_for_browsers(db, client) -> None:
    answer = client.get("/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin"
