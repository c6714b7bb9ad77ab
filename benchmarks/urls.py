"""The product's addresses, and the floor that the door is measured against."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from apps.core.ids import new_id
from apps.intake.models import InboundEvent
from apps.intake.selectors import source_facts


@csrf_exempt
def floor(request: HttpRequest) -> HttpResponse:
    """The least a door could do: read JSON, insert one row. No outbox, no rules, no envelope."""
    body = request.body
    json.loads(body)
    InboundEvent.objects.create(
        source_id=source_facts("website-form").pk, body=body, repeat_key=f"floor:{new_id()}"
    )
    return JsonResponse({"status": "success"}, status=202)


urlpatterns = [path("floor/", floor), path("", include("solar_crm.urls"))]
