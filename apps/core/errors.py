"""The errors that rooms raise on purpose.

Two families. `AppError` refuses a request and becomes the error envelope with its status.
`ProcessingError` ends a step of background work and says whether trying again can help, so that
no retry code has to guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class AppError(Exception):
    """A refused request: a stable code for programs, a sentence for people, details by field."""

    code = "INTERNAL_ERROR"
    status = 500
    message = "Something went wrong on our side."
    retry_after: int | None = None

    def __init__(
        self,
        message: str = "",
        *,
        details: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        self.message = message or type(self).message
        self.details = dict(details or {})
        self.retry_after = retry_after or type(self).retry_after
        super().__init__(self.message)


class InvalidInput(AppError):
    code = "VALIDATION_ERROR"
    status = 400
    message = "The data sent is not valid."


class AuthenticationRequired(AppError):
    code = "AUTHENTICATION_REQUIRED"
    status = 401
    message = "Sign in first."


class PermissionRefused(AppError):
    code = "PERMISSION_DENIED"
    status = 403
    message = "You may not do this."


class NotFound(AppError):
    code = "NOT_FOUND"
    status = 404
    message = "There is nothing here."


class MethodNotAllowed(AppError):
    code = "METHOD_NOT_ALLOWED"
    status = 405
    message = "This method is not allowed here."


class Conflict(AppError):
    code = "CONFLICT"
    status = 409
    message = "This conflicts with what is already there."


class PayloadTooLarge(AppError):
    code = "PAYLOAD_TOO_LARGE"
    status = 413
    message = "The body is too large."


class UnsupportedMediaType(AppError):
    code = "UNSUPPORTED_MEDIA_TYPE"
    status = 415
    message = "Send application/json."


class RateLimited(AppError):
    code = "RATE_LIMITED"
    status = 429
    message = "Too many requests. Try again later."
    retry_after = 60


class ServiceUnavailable(AppError):
    code = "SERVICE_UNAVAILABLE"
    status = 503
    message = "Not available at the moment. Try again in a few seconds."
    retry_after = 5


class ProcessingError(Exception):
    """Background work that did not come through."""


class Retryable(ProcessingError):
    """Trying again can help: a time-out, a 5xx, a lock somebody else holds."""


class Unreachable(Retryable):
    """Nobody was there to send anything to: surely nothing was taken."""


class Permanent(ProcessingError):
    """Trying again cannot help: the payload or the other side's answer will stay as it is."""


class UnreadableAnswer(Permanent):
    """There was an answer, and it cannot be read: what was sent may have been taken."""


class Misconfigured(ProcessingError):
    """Trying again helps once a person has changed a setting; staff are shown which."""
