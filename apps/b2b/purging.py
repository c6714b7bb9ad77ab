"""What buyers were sent is kept as long as they can come back to it, and plans for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.b2b.models import CapacityPlan, CapUse, DeliveryAttempt, DeliveryPayload
from apps.core.purging import purger

KEEP_PLANS_FOR = timedelta(days=90)
KEEP_CAP_COUNTS_FOR = timedelta(days=62)  # a month, and one more for what waits for a person


@purger("capacity plans")
def purge_plans(now: datetime) -> int:
    """One comes every hour; what a route said of it stays with the route."""
    return CapacityPlan.objects.filter(computed_at__lt=now - KEEP_PLANS_FOR).delete()[0]


@purger("counts of caps")
def purge_cap_counts(now: datetime) -> int:
    """Nobody looks at a period that is over; a lead on its way is given back within days."""
    return CapUse.objects.filter(starts_at__lt=now - KEEP_CAP_COUNTS_FOR).delete()[0]


@purger("delivery payloads")
def purge_payloads(now: datetime) -> int:
    """Remove the bytes that are past their time, and the answers that may repeat them."""
    past = DeliveryPayload.objects.filter(delete_after__lt=now)
    DeliveryAttempt.objects.filter(delivery__payload__in=past).exclude(answer="").update(answer="")
    return past.delete()[0]
