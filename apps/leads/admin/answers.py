"""How the first answer of a lead stands, as lists show and narrow it: without asking for hours."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString

from apps.core.staff.marks import mark
from apps.leads.choices import OPEN_STATUSES
from apps.leads.models import Lead
from apps.leads.selectors import unanswered


def answer_mark(lead: Lead, now: datetime) -> SafeString | str:
    """One word, or the time at which the answer is due."""
    due_at, answered_at = lead.first_response_due_at, lead.first_response_at
    if answered_at is not None:
        is_late = due_at is not None and answered_at > due_at
        return mark("Answered late", "plain") if is_late else mark("Answered", "good")
    if due_at is None or lead.status not in OPEN_STATUSES:
        return "—"
    if due_at <= now:
        return mark("Late", "bad")
    local, today = timezone.localtime(due_at), timezone.localdate(now)
    words = f"{local:%H:%M}" if local.date() == today else f"{local:%a %-d %b, %H:%M}"
    is_soon = lead.first_response_warn_at is not None and lead.first_response_warn_at <= now
    return mark(f"Due {words}", "warn" if is_soon else "info")


def narrow_to_answer(leads: QuerySet[Lead], state: str, now: datetime) -> QuerySet[Lead]:
    """The leads whose first answer stands so; all of them for a word that means nothing."""
    due = F("first_response_due_at")
    match state:
        case "late":
            return unanswered(leads).filter(first_response_due_at__lte=now)
        case "due_soon":
            return unanswered(leads).filter(
                first_response_due_at__gt=now, first_response_warn_at__lte=now
            )
        case "waiting":
            return unanswered(leads)
        case "answered":
            return leads.filter(first_response_at__isnull=False).exclude(first_response_at__gt=due)
        case "answered_late":
            return leads.filter(first_response_at__gt=due)
    return leads
