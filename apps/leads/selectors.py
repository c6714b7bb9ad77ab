"""What can be asked about leads, and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from apps.contacts.models import ContactIdentity
from apps.core.errors import NotFound
from apps.leads.assignment.conditions import LeadFacts, matches
from apps.leads.choices import OPEN_STATUSES, ActivityKind, LeadStatus, RuleSetState, TaskState
from apps.leads.desk import desk_of
from apps.leads.models import (
    UNANSWERED,
    DuplicateSuggestion,
    Enrolment,
    Lead,
    LeadActivity,
    LeadMail,
    MailTemplate,
    RuleSet,
    Sequence,
    SequenceStep,
    Task,
)
from apps.solar.models import Market
from apps.users.models import User
from apps.users.roles import roles_with

_COMES_BACK_WITHIN = timedelta(days=5)
_MOST_ENROLMENTS = 5


def leads_visible_to(user: User) -> QuerySet[Lead]:
    """The leads somebody may see: all with `view_all_leads`, else their own and nobody's."""
    if not user.has_perm("leads.view_lead"):
        return Lead.objects.none()
    if user.has_perm("users.view_all_leads"):
        return Lead.objects.all()
    return Lead.objects.filter(Q(assigned_to=user) | Q(assigned_to=None))


def unanswered(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Those of them whose people wait for a first answer that is due some day."""
    return leads.filter(UNANSWERED, first_response_due_at__isnull=False).order_by()


def lead_visible_to(user: User, lead_id: UUID) -> Lead:
    """One lead. Raises NotFound also for one that exists but is not theirs to see."""
    lead = (
        leads_visible_to(user)
        .select_related("source", "assigned_to", "market", "territory")
        .filter(public_id=lead_id)
        .first()
    )
    if lead is None:
        raise NotFound("There is no such lead.")
    return lead


def tasks_visible_to(user: User) -> QuerySet[Task]:
    """The tasks of the leads somebody may see."""
    if not user.has_perm("leads.view_task"):
        return Task.objects.none()
    tasks = Task.objects.select_related("lead", "assignee").defer("lead__original_data")
    if user.has_perm("users.view_all_leads"):
        return tasks
    return tasks.filter(Q(lead__assigned_to=user) | Q(lead__assigned_to=None))


def task_visible_to(user: User, task_id: UUID) -> Task:
    """One task. Raises NotFound also for one of a lead that is not theirs to see."""
    task = tasks_visible_to(user).filter(public_id=task_id).first()
    if task is None:
        raise NotFound("There is no such task.")
    return task


def task_of_lead(lead: Lead, task_id: UUID) -> Task:
    """A task of this very lead. Raises NotFound for any other."""
    task = lead.tasks.filter(public_id=task_id).first()
    if task is None:
        raise NotFound("This lead has no such task.")
    return task


def next_task_of(lead: Lead) -> Task | None:
    """What is to be done next for a lead: the open task that is due first."""
    tasks = lead.tasks.filter(state=TaskState.OPEN).select_related("lead", "assignee")
    return tasks.order_by("due_at", "pk").first()


def open_lead_with_identity(*, email: str, phone: str) -> Lead | None:
    """The open lead of the person with this e-mail or phone, if there is one."""
    values = [value for value in (email, phone) if value]
    contacts = ContactIdentity.objects.filter(value__in=values).values("contact")
    return (
        Lead.objects.filter(contact__in=contacts, status__in=OPEN_STATUSES).order_by("pk").first()
    )


def people_who_work_leads() -> QuerySet[User]:
    """Those who may be given leads: active, and in a role that may change leads."""
    return User.objects.filter(is_active=True, role__in=roles_with("leads.change_lead")).order_by(
        "first_name", "last_name", "username"
    )


def people_who_manage_leads() -> QuerySet[User]:
    """Those who answer for leads whoever has them."""
    return User.objects.filter(is_active=True, role__in=roles_with("users.manage_leads"))


def rules_live() -> RuleSet | None:
    """The version of the rules that gives leads to people."""
    return RuleSet.objects.filter(state=RuleSetState.LIVE).first()


def rules_draft() -> RuleSet | None:
    """The version that is being edited."""
    return RuleSet.objects.filter(state=RuleSetState.DRAFT).first()


def markets_without_people() -> list[Market]:
    """The markets in which no rule that is for all leads there knows anybody who works leads."""
    desk = desk_of(rules_live())
    return [
        market
        for market in Market.objects.order_by("name")
        if not any(
            matches(rule.conditions, LeadFacts(market=market.code)) and desk.knows_somebody(rule)
            for rule in desk.rules
        )
    ]


def lead_of_event(event_id: UUID) -> Lead | None:
    """The lead an inbound event was captured into."""
    line = (
        LeadActivity.objects.select_related("lead")
        .filter(inbound_event=event_id)
        .order_by("pk")
        .first()
    )
    return line.lead if line else None


def captured_as(event_id: UUID) -> tuple[int, bool] | None:
    """The key of the lead an event was captured into, and whether it was made for it; None: not."""
    line = (
        LeadActivity.objects.filter(
            inbound_event=event_id, kind__in=[ActivityKind.CREATED, ActivityKind.INBOUND]
        )
        .order_by("pk")
        .values_list("lead", "kind")
        .first()
    )
    return (line[0], line[1] == ActivityKind.CREATED) if line else None


def pairs_to_look_at() -> QuerySet[DuplicateSuggestion]:
    """Pairs that nobody has decided yet."""
    return DuplicateSuggestion.objects.filter(state=DuplicateSuggestion.State.OPEN)


def pairs_visible_to(
    user: User, pairs: QuerySet[DuplicateSuggestion] | None = None
) -> QuerySet[DuplicateSuggestion]:
    """The pairs of which somebody may see both leads."""
    pairs = DuplicateSuggestion.objects.all() if pairs is None else pairs
    if user.has_perm("leads.view_lead") and user.has_perm("users.view_all_leads"):
        return pairs
    theirs = leads_visible_to(user).values("pk")
    return pairs.filter(first__in=theirs, second__in=theirs)


def lead_timeline(lead: Lead) -> QuerySet[LeadActivity]:
    """A lead's activities, newest first."""
    return lead.activities.select_related("actor")


def lead_mails(lead: Lead) -> QuerySet[LeadMail]:
    """The correspondence with a lead, newest first."""
    return lead.mails.select_related("actor", "template")


def mail_answered(references: Iterable[str], tokens: Iterable[str]) -> LeadMail | None:
    """The mail of ours that another one answers: by the token in the address it was sent to, else
    by the nearest reference. A mail service may have put its own id in the place of ours."""
    references = tuple(references)
    ours = LeadMail.objects.select_related("lead").filter(direction=LeadMail.Direction.OUT)
    if by_token := ours.filter(token__in=tokens).first():
        return by_token
    wanted = [*references, *(reference.partition("@")[0] for reference in references)]
    found = {
        name: mail
        for mail in ours.filter(Q(message_id__in=references) | Q(carrier_id__in=wanted))
        for name in (mail.message_id, mail.carrier_id)
    }
    return next((found[name] for name in wanted if name in found), None)


def mail_of_carrier(carrier_id: str) -> LeadMail | None:
    """The mail that a mail service knows by this id."""
    if not carrier_id:
        return None
    return LeadMail.objects.select_related("lead").filter(carrier_id=carrier_id).first()


def mail_sent_to(address: str, *, now: datetime) -> LeadMail | None:
    """The last mail to an address, if it may be the one that comes back."""
    sent = LeadMail.objects.filter(
        direction=LeadMail.Direction.OUT, address=address, sent_at__gt=now - _COMES_BACK_WITHIN
    )
    return sent.order_by("-sent_at").first()


def lead_of_letter(answered: LeadMail) -> Lead | None:
    """The lead an answer belongs to: the one we wrote to while it is open or won, else the open
    one of the same person. None: what they write now is a new matter."""
    lead = answered.lead
    if lead.status in (*OPEN_STATUSES, LeadStatus.WON):
        return lead
    return Lead.objects.filter(contact=lead.contact_id, status__in=OPEN_STATUSES).first()


def templates_for(lead: Lead) -> QuerySet[MailTemplate]:
    """The templates that are offered for a lead: of its market or of all, answers before offers,
    in the person's language first."""
    is_theirs = Case(When(language=lead.contact.language, then=0), default=1)
    offered = MailTemplate.objects.filter(Q(market=None) | Q(market=lead.market_id), is_active=True)
    return offered.order_by("-purpose", is_theirs, "name", "language")


def sequences_in_use() -> QuerySet[Sequence]:
    """The sequences that leads can begin."""
    has_steps = SequenceStep.objects.filter(sequence=OuterRef("pk"))
    return Sequence.objects.filter(Exists(has_steps), is_active=True).order_by("name")


def enrolments_of(lead: Lead) -> list[Enrolment]:
    """The sequences a lead is or was in, the newest first, with their steps."""
    enrolments = lead.enrolments.select_related("actor", "sequence")
    return list(enrolments.prefetch_related("steps__template")[:_MOST_ENROLMENTS])
