"""Saved views: tabs of the list that people keep, share and open with."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from django.utils import timezone

from apps.core.errors import InvalidInput, NotFound, PermissionRefused
from apps.leads.actions.views import view_change, view_delete, view_save
from apps.leads.models import Lead, SavedView
from apps.leads.saved_views import view_opening, views_of
from apps.leads.view_parameters import parameters_read
from apps.users.models import User
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db

LIST = "/admin/leads/lead/"
NEW = {"status__in": ["new"]}


def save(owner: User, name: str = "New ones", **fields) -> SavedView:
    return view_save(owner=owner, name=name, parameters=NEW, now=timezone.now(), **fields)


def tabs(client: Client, **asked: str) -> dict[str, str]:
    """The count of each tab by its name."""
    page = client.get(LIST, asked or {"view": "all"}).content.decode()
    found = re.findall(r'<a class="sc-tab( sc-tab--here)?"[^>]*>(.*?)</a>', page, re.S)
    counts = {}
    for is_here, words in found:
        text = html.unescape(re.sub(r"<[^>]+>", " ", words)).split()
        count = text.pop() if re.fullmatch(r"\d+\+?", text[-1]) else ""
        name = " ".join(word for word in text if word != "group")
        counts[("*" if is_here else "") + name] = count
    return counts


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ({"status__in": ["new"], "p": ["3"], "view": ["x"], "e": ["1"]}, NEW),
        ({"q": [" smith "], "o": ["-2.3"]}, {"o": ["-2.3"], "q": [" smith "]}),
        ({"assigned": "me", "q": ""}, {"assigned": ["me"]}),
    ],
)
def test_what_is_kept_of_an_address(stated: dict, kept: dict) -> None:
    assert parameters_read(stated) == kept


def test_what_is_too_much_is_refused() -> None:
    for stated in ({"q": ["x" * 301]}, {str(number): ["1"] for number in range(31)}):
        with pytest.raises(InvalidInput):
            parameters_read(stated)


def test_the_list_shows_tabs_with_counts_and_which_one_is_open(client: Client, sam, sue) -> None:
    make_lead(assigned_to=sam)
    make_lead(assigned_to=sam, status="contacted")
    make_lead(assigned_to=sue)
    make_lead()
    view = save(sam)
    client.force_login(sam)
    assert tabs(client) == {
        "*All": "",
        "Mine": "2",
        "Nobody's": "1",
        "New": "2",
        "Premium": "0",
        "New ones": "2",
    }
    assert "*New" in tabs(client, status__in="new")
    assert "*New ones" in tabs(client, status__in="new", view=str(view.public_id))


def test_one_click_keeps_the_list_as_it_is(client: Client, sam: User) -> None:
    make_lead(first_name="Brooke", assigned_to=sam)
    Lead.objects.update(tier="premium")
    client.force_login(sam)
    answer = client.post(
        f"{LIST}views/save/",
        {
            "name": " Hot ",
            "kept": "tier__in=premium&tier__in=standard&p=2&q=brook",
            "columns": ["status_mark", "bill", "password"],
            "is_default": "1",
        },
    )
    view = SavedView.objects.get()
    assert (view.owner, view.name, view.is_default, view.is_shared) == (sam, "Hot", True, False)
    assert view.parameters == {"q": ["brook"], "tier__in": ["premium", "standard"]}
    assert view.columns == ["status_mark", "bill"]
    page = client.get(answer["Location"]).content.decode()
    assert "field-bill" in page
    assert "field-owner" not in page


def test_the_list_opens_with_ones_own_default_else_with_that_of_the_role(
    client: Client, mia: User, sam: User
) -> None:
    client.force_login(sam)
    assert client.get(LIST).status_code == 200
    for_sales = save(mia, "For sales", default_for="sales")
    assert str(for_sales.public_id) in client.get(LIST)["Location"]
    mine = save(sam, "Mine first", is_default=True)
    assert str(mine.public_id) in client.get(LIST)["Location"]
    assert client.get(LIST, {"view": "all"}).status_code == 200
    assert view_opening(mia) is None
    assert [str(view) for view in views_of(sam)] == ["Mine first", "For sales"]


def test_there_is_one_default_and_one_for_each_role(mia: User, sam: User) -> None:
    first, second = save(sam, "A", is_default=True), save(sam, "B", is_default=True)
    first.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True)
    one, other = save(mia, "A", default_for="sales"), save(mia, "B", default_for="sales")
    one.refresh_from_db()
    assert (one.default_for, one.is_shared, other.default_for) == ("", True, "sales")


def test_the_same_name_replaces_and_another_of_the_same_name_is_refused(sam: User) -> None:
    view, other = save(sam), save(sam, "Other")
    again = view_save(owner=sam, name="New ones", parameters={}, now=timezone.now())
    assert (again.pk, again.parameters) == (view.pk, {})
    with pytest.raises(InvalidInput):
        view_change(other.public_id, owner=sam, name="New ones")
    other.refresh_from_db()
    assert other.name == "Other"


def test_nobody_changes_or_shares_what_is_not_theirs_to(mia: User, sam: User, sue: User) -> None:
    view = save(sam)
    for refused in (
        lambda: view_change(view.public_id, owner=sue, name="Hers"),
        lambda: view_delete(view.public_id, owner=mia),
    ):
        with pytest.raises(NotFound):
            refused()
    for shared in ({"is_shared": True}, {"default_for": "sales"}):
        with pytest.raises(PermissionRefused):
            save(sam, "Shared", **shared)
    assert list(SavedView.objects.values_list("name", "is_shared")) == [("New ones", False)]


def test_views_are_renamed_and_deleted_in_the_list(client: Client, sam: User) -> None:
    view = save(sam)
    client.force_login(sam)
    client.post(f"{LIST}views/edit/", {"view": view.public_id, "name": "Fresh"})
    assert SavedView.objects.get().name == "Fresh"
    client.post(f"{LIST}views/edit/", {"view": view.public_id, "name": ""})
    assert SavedView.objects.get().name == "Fresh"
    client.post(f"{LIST}views/edit/", {"view": "nothing", "delete": "1"})
    assert SavedView.objects.count() == 1
    client.post(f"{LIST}views/edit/", {"view": view.public_id, "delete": "1"})
    assert not SavedView.objects.exists()


def test_a_view_the_list_no_longer_understands_is_still_a_tab(client: Client, sam: User) -> None:
    view_save(owner=sam, name="Old", parameters={"gone": ["1"]}, now=timezone.now())
    client.force_login(sam)
    assert tabs(client)["Old"] == ""


def test_the_api_keeps_changes_and_deletes_views(api_as, sam: User) -> None:
    api = api_as(sam)
    made = api.post(
        "/api/leads/views/",
        {"name": "Late", "parameters": {"assigned": ["me"]}, "columns": ["bill"]},
        format="json",
    )
    assert made.status_code == 201
    view = made.json()["data"]
    assert view["link"] == f"{LIST}?assigned=me&view={view['id']}"
    address = f"/api/leads/views/{view['id']}/"
    assert api.patch(address, {"is_default": True}, format="json").json()["data"]["is_default"]
    assert api.get("/api/leads/views/").json()["data"]["count"] == 1
    bad = api.patch(address, {"columns": ["password"]}, format="json")
    assert (bad.status_code, SavedView.objects.get().columns) == (400, ["bill"])
    shared = api.patch(address, {"is_shared": True}, format="json")
    assert (shared.status_code, SavedView.objects.get().is_shared) == (403, False)
    assert api.delete(address).status_code == 200
    assert not SavedView.objects.exists()
