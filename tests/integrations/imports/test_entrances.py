"""Imports by the pages and by the API."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.integrations import tasks
from apps.integrations.imports.models import Import
from apps.integrations.imports.running import import_advance
from apps.leads.models import Lead

HOSTILE = "<script>alert(1)</script>"
TEXT = f"Name,Mail,Note\nGrace,grace@example.com,{HOSTILE}\nBad,=1+1,\n"
API = "/api/leads/import/"


@pytest.fixture(autouse=True)
def handed_over(monkeypatch) -> list[int]:
    """Imports that were handed to a worker."""
    handed: list[int] = []
    monkeypatch.setattr(
        tasks.advance_import, "apply_async", lambda args, **options: handed.extend(args)
    )
    return handed


def file(text: str = TEXT) -> SimpleUploadedFile:
    return SimpleUploadedFile("fair.csv", text.encode(), content_type="text/csv")


def page(found: Import, what: str = "") -> str:
    if what:
        return reverse("admin:integrations_import_do", args=[found.pk, what])
    return reverse("admin:integrations_import_change", args=[found.pk])


def run(found: Import) -> None:
    while import_advance(found.pk):
        pass


def test_from_the_upload_to_the_result(client, mia, handed_over) -> None:
    client.force_login(mia)
    added = reverse("admin:integrations_import_add")
    assert client.get(added).status_code == 200
    uploaded = client.post(added, {"file": file(), "market": "nyc"})
    found = Import.objects.get()
    assert uploaded.url == page(found)
    shown = client.get(page(found)).content.decode()
    assert "is no e-mail address" in shown
    assert HOSTILE not in shown
    chosen = {"column_0": "name", "column_1": "email", "column_2": "message"}
    client.post(page(found, "look"), chosen)
    found.refresh_from_db()
    assert found.mapping == {"0": "name", "1": "email", "2": "message"}
    refused = client.post(page(found, "begin"), chosen, follow=True)
    assert b"known by" in refused.content
    client.post(page(found, "begin"), chosen | {"source": "Fair", "on_known": "update"})
    assert handed_over == [found.pk]
    assert b"import.js" in client.get(page(found)).content
    progress = reverse("admin:integrations_import_progress", args=[found.pk])
    assert client.get(progress).json()["settled"] == 0
    run(found)
    assert client.get(progress).json() | {"x": 0} == {
        "state": "done", "total": 2, "created": 1, "updated": 0, "skipped": 0, "failed": 1,
        "settled": 2, "percent": 100, "x": 0,
    }  # fmt: skip
    result = client.get(page(found)).content.decode()
    assert "Not taken in" in result
    assert HOSTILE not in result
    failures = client.get(reverse("admin:integrations_import_failures", args=[found.pk]))
    rows = list(csv.DictReader(io.StringIO(b"".join(failures).decode("utf-8-sig"))))
    assert rows == [
        {
            "Name": "Bad",
            "Mail": "'=1+1",
            "Note": "",
            "line": "3",
            "problem": "“=1+1” is no e-mail address",
        }
    ]


def test_what_was_stopped_goes_on(client, mia, handed_over) -> None:
    client.force_login(mia)
    client.post(reverse("admin:integrations_import_add"), {"file": file(), "market": "nyc"})
    found = Import.objects.get()
    chosen = {"column_1": "email", "source": "Fair"}
    client.post(page(found, "begin"), chosen)
    client.post(page(found, "cancel"))
    assert b"Go on" in client.get(page(found)).content
    run(found)
    assert not Lead.objects.exists()
    client.post(page(found, "begin"))
    run(found)
    assert Lead.objects.count() == 1


def test_a_file_that_is_none_is_said_on_the_page(client, mia) -> None:
    client.force_login(mia)
    answer = client.post(
        reverse("admin:integrations_import_add"), {"file": file("a@b.com,x\n"), "market": "nyc"}
    )
    assert b"must name the columns" in answer.content
    assert not Import.objects.exists()


def test_columns_nobody_can_name_can_be_chosen(client, mia) -> None:
    client.force_login(mia)
    text = "x,y\n(718) 762-0142,1\n"
    client.post(reverse("admin:integrations_import_add"), {"file": file(text), "market": "nyc"})
    found = Import.objects.get()
    assert b"Say which column holds" in client.get(page(found)).content
    client.post(page(found, "look"), {"column_0": "phone"})
    assert b"+1 718-762-0142" in client.get(page(found)).content


def test_by_the_api_look_then_commit_then_ask(api_as, mia, handed_over) -> None:
    client = api_as(mia)
    looked = client.post(API, {"file": file(), "market": "nyc"}, format="multipart")
    assert looked.status_code == 201, looked.content
    data = looked.json()["data"]
    assert data["file"]["mapping"]["Mail"] == "email"
    assert [row["outcome"] for row in data["rows"]] == ["create", "fail"]
    body = {"import_id": data["file"]["id"], "mapping": {"Mail": "email", "Note": "message"}}
    again = client.post(API, body | {"commit": False}, format="json")
    assert again.json()["data"]["file"]["mapping"] == body["mapping"]
    assert client.post(API, body, format="json").status_code == 400  # of which source?
    begun = client.post(API, body | {"source": "Fair"}, format="json", HTTP_IDEMPOTENCY_KEY="i")
    assert begun.status_code == 202, begun.content
    repeated = client.post(API, body | {"source": "Fair"}, format="json", HTTP_IDEMPOTENCY_KEY="i")
    assert repeated.json()["data"] == begun.json()["data"]
    [key] = handed_over
    run(Import.objects.get(pk=key))
    progress = client.get(f"{API}{data['file']['id']}/").json()["data"]
    counts = [progress[name] for name in ("state", "created", "failed")]
    assert counts == ["done", 1, 1]
    failures = b"".join(client.get(f"{API}{data['file']['id']}/failures/").streaming_content)
    assert b"is no e-mail address" in failures
    assert client.post(f"{API}{data['file']['id']}/cancel/").status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"import_id": "x"},
        {"mapping": {"Nothing": "email"}},
        {"mapping": {"Mail": "shoe"}, "source": "Fair"},
    ],
)
def test_what_cannot_be_meant(api_as, mia, handed_over, body) -> None:
    client = api_as(mia)
    looked = client.post(API, {"file": file()}, format="multipart").json()["data"]
    if "mapping" in body:
        body = body | {"import_id": looked["file"]["id"]}
    assert client.post(API, body, format="json").status_code == 400
    assert (handed_over, Import.objects.get().state) == ([], "draft")


def test_no_file_and_no_such_import(api_as, mia) -> None:
    client = api_as(mia)
    assert client.post(API, {}, format="multipart").status_code == 400
    nobody = "0192f000-0000-7000-8000-000000000000"
    assert client.get(f"{API}{nobody}/").status_code == 404
    assert client.post(API, {"import_id": nobody}, format="json").status_code == 404


def test_the_rows_of_old_files_are_forgotten(mia, client) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from apps.integrations.imports.purging import purge_import_rows

    client.force_login(mia)
    client.post(reverse("admin:integrations_import_add"), {"file": file(), "market": "nyc"})
    client.post(reverse("admin:integrations_import_add"), {"file": file(), "market": "nyc"})
    draft, done = Import.objects.order_by("pk")
    Import.objects.filter(pk=done.pk).update(state="done", finished_at=timezone.now())
    purge_import_rows(timezone.now() + timedelta(days=6))
    assert draft.rows.count() == done.rows.count() == 2
    purge_import_rows(timezone.now() + timedelta(days=31))
    done.refresh_from_db()
    assert (done.total, done.rows.count()) == (2, 0)
    assert not Import.objects.filter(pk=draft.pk).exists()
