"""Exports: who may, what is in them, that no cell is a formula, and that it is written down."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from apps.leads.actions.exporting import leads_export
from apps.leads.export import COLUMNS, as_csv, lead_rows, safe_cell
from apps.leads.models import Lead, LeadExport
from apps.leads.purging import purge_searches
from apps.users.models import Role
from tests.factories.leads import make_lead
from tests.factories.users import make_user

URL = "/api/leads/export/"
NOW = datetime(2026, 11, 27, tzinfo=UTC)
# A promise: programs read these by name. New ones go to the end.
HEADER = (
    "id,status,score,tier,first_name,last_name,email,phone,company,market,territory,address,city,"
    "state,postal_code,property_type,ownership,roof_type,roof_age,shading,monthly_bill,currency,"
    "utility,estimated_capacity,timeline,decision_maker,credit_range,service_type,call_status,"
    "interest_level,priority_level,lost_reason,source,owner,utm_source,utm_campaign,created_at,"
    "updated_at"
)


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_columns_are_those_that_were_promised() -> None:
    assert ",".join(COLUMNS) == HEADER


def test_a_list_as_csv_narrowed_as_the_list_is(api_as, mia, sam) -> None:
    wanted = make_lead(monthly_bill=300, postal_code="10021", assigned_to=sam)
    make_lead(status="lost")
    answer = api_as(mia).get(URL, {"status": "new", "ordering": "-score"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    content = body(answer)
    assert content.startswith(b"\xef\xbb\xbf")
    [row] = table(content)
    assert row["id"] == str(wanted.public_id)
    assert (row["monthly_bill"], row["currency"], row["owner"]) == ("300.00", "USD", "sam")
    assert row["phone"] == wanted.phone


def test_the_same_as_excel(api_as, mia) -> None:
    make_lead(first_name="नेहा", last_name="Vert\x0bical", monthly_bill=300)
    content = body(api_as(mia).get(URL, {"format": "xlsx"}))
    sheet = load_workbook(io.BytesIO(content), read_only=True).active
    header, row = [list(cells) for cells in sheet.iter_rows(values_only=True)]
    assert header == list(COLUMNS)
    said = dict(zip(header, row, strict=True))
    assert (said["first_name"], said["score"], said["monthly_bill"]) == ("नेहा", 0, 300)


def test_what_an_export_was_narrowed_by_is_forgotten_after_a_year(client, mia) -> None:
    for days, filters in ((366, {"q": ["pat@example.com"]}), (366, {}), (364, {"q": ["neha"]})):
        LeadExport.objects.create(user=mia, file_format="csv", filters=filters, rows=1,
                                  created_at=NOW - timedelta(days=days))  # fmt: skip
    assert purge_searches(NOW) == 1
    assert purge_searches(NOW) == 0
    client.force_login(make_user("adam", role=Role.ADMIN))
    page = client.get(reverse("admin:leads_leadexport_changelist")).content.decode()
    assert "pat@example.com" not in page
    assert "forgotten: after a year" in page
    assert "All they may see" in page
    assert "q: neha" in page


def test_who_took_how_many_is_written_down(api_as, mia) -> None:
    from auditlog.models import LogEntry

    for _ in range(3):
        make_lead()
    body(api_as(mia).get(URL, {"search": "pat"}))
    export = LeadExport.objects.get()
    assert (export.user, export.rows, export.is_complete) == (mia, 3, True)
    assert export.filters == {"search": ["pat"]}
    entry = LogEntry.objects.get_for_object(export).get()
    assert "pat" not in str(entry.changes)


def test_an_export_that_is_broken_off_says_how_many_went(mia) -> None:
    for _ in range(3):
        make_lead()
    response = leads_export(Lead.objects.all(), file_format="csv", filters={}, actor=mia, now=NOW)
    pieces = iter(response.streaming_content)
    for _ in range(3):  # the mark, the header, one lead
        next(pieces)
    for close in response._resource_closers:  # what the server does when the other side is gone
        close()
    export = LeadExport.objects.get()
    assert (export.rows, export.is_complete) == (1, False)


@pytest.mark.parametrize("role", [Role.SALES, Role.SUPPORT, Role.ANALYST, Role.TECHNICIAN])
def test_who_may_not_export_gets_nothing(api_as, client, db, role) -> None:
    make_lead()
    user = make_user("nosy", role=role)
    assert api_as(user).get(URL).status_code == 403
    client.force_login(user)
    answer = client.get(reverse("admin:leads_lead_export_csv"))
    assert answer.status_code == 403
    assert not LeadExport.objects.exists()


def test_only_leads_one_may_see_go_out(api_as, sam, sue, db) -> None:
    from django.contrib.auth.models import Permission

    make_lead(assigned_to=sue)
    mine = make_lead(assigned_to=sam)
    sam.user_permissions.add(Permission.objects.get(codename="export_data"))
    rows = table(body(api_as(type(sam).objects.get(pk=sam.pk)).get(URL)))
    assert [row["id"] for row in rows] == [str(mine.public_id)]


@pytest.mark.parametrize("query", [{"format": "pdf"}, {"status": "nonsense"}])
def test_what_cannot_be_exported_is_refused(api_as, mia, query) -> None:
    assert api_as(mia).get(URL, query).status_code == 400
    assert not LeadExport.objects.exists()


def test_from_the_list_with_its_filters(client, mia) -> None:
    wanted = make_lead(status="contacted")
    make_lead()
    client.force_login(mia)
    page = client.get(reverse("admin:leads_lead_changelist"), {"status__in": "contacted"})
    address = f"{reverse('admin:leads_lead_export_csv')}?status__in=contacted"
    assert address in page.content.decode()
    assert [row["id"] for row in table(body(client.get(address)))] == [str(wanted.public_id)]


@given(st.text(max_size=20))
def test_no_text_begins_like_a_formula(text: str) -> None:
    cell = str(safe_cell(text))
    assert cell.removeprefix("'") == text or cell == text
    if text.strip(" ").startswith(("=", "@", "-", "\t", "\r")):
        assert cell.startswith("'")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("+12125550142", "+12125550142"),
        (-5, -5),
        ("Grace", "Grace"),
        (None, None),
    ],
)
def test_a_cell(value, cell) -> None:
    assert safe_cell(value) == cell


def test_a_hostile_name_arrives_harmless(mia) -> None:
    make_lead(first_name='=HYPERLINK("http://x")', last_name='a,"b"\nc')
    [row] = table(b"".join(as_csv(lead_rows(Lead.objects.all()))))
    assert row["first_name"] == '\'=HYPERLINK("http://x")'
    assert row["last_name"] == 'a,"b"\nc'


def test_however_many_there_are_the_database_is_asked_once(mia, django_assert_num_queries) -> None:
    for _ in range(5):
        make_lead()
    with django_assert_num_queries(1):
        assert len(list(lead_rows(Lead.objects.all()))) == 6
