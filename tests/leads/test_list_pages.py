"""Pages of lists: what they cost whatever is on them, and what an empty one says."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin.views.main import ChangeList
from django.test import Client

from apps.users.models import User
from solar_crm.settings import addresses
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db

LIST = "/admin/leads/lead/?view=all"


@pytest.fixture
def page(client: Client, mia: User, sam: User):
    client.force_login(mia)
    make_lead(assigned_to=sam)

    def page() -> None:
        assert client.get(LIST).status_code == 200

    page()  # what is remembered
    return page


def test_a_fuller_list_asks_no_more_queries(page, sam: User, django_assert_num_queries) -> None:
    for _ in range(2):
        with django_assert_num_queries(22):
            page()
        for _ in range(8):
            make_lead(assigned_to=sam, postal_code="11201", monthly_bill=200)


def test_the_heads_of_a_list_are_worked_out_once(page, monkeypatch: pytest.MonkeyPatch) -> None:
    links: list[object] = []
    make_link = ChangeList.get_query_string

    def counted(self: ChangeList, *args: object, **kwargs: object) -> str:
        links.append(args)
        return make_link(self, *args, **kwargs)

    monkeypatch.setattr(ChangeList, "get_query_string", counted)
    page()
    with_one_row = len(links)
    for _ in range(8):
        make_lead()
    page()
    assert len(links) == 2 * with_one_row


def test_the_addresses_of_the_menu_are_looked_up_once(page) -> None:
    before = addresses._reversed.cache_info()
    page()
    after = addresses._reversed.cache_info()
    assert after.misses == before.misses
    assert after.hits > before.hits


def test_each_row_has_a_box_of_its_own(client: Client, mia: User) -> None:
    leads = [make_lead() for _ in range(3)]
    client.force_login(mia)
    boxes = re.findall(
        r'<input type="checkbox" name="_selected_action" value="([^"]*)"',
        client.get(LIST).content.decode(),
    )
    assert sorted(boxes) == sorted(str(lead.pk) for lead in leads)


def test_an_empty_list_says_what_would_fill_it(client: Client, mia: User) -> None:
    client.force_login(mia)
    alerts = client.get("/admin/notifications/alert/").content.decode()
    assert "Nothing needs a person now." in alerts
    assert "Nothing fits" not in alerts
    narrowed = client.get("/admin/leads/lead/", {"q": "nobody"}).content.decode()
    assert "Nothing fits what the list is narrowed to." in narrowed
