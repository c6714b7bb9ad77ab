"""The probes, and what a request gets that leads nowhere."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from apps.core import errors
from apps.core.api.exceptions import error_response, is_api_path
from apps.core.client_address import is_from
from apps.core.health import Verdict, overall, run_checks
from apps.core.metrics import metrics_page


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Public and cheap: can this process take a lead in? 503 when it cannot."""
    verdict = overall(run_checks(only={"database"}))
    return JsonResponse({"status": verdict}, status=503 if verdict is Verdict.DOWN else 200)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' page, for the internal networks only."""
    if not is_from(request, settings.METRICS_NETWORKS):
        return error_response(errors.NotFound())
    return HttpResponse(metrics_page(), content_type=CONTENT_TYPE_LATEST)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_api_path(request):
        return error_response(errors.NotFound())
    return render(request, "errors/not_found.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort. Touches neither the database nor the session: they may be the fault."""
    if is_api_path(request):
        return error_response(errors.AppError())
    return HttpResponse(render_to_string("errors/server_error.html"), status=500)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_api_path(request):
        return error_response(errors.InvalidInput("The request cannot be read."))
    return render(request, "errors/bad_request.html", status=400)
