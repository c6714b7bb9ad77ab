"""The audit trail of staff changes: django-auditlog, told who is really calling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from auditlog.context import auditlog_value, disable_auditlog
from auditlog.middleware import AuditlogMiddleware
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from apps.core.client_address import client_address

_DOORS = ("/api/integrations/", "/api/v1/integrations/", "/webhook/", "/health", "/metrics")


class AuditMiddleware(AuditlogMiddleware):
    """Names the person and the address behind each change of an audited row.

    Doors are left out: nobody is signed in there, and they are the hot path.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_DOORS):
            response: HttpResponse = self.get_response(request)
            return response
        audited: HttpResponse = super().__call__(request)
        return audited

    @staticmethod
    def _get_remote_addr(request: HttpRequest) -> str:
        return client_address(request)


@contextmanager
def only_people_audited() -> Iterator[None]:
    """Inside the block a change is audited when a person is behind it, and not otherwise.

    For work that both do, like a lead's journey: the timeline tells what the system does.
    """
    if (auditlog_value.get(None) or {}).get("actor") is not None:
        yield
        return
    with disable_auditlog():
        yield


def set_audit_actor(user: AbstractBaseUser) -> None:
    """Name the person when the middleware could not: with a token, it is known only in the view."""
    context: dict[str, Any] | None = auditlog_value.get(None)
    if context is not None:
        context["actor"] = user


@dataclass(frozen=True)
class Change:
    """What was in a field, and what is in it now; "" for nothing."""

    name: str
    before: str
    after: str


def changes_shown(changes: Mapping[str, Any]) -> list[Change]:
    """The changes of an audit entry for people: without the empty ones that a new row brings."""
    shown = []
    for field, values in changes.items():
        before, after = _sides(values)
        if before != after and not after.endswith(".None"):  # reverse relations of a new row
            shown.append(Change(field.replace("_", " ").capitalize(), before, after))
    return shown


def _sides(values: Any) -> tuple[str, str]:
    if isinstance(values, Mapping):  # of a many-to-many field
        objects = ", ".join(str(one) for one in values.get("objects", ()))
        return "", f"{values.get('operation', '')} {objects}"
    before, after = values
    return _said(before), _said(after)


def _said(value: Any) -> str:
    return "" if value in (None, "None", "") else str(value)
