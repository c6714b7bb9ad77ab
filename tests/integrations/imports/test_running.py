"""A file is taken in: right counts, each row once, whatever dies on the way."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.contacts.models import Consent
from apps.core.errors import Conflict, InvalidInput, PayloadTooLarge, PermissionRefused
from apps.intake.models import InboundEvent, LeadSource
from apps.integrations.imports import running
from apps.integrations.imports.actions import (
    import_begin,
    import_cancel,
    import_configure,
    import_upload,
)
from apps.integrations.imports.failures import failed_rows_csv
from apps.integrations.imports.models import Import, ImportRow
from apps.integrations.imports.plans import preview_of
from apps.integrations.imports.running import import_advance, imports_waiting
from apps.leads.models import Lead
from apps.pipeline.models import Journey
from tests.factories.leads import make_lead

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
COUNTS = ("created", "updated", "skipped", "failed")


def upload(actor, text: str, **options) -> Import:
    options = {"file_name": "fair.csv", "market": "nyc", "now": NOW} | options
    return import_upload(text.encode(), actor=actor, **options)


def begin(actor, text: str, **options) -> Import:
    found = upload(actor, text)
    if options:
        import_configure(found.public_id, actor=actor, **options)
    return import_begin(found.public_id, source="Spring fair", actor=actor, now=NOW)


def run(found: Import) -> Import:
    while import_advance(found.pk):
        pass
    found.refresh_from_db()
    return found


def counts(found: Import) -> tuple[int, ...]:
    found.refresh_from_db()
    return tuple(getattr(found, name) for name in COUNTS)


def people(number: int, first: int = 0) -> str:
    lines = [f"P{n},p{n}@example.com,1002{n % 10}" for n in range(first, first + number)]
    return "name,email,zip\n" + "\n".join(lines) + "\n"


def test_every_row_walks_the_same_road(mia) -> None:
    found = run(begin(mia, people(3)))
    assert (found.state, counts(found)) == ("done", (3, 0, 0, 0))
    lead = Lead.objects.get(email="p1@example.com")
    assert (lead.source.name, lead.source.kind) == ("Spring fair", "import")
    assert lead.score > 0
    assert Journey.objects.filter(state="done").count() == InboundEvent.objects.count() == 3
    assert set(ImportRow.objects.values_list("lead__email", flat=True)) == set(
        Lead.objects.values_list("email", flat=True)
    )


def test_the_counts_say_what_became_of_each(mia) -> None:
    make_lead(email="p0@example.com")
    found = run(begin(mia, people(3) + "Bad,not an address,\nP1,p1@example.com,11215\n"))
    assert counts(found) == (2, 2, 0, 1)
    assert Lead.objects.get(email="p1@example.com").postal_code == "11215"
    [bad] = found.rows.filter(state="failed")
    assert (bad.number, bad.reason) == (5, "“not an address” is no e-mail address")
    assert not InboundEvent.objects.filter(body__contains=b"not an address").exists()


def test_who_is_known_can_be_left_alone(mia) -> None:
    known = make_lead(email="p0@example.com", phone="")
    found = run(begin(mia, people(2), on_known="skip"))
    assert counts(found) == (1, 0, 1, 0)
    assert found.rows.get(state="skipped").lead == known
    assert not known.activities.filter(kind="inbound").exists()


def test_the_preview_takes_nothing_in_and_tells_the_same(mia) -> None:
    make_lead(email="p0@example.com")
    found = upload(mia, people(2) + "X,x,\nP1,P1@example.com,\n")
    preview = preview_of(found)
    assert preview.counts == {"update": 2, "create": 1, "fail": 1}
    assert preview.rows[0].understood == "p0@example.com · 10020"
    assert (preview.rows[2].person, preview.rows[2].understood) == ("X", "")
    assert preview.rows[0].notes == ("Has an open lead already",)
    assert preview.rows[3].notes == ("The same person as in line 3",)
    assert preview.rows[2].problems == ("“x” is no e-mail address",)
    assert Lead.objects.count() == 1
    assert not InboundEvent.objects.exists()


def test_the_preview_asks_as_often_for_a_hundred_rows(mia, django_assert_max_num_queries) -> None:
    found = upload(mia, people(150))
    with django_assert_max_num_queries(6):
        assert len(preview_of(found).rows) == 100


def test_owner_and_consent_of_the_file(mia, sam) -> None:
    text = (
        "name,email,owner,consent,consent text,consent channels,consent date\n"
        "Ann,ann@example.com,sam,yes,Call me.,call,2026-01-02\n"
        "Bob,bob@example.com,,yes,,,\n"
    )
    run(begin(mia, text))
    ann = Lead.objects.get(email="ann@example.com")
    assert ann.assigned_to == sam
    line = Consent.objects.get()
    assert (line.contact, line.wording) == (ann.contact, "Call me.")
    assert (line.occurred_at.date().isoformat(), line.ip_address) == ("2026-01-02", None)
    bob = ImportRow.objects.get(lead__email="bob@example.com")
    assert "no consent is written down" in bob.reason


def test_an_owner_of_whose_name_there_are_two_is_a_row_to_mend(mia, sam, sue) -> None:
    type(sam).objects.filter(pk__in=[sam.pk, sue.pk]).update(first_name="Sam", last_name="Lee")
    found = begin(mia, "name,email,Sales rep\nAnn,ann@x.com,Sam Lee\nBob,bob@x.com,sue\n")
    assert preview_of(found).counts == {"fail": 1, "create": 1}
    assert counts(run(found)) == (1, 0, 0, 1)
    row = found.rows.get(state="failed")
    assert (row.number, row.reason) == (
        2,
        "“Sam Lee” in “Sales rep” is the name of 2: write the e-mail instead",
    )
    assert b"ann@x.com" in b"".join(failed_rows_csv(found))
    assert Lead.objects.get().assigned_to == sue


def test_two_columns_of_one_name_both_arrive(mia) -> None:
    found = upload(mia, "email,Note,Note\nann@x.com,roof,garden\n")
    assert found.columns == ["email", "Note", "Note (2)"]
    run(import_begin(found.public_id, source="Fair", actor=mia, now=NOW))
    assert Lead.objects.get().original_data["other_columns"] == {
        "Note": "roof",
        "Note (2)": "garden",
    }


@pytest.mark.parametrize("place", ["_record", "_note_arrival", "_settle"])
def test_a_worker_that_dies_anywhere_leaves_each_row_once(mia, monkeypatch, place) -> None:
    class Killed(BaseException):
        pass

    found = begin(mia, people(6) + "Bad,x,\n")
    whole, deaths = getattr(running, place), iter([2, 4])
    state = {"calls": 0, "next": next(deaths)}

    def dying(*args, **kwargs):
        state["calls"] += 1
        if state["calls"] == state["next"]:
            state["next"] = next(deaths, 0)
            raise Killed
        return whole(*args, **kwargs)

    monkeypatch.setattr(running, place, dying)
    for _ in range(20):
        try:
            while import_advance(found.pk):
                pass
        except Killed:
            # Nobody waits for its lease here.
            Import.objects.update(claimed_at=timezone.now() - timedelta(minutes=5))
    found.refresh_from_db()
    assert (found.state, counts(found)) == ("done", (6, 0, 0, 1))
    assert Lead.objects.count() == InboundEvent.objects.count() == 6


def test_a_row_recorded_by_a_dead_worker_is_not_taken_for_known(mia, monkeypatch) -> None:
    """Its own lead is there when the next worker comes; leaving known ones alone is not meant."""
    found = begin(mia, people(1), on_known="skip")
    monkeypatch.setattr(running, "_note_arrival", lambda row: False)  # died before it was noted
    import_advance(found.pk)
    monkeypatch.undo()
    run(found)
    assert counts(found) == (1, 0, 0, 0)


def test_one_worker_at_a_time_until_its_lease_lapses(mia, settings) -> None:
    found = begin(mia, people(1))
    Import.objects.update(claimed_at=timezone.now())
    assert import_advance(found.pk) is False
    assert counts(found) == (0, 0, 0, 0)
    assert imports_waiting(timezone.now()) == []
    lapsed = timezone.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS + 1)
    assert imports_waiting(lapsed) == [found.pk]


def test_a_row_is_counted_once_although_two_workers_are_on_it(mia) -> None:
    found = begin(mia, people(1))
    row = found.rows.get()
    for _ in range(2):
        running._settle(row, "created", "")
    assert counts(found) == (1, 0, 0, 0)


def test_what_is_still_on_the_road_is_asked_again(mia, monkeypatch) -> None:
    found = begin(mia, people(1))
    monkeypatch.setattr(running.outbox, "deliver_now", lambda *args, **options: None)
    assert import_advance(found.pk) is False  # nothing moves: whoever sweeps comes again
    found.refresh_from_db()
    assert (found.state, found.claimed_at) == ("running", None)
    monkeypatch.undo()
    assert run(found).state == "done"
    assert counts(found) == (1, 0, 0, 0)


def test_stopped_and_gone_on(mia, monkeypatch) -> None:
    found = begin(mia, people(4))
    monkeypatch.setattr(running, "_ROWS_AT_ONCE", 2)
    import_advance(found.pk)
    import_cancel(found.public_id, actor=mia)
    assert import_advance(found.pk) is False
    assert counts(found) == (2, 0, 0, 0)
    with pytest.raises(Conflict):
        import_cancel(found.public_id, actor=mia)
    import_begin(found.public_id, source="", actor=mia, now=NOW)
    assert counts(run(found)) == (4, 0, 0, 0)
    with pytest.raises(Conflict, match="done"):
        import_begin(found.public_id, source="", actor=mia, now=NOW)


def test_stopping_is_heard_after_the_rows_in_hand(mia, monkeypatch) -> None:
    found = begin(mia, people(5))
    take = running._take

    def then_stop(found, row, *args):
        if row.number == 2:
            import_cancel(found.public_id, actor=mia)
        return take(found, row, *args)

    monkeypatch.setattr(running, "_ROWS_TOGETHER", 2)
    monkeypatch.setattr(running, "_take", then_stop)
    import_advance(found.pk)
    assert counts(found) == (2, 0, 0, 0)


def test_what_fails_does_not_hold_up_the_rows_beside_it(mia, monkeypatch) -> None:
    found = begin(mia, people(4))
    take, failed = running._take, []

    def failing(found, row, *args):
        taken = take(found, row, *args)
        if row.number == 4 and not failed:
            failed.append(row.number)
            raise OperationalError("deadlock detected")  # as PostgreSQL ends one of two
        return taken

    monkeypatch.setattr(running, "_take", failing)
    assert run(found).state == "done"
    assert (failed, counts(found)) == ([4], (4, 0, 0, 0))
    assert Lead.objects.count() == InboundEvent.objects.count() == 4


def test_what_all_rows_ask_for_is_read_once(mia) -> None:
    found = begin(mia, people(5))
    with CaptureQueriesContext(connection) as captured:
        run(found)
    asked = Counter(
        table
        for query in captured.captured_queries
        for table in ("leads_scoringmodel", "leads_responsepolicy", "pipeline_wayrule")
        if query["sql"].startswith("SELECT") and f'FROM "{table}"' in query["sql"]
    )
    assert asked == {"leads_scoringmodel": 1, "leads_responsepolicy": 1, "pipeline_wayrule": 1}


def test_a_source_that_is_switched_off_fails_rows_and_does_not_hang(mia) -> None:
    from apps.intake.selectors import forget_sources

    found = begin(mia, people(1))
    LeadSource.objects.filter(slug="spring-fair").update(is_active=False)
    forget_sources()
    assert run(found).state == "done"
    assert counts(found) == (0, 0, 0, 1)


def test_a_file_does_not_mail_the_office(mia, settings) -> None:
    from tests.walking import settle

    settings.LEAD_NOTIFICATION_RECIPIENTS = ["office@example.com"]
    run(begin(mia, people(2)))
    settle()
    assert mail.outbox == []


def test_only_managers(sam) -> None:
    with pytest.raises(PermissionRefused):
        upload(sam, people(1))
    assert not Import.objects.exists()


def test_too_large(mia, monkeypatch) -> None:
    from apps.integrations.imports import actions

    monkeypatch.setattr(actions, "MOST_BYTES", 10)
    with pytest.raises(PayloadTooLarge):
        upload(mia, people(1))
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("text", "words"), [("name,email\n", "no rows"), ("", "empty")], ids=["no rows", "empty"]
)
def test_no_rows(mia, text, words) -> None:
    with pytest.raises(InvalidInput, match=f"fair.csv: .*{words}"):
        upload(mia, text)
    assert not Import.objects.exists()


def test_columns_that_do_not_do_do_not_begin(mia) -> None:
    found = upload(mia, people(1))
    import_configure(found.public_id, mapping={0: "name"}, actor=mia)
    with pytest.raises(InvalidInput, match="e-mail or the phone"):
        import_begin(found.public_id, source="Fair", actor=mia, now=NOW)
    with pytest.raises(InvalidInput):
        import_configure(found.public_id, market="mars", actor=mia)
    with pytest.raises(InvalidInput):
        import_configure(found.public_id, on_known="eat", actor=mia)
    found.refresh_from_db()
    assert (found.state, found.source) == ("draft", None)


@pytest.mark.parametrize(
    ("source", "words"), [("", "known by"), ("Website form", "not valid")], ids=["none", "a door's"]
)
def test_a_source_that_does_not_do(mia, source, words) -> None:
    found = upload(mia, people(1))
    with pytest.raises(InvalidInput, match=words):
        import_begin(found.public_id, source=source, actor=mia, now=NOW)
    found.refresh_from_db()
    assert found.state == "draft"


def test_what_has_begun_is_not_changed(mia) -> None:
    found = begin(mia, people(1))
    with pytest.raises(Conflict):
        import_configure(found.public_id, on_known="skip", actor=mia)
