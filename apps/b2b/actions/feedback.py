"""What buyers say of their leads: kept once, and moved into what the router believes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.b2b.actions.manual import delivery_confirm_by_feedback
from apps.b2b.choices import FeedbackType, FeedbackWay, SaleState
from apps.b2b.feedback_csv import Line
from apps.b2b.models import BuyerFeedback, Platform, Sale
from apps.core.errors import AppError, Conflict, InvalidInput, NotFound
from apps.core.keys import key_digest, new_key
from apps.leads.choices import ActivityKind
from apps.leads.timeline import activity_add

_KIND = "buy"


@dataclass(frozen=True)
class FeedbackDraft:
    """One thing a buyer says of one lead; `own_id` is its own id of it, where it has one."""

    lead_id: UUID
    type: str
    own_id: str = ""
    score: Decimal | None = None
    reason: str = ""
    conversion_value: Decimal | None = None
    notes: str = ""


@dataclass(frozen=True)
class Kept:
    feedback: BuyerFeedback
    is_repeat: bool


@transaction.atomic
def feedback_record(platform: Platform, draft: FeedbackDraft, *, way: str, now: datetime) -> Kept:
    """Keep what a buyer says. A repeat (its id, else lead and type) changes nothing.

    Who says anything but “rejected” of a lead that it may have, has it: the sale is accepted.
    Raises NotFound for a lead this buyer never bought: whether there is such a lead is not said;
    Conflict for an id that said something of another lead, or something else, before.
    """
    if draft.type not in FeedbackType.values:
        raise InvalidInput("There is no such feedback.", details={"feedback_type": ["Unknown."]})
    sale = (
        Sale.objects.select_related("lead")
        .filter(lead__public_id=draft.lead_id, platform=platform)
        .exclude(state=SaleState.RELEASED)
        .first()
    )
    if sale is None:
        raise NotFound("This buyer has no such lead.")
    if draft.type != FeedbackType.REJECTED:
        # Before anything is written: the lead is the first lock of everybody who sells.
        said = FeedbackType(draft.type).label.lower()
        delivery_confirm_by_feedback(sale.pk, said=said, now=now)
    feedback, created = BuyerFeedback.objects.get_or_create(
        platform=platform,
        key=draft.own_id[:120] or f"{draft.lead_id}:{draft.type}",
        defaults={
            "sale": sale,
            "type": draft.type,
            "score": draft.score,
            "reason": draft.reason[:300],
            "conversion_value": draft.conversion_value,
            "notes": draft.notes[:5000],
            "way": way,
            "received_at": now,
        },
    )
    if (feedback.sale_id, feedback.type) != (sale.pk, draft.type):
        raise Conflict("This feedback id was used before, for something else.")
    if created:
        said = f"{platform} says: {FeedbackType(draft.type).label.lower()}"
        activity_add(
            sale.lead_id,
            ActivityKind.FEEDBACK,
            f"{said} ({draft.reason})" if draft.reason else said,
            now=now,
            sale=str(sale.public_id),
        )
    return Kept(feedback, is_repeat=not created)


@dataclass(frozen=True)
class Imported:
    """What became of the lines of a file: kept, known before, and refused with the reason."""

    kept: int
    repeats: int
    refused: tuple[tuple[int, str], ...]


def feedback_import(platform: Platform, lines: Iterable[Line], *, now: datetime) -> Imported:
    """Keep the feedback of a file, each line by itself: a bad one does not stop the others."""
    kept = repeats = 0
    refused: list[tuple[int, str]] = []
    for line in lines:
        if line.problem:
            refused.append((line.number, line.problem))
            continue
        try:
            done = feedback_record(
                platform, feedback_draft(line.stated), way=FeedbackWay.CSV, now=now
            )
        except AppError as refusal:
            refused.append((line.number, refusal.message))
            continue
        kept += not done.is_repeat
        repeats += done.is_repeat
    return Imported(kept, repeats, tuple(refused))


def feedback_draft(stated: Mapping[str, Any]) -> FeedbackDraft:
    """What was stated under the names of the API and of the file, in the words of this room."""
    return FeedbackDraft(
        lead_id=stated["lead_id"],
        type=stated["feedback_type"],
        own_id=stated.get("feedback_id") or "",
        score=stated.get("feedback_score"),
        reason=stated.get("feedback_reason") or "",
        conversion_value=stated.get("conversion_value"),
        notes=stated.get("buyer_notes") or "",
    )


@transaction.atomic
def feedback_key_issue(platform_pk: int, *, key: str = "") -> str:
    """Give a buyer a key for its feedback and return it: it is not shown again. The old one ends.

    The door takes it as `X-API-Key`, or signatures made with it.
    """
    key = key or new_key(_KIND)
    Platform.objects.filter(pk=platform_pk).update(
        feedback_key_digest=key_digest(key), feedback_secret=key
    )
    return key
