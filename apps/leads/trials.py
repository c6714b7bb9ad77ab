"""A version of the rules tried on the leads of the last days, as a page shows it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from apps.leads.assignment.decision import reason
from apps.leads.assignment.trial import PastLead, try_rules
from apps.leads.choices import OPEN_STATUSES, LeadStatus
from apps.leads.desk import desk_of, facts_of
from apps.leads.models import Lead, RuleSet
from apps.users.models import User

MOST_LEADS = 5000
_MOST_SHOWN = 50
# What went to a buyer before anybody had it, and what is another lead: no rule was asked.
_NEVER_OURS = Q(status=LeadStatus.SOLD, assigned_to=None) | Q(status=LeadStatus.DUPLICATE)


@dataclass(frozen=True)
class Share:
    """What somebody would have got, and has. The widths are per cent of the fullest bar."""

    name: str
    would: int
    has: int
    would_width: float
    has_width: float

    @property
    def difference(self) -> str:
        return f"{self.would - self.has:+}" if self.would != self.has else "as now"


@dataclass(frozen=True)
class Change:
    """A lead that would be somebody else's."""

    lead: Lead
    would: str
    has: str
    why: str


@dataclass(frozen=True)
class TrialPage:
    """`is_cut`: there were more leads than are tried at once."""

    days: int
    leads: int
    is_cut: bool
    same: int
    nobody: int
    shares: tuple[Share, ...]
    rules: tuple[tuple[str, int], ...]
    changes: tuple[Change, ...]
    changing: int


def rules_trial(rule_set: RuleSet, *, days: int, now: datetime) -> TrialPage:
    """Try a version on what came in during the last `days`. A fixed number of queries."""
    since = now - timedelta(days=days)
    found = list(
        Lead.objects.filter(created_at__gte=since)
        .exclude(_NEVER_OURS)
        .select_related("source", "territory", "contact")
        .defer("original_data", "score_detail", "behaviour")
        .order_by("-created_at", "-pk")[: MOST_LEADS + 1]
    )
    is_cut, leads = len(found) > MOST_LEADS, found[:MOST_LEADS]
    known = _owners_before(leads)
    past = [
        PastLead(
            key=lead.pk,
            at=lead.created_at,
            facts=facts_of(lead, known_to=known.get(lead.pk)),
            owner=lead.assigned_to_id,
            is_open=lead.status in OPEN_STATUSES,
        )
        for lead in leads
    ]
    beside = {one.facts.direct_to for one in past} | {one.facts.known_to for one in past}
    desk = desk_of(rule_set, beside=frozenset(key for key in beside if key))
    first = leads[-1].created_at if leads else now
    trial = try_rules(desk, past, _open_before(first))
    people = {key for key in (*trial.would, *trial.has) if key is not None}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=people)}
    by_key = {lead.pk: lead for lead in leads}
    changing = trial.changing
    fullest = max((*trial.would.values(), *trial.has.values()), default=1)
    return TrialPage(
        days=days,
        leads=len(leads),
        is_cut=is_cut,
        same=len(leads) - len(changing),
        nobody=trial.would[None],
        shares=tuple(
            Share(
                names.get(key or 0, "Nobody"),
                trial.would[key],
                trial.has[key],
                round(100 * trial.would[key] / fullest, 1),
                round(100 * trial.has[key] / fullest, 1),
            )
            for key in sorted(
                {*trial.would, *trial.has}, key=lambda key: (key is None, names.get(key or 0, ""))
            )
        ),
        rules=tuple((rule.name, trial.by_rule[rule.key]) for rule in desk.rules),
        changes=tuple(
            Change(
                by_key[one.lead.key],
                names.get(one.choice.person or 0, "Nobody"),
                names.get(one.lead.owner or 0, "Nobody"),
                reason(one.choice, desk),
            )
            for one in reversed(changing[-_MOST_SHOWN:])
        ),
        changing=len(changing),
    )


def _owners_before(leads: list[Lead]) -> dict[int, int]:
    """By lead: who has the latest earlier lead of the same person."""
    contacts = {lead.contact_id for lead in leads}
    rows = (
        Lead.objects.filter(contact__in=contacts)
        .order_by("created_at", "pk")
        .values_list("contact", "pk", "assigned_to")
    )
    stories: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    for contact, pk, owner in rows:
        stories[contact].append((pk, owner))
    known: dict[int, int] = {}
    for story in stories.values():
        latest: int | None = None
        for pk, owner_then in story:
            if latest is not None:
                known[pk] = latest
            latest = owner_then or latest
    return known


def _open_before(moment: datetime) -> dict[int, int]:
    counted = Lead.objects.filter(
        created_at__lt=moment, status__in=OPEN_STATUSES, assigned_to__isnull=False
    )
    return dict(counted.order_by().values_list("assigned_to").annotate(count=Count("*")))
