"""The table of `role_matrix.py` holds, and leaves no address out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.test import APIClient

from apps.users.actions import user_apply_role
from apps.users.models import Role, User
from solar_crm.routing import sockets
from tests.architecture.role_matrix import (
    ADMIN,
    ADMIN_OBJECTS,
    API,
    CALLERS,
    NOBODYS,
    OBJECTS,
    OTHERS,
    OWN,
    PAGES,
    SOCKETS,
    STAFF,
    Row,
    Scene,
)
from tests.sockets import Listener, cookie_of, play

TABLE = "tests/architecture/role_matrix.py"
# Of Django's admin itself: signing in and out, and words for scripts; the rest is `PAGES`.
_DJANGOS = {"login", "logout", "jsi18n", "autocomplete", "view_on_site", "app_list", None}
_OF_A_MODEL = re.compile(r"[a-z0-9]+_[a-z]+_(changelist|add|history|delete|change)")
_METHODS = ("get", "post", "put", "patch", "delete")
_GAP = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


def _addresses(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[Any]:
    for pattern in patterns:
        route = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, route)
        else:
            yield route, pattern


def _methods(pattern: URLPattern) -> list[str]:
    by_viewset = getattr(pattern.callback, "actions", None)
    if by_viewset:
        return [method.upper() for method in by_viewset]
    view = getattr(pattern.callback, "view_class", None) or pattern.callback.cls
    return [method.upper() for method in _METHODS if hasattr(view, method)]


def _api_endpoints() -> set[tuple[str, str]]:
    """Method and route of every endpoint; the doors' addresses without a slash are no others."""
    return {
        (method, route.removeprefix("api/"))
        for route, pattern in _addresses(get_resolver().url_patterns)
        if route.startswith(("api/", "webhook/")) and not route.startswith("api/v1/")
        if "^" not in route
        for method in _methods(pattern)
    }


def _admin_addresses() -> set[str]:
    """Routes of the admin that are not a model's own five pages; buttons one by one."""
    found = set()
    for route, pattern in _addresses(admin.site.urls[0]):
        name = pattern.name
        if name not in _DJANGOS and not _OF_A_MODEL.fullmatch(name):
            found.add(route)
    buttons = {
        f"{model._meta.app_label}/{model._meta.model_name}/<int:key>/do/{button.name}/"
        for model, page in admin.site._registry.items()
        for button in getattr(page, "buttons", ())
    }
    return {route for route in found if "<slug:name>" not in route} | buttons


# --- completeness ---------------------------------------------------------------------------------


def test_every_endpoint_has_its_row() -> None:
    rows = {(row.method, row.route) for row in API}
    found = _api_endpoints()
    missing = [f"{method} {route}" for method, route in sorted(found - rows)]
    assert not missing, f"Say who may call it: a row in API of {TABLE} for {', '.join(missing)}"
    assert not rows - found, f"{TABLE} has rows for what is not there: {sorted(rows - found)}"


def test_an_endpoint_of_a_lead_says_whose() -> None:
    wanted = {OWN, OTHERS, NOBODYS}
    for rows, name in ((API, "<uuid:lead_id>"), (ADMIN, "leads/lead/<")):
        stated: dict[tuple[str, str], set] = {}
        for row in rows:
            if name in row.route:
                stated.setdefault((row.method, row.route), set()).add(row.of)
        incomplete = [key for key, whose in stated.items() if whose != wanted]
        assert not incomplete, f"{TABLE}: OWN, OTHERS and NOBODYS for each of {incomplete}"


def test_every_page_of_a_model_has_its_line() -> None:
    models = {model._meta.label_lower for model in admin.site._registry}
    missing = sorted(models - set(PAGES))
    assert not missing, f"Say who may open it: a line in PAGES of {TABLE} for {', '.join(missing)}"
    assert not set(PAGES) - models, f"{TABLE} has lines for pages that are not there."


def test_every_other_address_of_the_admin_has_its_row() -> None:
    rows = {row.route for row in ADMIN if not row.route.endswith("/change/")}
    found = _admin_addresses()
    missing = sorted(found - rows)
    assert not missing, f"Say who may call it: a row in ADMIN of {TABLE} for {', '.join(missing)}"
    assert not rows - found, f"{TABLE} has rows for what is not there: {sorted(rows - found)}"


# --- the table holds ------------------------------------------------------------------------------


@pytest.fixture
def cast(db) -> dict[str, User | None]:
    """One person of each role, and a colleague; the anonymous caller is nobody."""
    people = {name: User(username=name, role=name) for name in CALLERS[1:]}
    people["colleague"] = User(username="colleague", role=Role.SALES)
    for user in people.values():
        user_apply_role(user)
    User.objects.bulk_create(people.values())  # at once: every line of the table asks for them
    return {"anonymous": None} | people


def _differences(row: Row, cast, call) -> list[str]:
    """What each caller gets instead, each with a world of their own that is rolled back."""
    found = []
    is_open = len(set(row.statuses)) == 1
    for caller, wanted in zip(CALLERS, row.statuses, strict=True):
        if is_open and caller not in {"anonymous", "admin"}:
            continue  # the same for all: two of them tell
        with transaction.atomic():
            scene = Scene(cast[caller], row.of, cast["colleague"])
            status = call(scene)
            transaction.set_rollback(True)
        if status != wanted:
            found.append(f"{caller}: {status} instead of {wanted}")
    return found


@pytest.mark.parametrize("row", API, ids=str)
def test_the_api(row: Row, cast) -> None:
    def call(scene: Scene) -> int:
        client = APIClient()
        if scene.caller is not None:
            client.force_authenticate(scene.caller)
        path = _GAP.sub(lambda gap: str(OBJECTS[gap["name"]](scene)), row.route)
        body = row.body(scene) if callable(row.body) else row.body
        path = path if path.startswith("webhook/") else f"api/{path}"
        return client.generic(
            row.method, f"/{path}", APIClient()._encode_data(body, "json")[0], "application/json"
        ).status_code

    assert _differences(row, cast, call) == []


@pytest.mark.parametrize("row", ADMIN, ids=str)
def test_the_admin(row: Row, cast) -> None:
    label = ".".join(row.route.split("/")[:2])

    def call(scene: Scene) -> int:
        client = Client()
        if scene.caller is not None:
            client.force_login(scene.caller)
        path = _GAP.sub(lambda _: str(ADMIN_OBJECTS[label](scene)), row.route)
        body = row.body(scene) if callable(row.body) else row.body
        return getattr(client, row.method.lower())(f"/admin/{path}", body).status_code

    assert _differences(row, cast, call) == []


@pytest.mark.parametrize("model", PAGES)
def test_the_pages(model: str, cast, rf) -> None:
    """What is closed is knocked at; what is open, `tests/pages` opens."""
    page = next(p for m, p in admin.site._registry.items() if m._meta.label_lower == model)
    words = {"view": "changelist", "add": "add", "change": "", "delete": ""}
    found = {}
    for role in STAFF:
        request = rf.get("/")
        request.user = cast[role]
        may = {word: getattr(page, f"has_{word}_permission")(request) for word in words}
        found[role] = "".join(word[0] if yes else "-" for word, yes in may.items())
        client = Client()
        client.force_login(cast[role])
        for word, name in words.items():
            if name and not may[word]:
                closed = client.get(reverse(f"admin:{model.replace('.', '_')}_{name}"))
                assert closed.status_code == 403, (role, name)
    assert found == dict(zip(STAFF, PAGES[model].split(), strict=True))


@pytest.mark.parametrize("model", PAGES)
def test_the_pages_are_closed_to_those_outside(model: str, bea, client: Client) -> None:
    for login in (None, bea):
        if login is not None:
            client.force_login(login)
        for page in ("changelist", "add"):
            answer = client.get(reverse(f"admin:{model.replace('.', '_')}_{page}"))
            assert (answer.status_code, "/login/" in answer["Location"]) == (302, True)


def _socket_routes() -> set[str]:
    """Every socket but the last, which is where all other paths end."""
    with_slash = (str(route.pattern).strip("^$").replace("/?", "/") for route in sockets.routes)
    return {route for route in with_slash if route}


def test_every_socket_has_its_row() -> None:
    rows, found = {row.route for row in SOCKETS}, _socket_routes()
    missing = sorted(found - rows)
    assert not missing, f"Say who is let in: a row in SOCKETS of {TABLE} for {', '.join(missing)}"
    assert not rows - found, f"{TABLE} has rows for what is not there: {sorted(rows - found)}"


@pytest.mark.slow
@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("row", SOCKETS, ids=str)
def test_the_sockets(row: Row, cast) -> None:
    cookies = {name: cookie_of(cast[name]) if cast[name] else "" for name in CALLERS}

    async def status(name: str) -> int:
        listener = Listener(f"/{row.route}", cookie=cookies[name])
        await listener.enter()
        try:
            event = await listener.receive_output(timeout=1)
        except TimeoutError:
            return 101  # open, and with nothing to say
        await listener.leave()
        return int(event["code"]) - 4000 if event["type"] == "websocket.close" else 101

    async def scenario() -> list[int]:
        return [await status(name) for name in CALLERS]

    assert dict(zip(CALLERS, play(scenario), strict=True)) == dict(
        zip(CALLERS, row.statuses, strict=True)
    )
