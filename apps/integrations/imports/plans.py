"""How the rows of a file are read, given what the database knows; and a look at the first ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.contacts.identity import show_phone
from apps.contacts.models import ContactIdentity
from apps.core.money import Money
from apps.integrations.doors.reading import Setting
from apps.integrations.imports.actions import mapping_of
from apps.integrations.imports.columns import mapping_problems
from apps.integrations.imports.judging import Judged, Plan, judge
from apps.integrations.imports.models import Import, ImportRow
from apps.integrations.setting import markets_to_read
from apps.leads.choices import OPEN_STATUSES
from apps.leads.contracts import LeadDraft
from apps.leads.selectors import people_who_work_leads
from apps.solar.selectors import all_markets

PREVIEWED = 100


@dataclass(frozen=True)
class PreviewRow:
    """A row, what is wrong with it, and what would become of it."""

    row: ImportRow
    person: str
    understood: str  # how they are reached, where they live and what they pay
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    outcome: str  # create, update, skip or fail


@dataclass(frozen=True)
class Preview:
    """The first rows of a file as they would be taken in."""

    problems: tuple[str, ...]  # of the columns: nothing can be taken in
    rows: tuple[PreviewRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(row.outcome for row in self.rows))


def plan_of(found: Import) -> Plan:
    """How to read the rows."""
    people = _by_name(
        (name, str(person.public_id))
        for person in people_who_work_leads()
        for name in (person.get_full_name(), person.email, person.username)
    )
    markets = _by_name(
        (name, market.code) for market in all_markets() for name in (market.name, market.code)
    )
    return Plan(found.columns, mapping_of(found), found.market_id, markets, people)


def _by_name(named: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Everybody a name may mean, by the name in lower case."""
    meant: dict[str, dict[str, None]] = defaultdict(dict)
    for name, whom in named:
        if name:
            meant[name.lower()][whom] = None
    return {name: tuple(whom) for name, whom in meant.items()}


def setting_of(found: Import) -> Setting:
    """Where the rows are read. Who uploads a file is not who agreed to anything: no address."""
    return Setting(markets=markets_to_read(), assumed_market=found.market_id)


def preview_of(found: Import, *, most: int = PREVIEWED) -> Preview:
    """Read the first rows without taking them in. A fixed number of queries."""
    problems = mapping_problems(mapping_of(found), len(found.columns))
    if problems:
        return Preview(tuple(problems), ())
    plan, setting = plan_of(found), setting_of(found)
    currencies = {market.code: market.currency for market in all_markets()}
    rows = list(found.rows.order_by("number")[:most])
    judged = [judge(row.cells, plan, setting) for row in rows]
    known = _known(judged)
    shown, seen = [], dict[str, int]()
    for row, one in zip(rows, judged, strict=True):
        understood = _understood(one.draft, currencies) if one.draft else ""
        shown.append(_shown(found, row, one, known, seen, understood))
    return Preview((), tuple(shown))


def _shown(
    found: Import,
    row: ImportRow,
    judged: Judged,
    known: set[str],
    seen: dict[str, int],
    understood: str,
) -> PreviewRow:
    notes, outcome = list(judged.notes), "fail"
    if judged.draft is not None:
        said = _identities(judged)
        before = next((seen[value] for value in said if value in seen), None)
        is_known = bool(known & set(said))
        if before is not None:
            notes.insert(0, f"The same person as in line {before}")
        elif is_known:
            notes.insert(0, "Has an open lead already")
        outcome = "create"
        if is_known or before is not None:
            outcome = "skip" if found.on_known == Import.OnKnown.SKIP else "update"
        for value in said:
            seen.setdefault(value, row.number)
    person, problems = _person(judged), tuple(judged.problems)
    return PreviewRow(row, person, understood, problems, tuple(notes), outcome)


def _understood(draft: LeadDraft, currencies: Mapping[str, str]) -> str:
    bill = draft.monthly_bill
    parts = (
        draft.person.email,
        show_phone(draft.person.phone.e164) if draft.person.phone else "",
        draft.postal_code,
        "" if bill is None else f"{Money(bill, currencies[draft.market])} a month",
    )
    return " · ".join(part for part in parts if part)


def _person(judged: Judged) -> str:
    """Who it is; of a row that cannot be taken in, as the file has it."""
    if judged.draft is None:
        said = judged.payload["fields"]
        named = [said[name] for name in ("name", "first_name", "last_name") if name in said]
        return " ".join(named)
    person = judged.draft.person
    name = f"{person.first_name} {person.last_name}".strip()
    return name or person.email or (person.phone.e164 if person.phone else "")


def _identities(judged: Judged) -> list[str]:
    if judged.draft is None:
        return []
    person = judged.draft.person
    return [value for value in (person.email, person.phone.e164 if person.phone else "") if value]


def _known(judged: list[Judged]) -> set[str]:
    """Which of the addresses and numbers belong to somebody with an open lead."""
    values = [value for one in judged for value in _identities(one)]
    owned = ContactIdentity.objects.filter(
        value__in=values, contact__leads__status__in=OPEN_STATUSES
    )
    return set(owned.values_list("value", flat=True))
