"""Signing in, staying signed in, and being signed out for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.test import Client
from rest_framework.test import APIClient
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from apps.users.models import User
from apps.users.selectors import user_by_login
from tests.factories.users import PASSWORD, make_user


def sign_in(api: APIClient, name: str = "sam", password: str = PASSWORD, field: str = "username"):
    return api.post("/api/auth/login/", {field: name, "password": password}, format="json")


def tokens(api: APIClient, **given) -> dict:
    return sign_in(api, **given).json()["data"]


def bearer(access: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("username", "sam"),
        ("username", "SAM"),
        ("username", " sam "),
        ("username", "sam@example.com"),
        ("email", "Sam@Example.COM"),
    ],
)
def test_by_name_or_mail_in_any_case(field: str, name: str, sam, api) -> None:
    answer = sign_in(api, name, field=field)
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert set(data) == {"access", "refresh", "user"}
    assert (data["user"]["id"], data["user"]["role"]) == (str(sam.public_id), "sales")
    assert "password" not in data["user"]
    sam.refresh_from_db()
    assert sam.last_login is not None


@pytest.mark.parametrize("nothing", ["", None])
def test_a_form_may_send_the_field_that_was_not_filled(nothing: str | None, sam, api) -> None:
    for body in (
        {"username": "sam", "email": nothing},
        {"username": nothing, "email": "sam@example.com"},
    ):
        stated = body | {"password": PASSWORD}
        assert api.post("/api/auth/login/", stated, format="json").status_code == 200
    neither = {"username": nothing, "email": nothing, "password": PASSWORD}
    assert api.post("/api/auth/login/", neither, format="json").status_code == 400


def test_two_people_cannot_differ_by_case_alone(sam) -> None:
    for fields in ({"username": "Sam"}, {"username": "other", "email": "SAM@example.com"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create(**fields)


def test_a_user_name_goes_before_the_same_mail_of_another(sam) -> None:
    named_like_a_mail = make_user("x")
    User.objects.filter(pk=named_like_a_mail.pk).update(username="sam@example.com")
    assert user_by_login("sam@example.com") == named_like_a_mail


def test_every_wrong_way_is_refused_in_the_same_words(sam, sue, api) -> None:
    User.objects.filter(pk=sue.pk).update(is_active=False)
    refusals = [
        sign_in(api, "sam", "wrong"),
        sign_in(api, "nobody", PASSWORD),
        sign_in(api, "sue", PASSWORD),  # not active
    ]
    assert [answer.status_code for answer in refusals] == [401] * 3
    assert len({answer.json()["error"]["message"] for answer in refusals}) == 1
    assert not OutstandingToken.objects.exists()


@pytest.mark.parametrize(
    "body",
    [{}, {"username": "sam"}, {"password": "x"}, {"username": "", "password": "x"},
     {"username": ["sam"], "password": {"a": 1}}, {"username": "x" * 300, "password": "x"},
     {"username": "a\x00", "password": "\x00"}],
)  # fmt: skip
def test_what_is_no_sign_in_is_not_valid(body: dict, sam, api) -> None:
    answer = api.post("/api/auth/login/", body, format="json")
    assert answer.status_code in {400, 401}
    assert not OutstandingToken.objects.exists()


def test_nobody_takes_as_long_as_a_wrong_password(sam, monkeypatch) -> None:
    hashed = []
    from django.contrib.auth.hashers import MD5PasswordHasher

    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args)
    )
    authenticate(None, username="sam", password="wrong")
    one_wrong = len(hashed)
    authenticate(None, username="nobody", password="wrong")
    assert (one_wrong, len(hashed) - one_wrong) == (1, 1)


def test_an_empty_password_is_nobodys(sam) -> None:
    assert authenticate(None, username="sam", password="") is None
    assert authenticate(None, username="sam", password=None) is None
    assert authenticate(None, username="", password=PASSWORD) is None


def test_a_refresh_token_is_spent_by_using_it(sam, api) -> None:
    first = tokens(api)["refresh"]
    answer = api.post("/api/auth/refresh/", {"refresh": first})
    assert answer.status_code == 200
    second = answer.json()["data"]
    assert second["refresh"] != first
    assert bearer(second["access"]).get("/api/auth/user/").status_code == 200
    refused = api.post("/api/auth/refresh/", {"refresh": first})
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "AUTHENTICATION_REQUIRED"
    assert api.post("/api/auth/refresh/", {"refresh": second["refresh"]}).status_code == 200


def test_a_refresh_token_lasts_a_week_and_an_access_token_an_hour(sam, api) -> None:
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        pair = tokens(api)
        clock.shift(timedelta(minutes=59))
        assert bearer(pair["access"]).get("/api/auth/user/").status_code == 200
        clock.shift(timedelta(minutes=2))
        assert bearer(pair["access"]).get("/api/auth/user/").status_code == 401
        clock.shift(timedelta(days=7))
        assert api.post("/api/auth/refresh/", {"refresh": pair["refresh"]}).status_code == 401


@pytest.mark.parametrize("what", ["deactivated", "deleted"])
def test_somebody_who_left_gets_no_new_token(what: str, sam, api) -> None:
    pair = tokens(api)
    if what == "deleted":
        sam.delete()
    else:
        User.objects.filter(pk=sam.pk).update(is_active=False)
    assert api.post("/api/auth/refresh/", {"refresh": pair["refresh"]}).status_code == 401
    assert bearer(pair["access"]).get("/api/auth/user/").status_code == 401


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", None, 7])
def test_nonsense_is_no_refresh_token(token, db, api) -> None:
    answer = api.post("/api/auth/refresh/", {"refresh": token}, format="json")
    assert answer.status_code in {400, 401}


def test_an_access_token_is_no_refresh_token_and_the_other_way_round(sam, api) -> None:
    pair = tokens(api)
    assert api.post("/api/auth/refresh/", {"refresh": pair["access"]}).status_code == 401
    assert bearer(pair["refresh"]).get("/api/auth/user/").status_code == 401


def test_signing_out_revokes_and_can_be_repeated(sam, api) -> None:
    pair = tokens(api)
    me = bearer(pair["access"])
    for _ in range(2):
        answer = me.post("/api/auth/logout/", {"refresh": pair["refresh"]})
        assert (answer.status_code, answer.json()["data"]) == (200, None)
    assert BlacklistedToken.objects.count() == 1
    assert api.post("/api/auth/refresh/", {"refresh": pair["refresh"]}).status_code == 401


def test_signing_out_of_one_place_leaves_the_others(sam, api) -> None:
    here, there = tokens(api), tokens(api)
    bearer(here["access"]).post("/api/auth/logout/", {"refresh": here["refresh"]})
    assert api.post("/api/auth/refresh/", {"refresh": there["refresh"]}).status_code == 200


def test_signing_out_with_a_worthless_token_is_fine(sam, api_as) -> None:
    assert api_as(sam).post("/api/auth/logout/", {"refresh": "nonsense"}).status_code == 200
    assert api_as(sam).post("/api/auth/logout/", {}).status_code == 400


def test_signing_out_with_the_access_token_is_no_signing_out(sam, api) -> None:
    here = tokens(api)
    wrong = bearer(here["access"]).post("/api/auth/logout/", {"refresh": here["access"]})
    assert (wrong.status_code, set(wrong.json()["error"]["details"])) == (400, {"refresh"})
    assert api.post("/api/auth/refresh/", {"refresh": here["refresh"]}).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_of_a_token_may_be_written_in_any_case(scheme: str, sam, api) -> None:
    token = f"{scheme} {tokens(api)['access']}"
    assert api.get("/api/auth/verify/", headers={"Authorization": token}).status_code == 200


def test_who_is_refused_is_told_what_to_send(sam, api) -> None:
    answers = [
        api.get("/api/auth/verify/"),
        bearer("nonsense").get("/api/auth/verify/"),
        api.get("/api/auth/verify/", headers={"X-API-Key": "nonsense"}),
    ]
    words = [answer.json()["error"]["message"] for answer in answers]
    assert words == [
        "Sign in first.",
        "This token is wrong, revoked or too old.",
        "This key is wrong, revoked or too old.",
    ]
    assert {answer["WWW-Authenticate"] for answer in answers} == {'Bearer realm="api"'}


def test_verify_and_user_say_who_i_am(sam, api) -> None:
    me = bearer(tokens(api)["access"])
    assert me.get("/api/auth/verify/").json()["data"]["valid"] is True
    user = me.get("/api/auth/user/").json()["data"]
    assert user["username"] == "sam"
    assert "leads.view_lead" in user["permissions"]
    assert "users.manage_leads" not in user["permissions"]


@pytest.mark.parametrize("path", ["verify", "user"])
def test_strangers_are_nobody(path: str, db, api) -> None:
    assert api.get(f"/api/auth/{path}/").status_code == 401
    assert bearer("nonsense").get(f"/api/auth/{path}/").status_code == 401


# --- limits --------------------------------------------------------------------------------------


@pytest.fixture
def two_failures(settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"login": "2/m"}


def attempt(name: str, password: str, address: str) -> int:
    return APIClient(REMOTE_ADDR=address).post(
        "/api/auth/login/", {"username": name, "password": password}, format="json"
    ).status_code  # fmt: skip


def test_an_account_is_closed_to_every_address_and_by_every_name(two_failures, sam, sue) -> None:
    assert attempt("sam", "wrong", "203.0.113.1") == 401
    assert attempt("SAM@example.com", "wrong", "203.0.113.2") == 401
    for name in ("sam", "sam@example.com", "Sam"):
        assert attempt(name, PASSWORD, "203.0.113.3") == 429
    assert attempt("sue", PASSWORD, "203.0.113.3") == 200


def test_an_address_is_closed_to_every_account(two_failures, sam, sue) -> None:
    assert attempt("nobody", "wrong", "203.0.113.1") == 401
    assert attempt("nobody-else", "wrong", "203.0.113.1") == 401
    assert attempt("sue", PASSWORD, "203.0.113.1") == 429
    assert attempt("sue", PASSWORD, "203.0.113.2") == 200


def test_only_failures_count(two_failures, sam) -> None:
    assert [attempt("sam", PASSWORD, "203.0.113.1") for _ in range(6)] == [200] * 6


def test_the_wait_is_said_and_ends(two_failures, sam, api) -> None:
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        sign_in(api, password="wrong")
        sign_in(api, password="wrong")
        refused = sign_in(api)
        assert refused.status_code == 429
        clock.shift(int(refused["Retry-After"]) + 1)
        assert sign_in(api).status_code == 200


def enter(client: Client, password: str, name: str = "sam"):
    return client.post("/admin/login/?next=/admin/", {"username": name, "password": password})


def test_the_admin_and_the_api_count_together(two_failures, sam, client) -> None:
    assert enter(client, "wrong").status_code == 200
    assert attempt("sam", "wrong", "203.0.113.9") == 401
    answer = enter(client, PASSWORD)
    assert answer.status_code == 200
    assert b"Too many failed attempts" in answer.content
    assert "_auth_user_id" not in client.session
    assert attempt("sam", PASSWORD, "203.0.113.9") == 429


def test_the_admin_lets_staff_in_by_name_or_mail(sam, client) -> None:
    assert enter(client, PASSWORD, "SAM@example.com")["Location"] == "/admin/"


def test_the_admin_is_closed_to_buyers(bea, client) -> None:
    answer = enter(client, PASSWORD, "bea")
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_new_password_ends_what_was_signed_in_with_the_old_one(sam, api) -> None:
    before = tokens(api)
    assert bearer(before["access"]).get("/api/auth/user/").status_code == 200
    sam.set_password("another-horse-battery")
    sam.save()
    assert bearer(before["access"]).get("/api/auth/user/").status_code == 401
    renewed = api.post("/api/auth/refresh/", {"refresh": before["refresh"]}, format="json")
    access = renewed.json().get("data", {}).get("access", "none")
    assert bearer(access).get("/api/auth/user/").status_code == 401
