"""Everything the page of one lead shows: gathered here, drawn by `templates/admin/leads/lead/`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.contacts.identity import show_phone
from apps.contacts.models import Channel, Consent
from apps.contacts.selectors import consent_state
from apps.contacts.suppression import suppressed_kinds
from apps.intake.models import InboundEvent
from apps.leads.choices import ActivityKind
from apps.leads.models import Lead, LeadActivity, ScoringModel
from apps.leads.score_words import ScoreWords, score_words
from apps.leads.selectors import lead_timeline
from apps.leads.value_words import value_words
from apps.leads.work_page import WorkPart, work_part

_MOST_LINES = 200
_ICONS = {
    ActivityKind.CREATED: "wb_sunny",
    ActivityKind.INBOUND: "mark_email_unread",
    ActivityKind.UPDATED: "edit",
    ActivityKind.SCORED: "speed",
    ActivityKind.ASSIGNED: "person",
    ActivityKind.ESTIMATED: "calculate",
    ActivityKind.STATUS: "flag",
    ActivityKind.DECIDED: "alt_route",
    ActivityKind.OFFERED: "storefront",
    ActivityKind.SOLD: "sell",
    ActivityKind.FEEDBACK: "rate_review",
    ActivityKind.REJECTED: "undo",
    ActivityKind.CONSENT: "verified_user",
    ActivityKind.SUPPRESSED: "block",
    ActivityKind.CALL: "call",
    ActivityKind.MAIL: "outgoing_mail",
    ActivityKind.MEETING: "handshake",
    ActivityKind.TASK: "task_alt",
    ActivityKind.RESPONSE: "timer",
    ActivityKind.NOTE: "sticky_note_2",
    ActivityKind.SURVEY: "event",
    ActivityKind.POSSIBLE_DUPLICATE: "group",
    ActivityKind.MERGED: "merge",
    ActivityKind.UNMERGED: "call_split",
    ActivityKind.SPAM: "report",
    ActivityKind.SEQUENCE: "event_repeat",
    ActivityKind.MAIL_FAILED: "cancel_schedule_send",
    ActivityKind.MAIL_RECEIVED: "mark_email_unread",
}
_CHANNEL_ICONS = {Channel.CALL: "call", Channel.SMS: "sms", Channel.EMAIL: "mail"}
_TOUCHES = (
    ("utm_source", "Source"),
    ("utm_medium", "Medium"),
    ("utm_campaign", "Campaign"),
    ("utm_term", "Term"),
    ("utm_content", "Content"),
    ("gclid", "Google click"),
    ("fbclid", "Facebook click"),
    ("msclkid", "Microsoft click"),
    ("referrer", "Came from"),
    ("landing_page", "Landed on"),
)


@dataclass(frozen=True)
class TimelineLine:
    """One thing that happened. `quote` is what somebody wrote, `details` what changed."""

    icon: str
    kind: str
    activity: LeadActivity
    summary: str
    quote: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ChannelConsent:
    """Whether a person may be reached by one channel, and what that rests on."""

    channel: str
    label: str
    icon: str
    line: Consent | None
    is_suppressed: bool

    @property
    def verdict(self) -> str:
        return "blocked" if self.is_suppressed else self.stated

    @property
    def stated(self) -> str:
        """What the ledger says: given, revoked, or unknown where nobody ever asked."""
        if self.line is None:
            return "unknown"
        return "given" if self.line.kind == Consent.Kind.GIVEN else "revoked"


@dataclass(frozen=True)
class FactGroup:
    """What was stated about one subject; "" is what nobody stated."""

    title: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LeadPage:
    """What the page of a lead shows."""

    phone: str
    bill: str
    address: str
    score: ScoreWords | None
    consents: tuple[ChannelConsent, ...]
    suppressed: tuple[str, ...]
    timeline: tuple[TimelineLine, ...]
    facts: tuple[FactGroup, ...]
    touches: tuple[tuple[str, str, str], ...]
    requests: tuple[InboundEvent, ...]
    work: WorkPart

    @property
    def may_call(self) -> bool:
        """Whether a call rests on consent."""
        return any(one.channel == Channel.CALL and one.verdict == "given" for one in self.consents)


def lead_page(lead: Lead, *, now: datetime) -> LeadPage:
    """Gather the page of a lead. A fixed number of queries, however long its story."""
    suppressed = suppressed_kinds(email=lead.email, phone=lead.phone)
    activities = list(lead_timeline(lead)[:_MOST_LINES])
    consents = _consents(lead, suppressed)
    return LeadPage(
        phone=show_phone(lead.phone) if lead.phone else "",
        bill=value_words(lead, "monthly_bill"),
        address=", ".join(
            part for part in (lead.address, lead.city, lead.state, lead.postal_code) if part
        ),
        score=score_words(lead.score, lead.score_detail, _weights(lead), lead.market.currency),
        consents=consents,
        suppressed=tuple(sorted(suppressed)),
        timeline=tuple(_line(activity) for activity in activities),
        facts=_facts(lead),
        touches=tuple(
            (label, str(lead.first_touch.get(key, "")), str(lead.last_touch.get(key, "")))
            for key, label in _TOUCHES
            if lead.first_touch.get(key) or lead.last_touch.get(key)
        ),
        requests=_requests(activities),
        work=work_part(
            lead,
            consent=next(one.stated for one in consents if one.channel == Channel.CALL),
            is_suppressed="phone" in suppressed,
            now=now,
        ),
    )


def _weights(lead: Lead) -> dict[str, int]:
    version = lead.score_detail.get("model", "")
    model = ScoringModel.objects.filter(version=version).first() if version else None
    weights: dict[str, int] = model.parameters.get("weights", {}) if model else {}
    return weights


def _consents(lead: Lead, suppressed: set[str]) -> tuple[ChannelConsent, ...]:
    address = {Channel.CALL: "phone", Channel.SMS: "phone", Channel.EMAIL: "email"}
    return tuple(
        ChannelConsent(
            channel=channel,
            label=Channel(channel).label,
            icon=_CHANNEL_ICONS[Channel(channel)],
            line=line,
            is_suppressed=address[Channel(channel)] in suppressed,
        )
        for channel, line in consent_state(lead.contact_id).items()
    )


def _line(activity: LeadActivity) -> TimelineLine:
    data: dict[str, Any] = activity.data
    quote = str(data.get("text") or data.get("message") or "")
    is_note = activity.kind == ActivityKind.NOTE
    return TimelineLine(
        icon=_ICONS.get(ActivityKind(activity.kind), "circle"),
        kind=activity.kind,
        activity=activity,
        summary="Wrote a note" if is_note else activity.summary,
        quote=quote or (activity.summary if is_note else ""),
        details=_details(data),
    )


def _details(data: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """What a change changed, in words; ids and values for programs stay out."""
    before, changed = data.get("before"), data.get("changed")
    if isinstance(before, dict):
        return tuple((_words(name), f"was {old or 'empty'}") for name, old in before.items())
    if isinstance(changed, list) and changed:
        return (("Brought up to date", ", ".join(_words(str(name)).lower() for name in changed)),)
    return ()


def _facts(lead: Lead) -> tuple[FactGroup, ...]:
    groups: tuple[tuple[str, tuple[str, ...]], ...] = (
        (
            "Home",
            ("property_type", "ownership", "roof_type", "roof_age", "roof_area_m2", "shading"),
        ),
        ("Energy", ("monthly_bill", "utility", "estimated_capacity", "service_type")),
        ("Decision", ("timeline", "decision_maker", "credit_range", "budget_range", "company")),
    )
    return tuple(
        FactGroup(title, tuple((_words(name), value_words(lead, name)) for name in names))
        for title, names in groups
    )


def _words(name: str) -> str:
    return name.removesuffix("_m2").replace("_", " ").capitalize()


def _requests(activities: list[LeadActivity]) -> tuple[InboundEvent, ...]:
    ids = {line.inbound_event for line in activities if line.inbound_event}
    events = InboundEvent.objects.filter(public_id__in=ids).select_related("source").defer("body")
    return tuple(events.order_by("-received_at"))
