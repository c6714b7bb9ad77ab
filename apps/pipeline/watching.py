"""What monitoring is told of journeys."""

from __future__ import annotations

from django.db.models import Count

from apps.core.metrics import gauge
from apps.pipeline.models import Journey


@gauge("journeys", "Journeys of inbound events by state", label="state")
def journeys_by_state() -> dict[str, float]:
    counts = Journey.objects.values_list("state").annotate(Count("pk")).order_by()
    return {state: float(number) for state, number in counts}
