"""What our mail service reports of mails it took: they came back, or somebody complained.

django-anymail knows each service's way to say so and to prove that it is the one who says it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from django.conf import settings
from django.http import HttpRequest

from apps.contacts.models import ContactIdentity
from apps.contacts.suppression import suppression_digest
from apps.core.errors import AuthenticationRequired, InvalidInput, NotFound
from apps.leads.actions.mailing import lead_mail_not_sent
from apps.leads.actions.opting_out import lead_opt_out
from apps.leads.models import LeadMail
from apps.leads.selectors import mail_of_carrier

_CAME_BACK = {"bounced", "rejected", "failed"}
_DEAD = {"bounced", "invalid"}
_FAREWELLS = {"complained": "Complained of a mail of ours", "unsubscribed": "Unsubscribed"}


def reports_in(request: HttpRequest) -> list[Any]:
    """The reports in a request of the mail service in use.

    Raises NotFound where none is in use or none may report, AuthenticationRequired for somebody
    else, InvalidInput for what is no report.
    """
    backend: str = settings.EMAIL_BACKEND
    service: dict[str, Any] = getattr(settings, "ANYMAIL", {})
    if not (backend.startswith("anymail.") and service.get("WEBHOOK_SECRET")):
        raise NotFound("No mail service reports here.")
    module = importlib.import_module(f"anymail.webhooks.{backend.split('.')[2]}")
    views = (view for name, view in vars(module).items() if name.endswith("TrackingWebhookView"))
    try:
        view = next(views)()
        view.run_validators(request)
    except AnymailConfigurationError as error:
        raise NotFound("This mail service needs a key of its own to report.") from error
    except AnymailWebhookValidationFailure as error:
        raise AuthenticationRequired("This is not our mail service.") from error
    try:
        return list(view.parse_events(request))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput("This is no report of the mail service.") from error


def reports_heed(reports: list[Any], *, now: datetime) -> int:
    """Do what reports ask for. Repeatable. Returns how many were about mails of ours."""
    return sum(1 for mail, report in _ours(reports) if _heed(mail, report, now))


def _ours(reports: list[Any]) -> Iterator[tuple[LeadMail, Any]]:
    for report in reports:
        mail = mail_of_carrier(str(report.message_id or ""))
        if mail is not None:
            yield mail, report


def _heed(mail: LeadMail, report: Any, now: datetime) -> bool:
    if report.event_type in _FAREWELLS:
        lead_opt_out(
            mail.lead,
            digest=suppression_digest(ContactIdentity.Kind.EMAIL, mail.address),
            how=f"{_FAREWELLS[report.event_type]}, says the mail service",
            now=now,
            complained=report.event_type == "complained",
        )
    elif report.event_type in _CAME_BACK:
        lead_mail_not_sent(
            mail,
            problem=str(report.description or report.reject_reason or "It came back")[:300],
            now=now,
            came_back=True,
            address_is_dead=report.reject_reason in _DEAD,
        )
    return True
