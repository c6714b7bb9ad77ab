"""Once an hour: what buyers did lately becomes what the router believes of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from apps.b2b.choices import FeedbackType, ReleaseReason, SaleState
from apps.b2b.models import BuyerFeedback, Platform, Sale
from apps.b2b.statistics import acceptance_rate, history_mark

LOOKS_BACK = timedelta(days=30)
_NOTHING = {"taken": 0, "refused": 0, "all_taken": 0, "closed": 0}


def acceptance_learn(now: datetime) -> int:
    """Bring the acceptance rate and history of every buyer up to date. Returns how many changed.

    A lead that was accepted and is rejected in feedback later counts as rejected; one the buyer
    knew already says nothing of either.
    """
    said = BuyerFeedback.objects.filter(sale=OuterRef("pk"))
    sales = Sale.objects.order_by().annotate(
        taken_back=Exists(said.filter(type=FeedbackType.REJECTED)),
        converted=Exists(said.filter(type=FeedbackType.CONVERTED)),
    )
    lately = Q(reserved_at__gte=now - LOOKS_BACK)
    accepted = Q(state=SaleState.ACCEPTED)
    rejected = Q(release_reason=ReleaseReason.REJECTED) | Q(taken_back=True)
    rows = sales.values("platform").annotate(
        taken=Count("pk", filter=lately & accepted & Q(taken_back=False)),
        refused=Count("pk", filter=lately & rejected),
        all_taken=Count("pk", filter=accepted),
        closed=Count("pk", filter=Q(converted=True)),
    )
    counts = {row["platform"]: row for row in rows}
    changed = 0
    for platform in Platform.objects.all():
        seen = counts.get(platform.pk, _NOTHING)
        facts = {
            "acceptance_rate": acceptance_rate(seen["taken"], seen["refused"]),
            "acceptance_samples": seen["taken"] + seen["refused"],
            "history_mark": history_mark(seen["all_taken"], seen["closed"]),
        }
        if any(getattr(platform, name) != value for name, value in facts.items()):
            changed += Platform.objects.filter(pk=platform.pk).update(**facts)
    return changed
