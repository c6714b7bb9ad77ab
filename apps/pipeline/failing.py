"""Parked journeys, among what failed lately."""

from __future__ import annotations

from django.urls import reverse

from apps.core.failures import Failure, failure_source
from apps.core.logs import mask_personal_data
from apps.pipeline.models import Journey, JourneyState


@failure_source("journey")
def parked_journeys(most: int) -> list[Failure]:
    parked = Journey.objects.filter(state=JourneyState.PARKED).order_by("-updated_at")
    return [
        Failure(
            kind="journey",
            at=journey.updated_at,
            where=f"Parked at: {journey.get_step_display()}",
            words=mask_personal_data(journey.last_error)[:500],
            cure="Mend what it names, then press Resume.",
            reference=str(journey.public_id),
            link=reverse("admin:pipeline_journey_change", args=[journey.pk]),
        )
        for journey in parked.defer("decision")[:most]
    ]
