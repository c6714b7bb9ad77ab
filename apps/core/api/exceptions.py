"""The one place where an exception becomes an error envelope."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions as drf
from rest_framework.response import Response

from apps.core import errors
from apps.core.api.envelope import failure
from apps.core.context import note_failure

_logger = logging.getLogger("api")

_CHALLENGE = 'Bearer realm="api"'

_CODES: dict[int, type[errors.AppError]] = {
    401: errors.AuthenticationRequired,
    403: errors.PermissionRefused,
    404: errors.NotFound,
    413: errors.PayloadTooLarge,
    415: errors.UnsupportedMediaType,
    429: errors.RateLimited,
}


def exception_handler(exception: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: every exception of a view becomes the error envelope."""
    error = as_app_error(exception)
    if error.status >= 500:
        _logger.error("api.failed", exc_info=exception, extra={"code": error.code})
        if (request := context.get("request")) is not None:
            note_failure(request._request, exception)
    response = Response(failure(error.code, error.message, error.details), status=error.status)
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    if error.status == errors.AuthenticationRequired.status:
        response["WWW-Authenticate"] = getattr(exception, "auth_header", _CHALLENGE)
    return response


def as_app_error(exception: Exception) -> errors.AppError:
    """Our own error for whatever was raised; what nobody expected says nothing of its inside."""
    match exception:
        case errors.AppError():
            return exception
        case Http404():
            return errors.NotFound()
        case PermissionDenied():
            return errors.PermissionRefused()
        case RequestDataTooBig():
            return errors.PayloadTooLarge()
        case OperationalError() | InterfaceError():  # the database is away, or just left
            return errors.ServiceUnavailable(retry_after=5)
        case drf.APIException():
            return _from_rest_framework(exception)
        case _:
            return errors.AppError()


def _from_rest_framework(exception: drf.APIException) -> errors.AppError:
    match exception:
        case drf.ValidationError():
            return errors.InvalidInput(details=_by_field(exception.detail))
        case drf.ParseError():
            return errors.InvalidInput("The body is not JSON.")
        case drf.AuthenticationFailed():
            return errors.AuthenticationRequired("This token is wrong, revoked or too old.")
        case drf.MethodNotAllowed():
            return errors.MethodNotAllowed(str(exception.detail))
        case _:
            return _CODES.get(exception.status_code, errors.InvalidInput)()


def error_response(error: errors.AppError) -> HttpResponse:
    """The error envelope for places that are not DRF views."""
    body = failure(error.code, error.message, error.details)
    response = JsonResponse(body, status=error.status)
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response


def is_api_path(request: HttpRequest) -> bool:
    return f"{request.path}/".startswith(("/api/", "/webhook/"))


def _by_field(detail: Any) -> dict[str, Any]:
    if isinstance(detail, dict):
        return {str(name): words for name, words in detail.items()}
    return {"non_field_errors": detail if isinstance(detail, list) else [detail]}
