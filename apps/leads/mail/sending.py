"""Handing a queued mail to whoever carries it. Network: never inside a transaction."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from uuid import UUID

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.utils import timezone

from apps.core.errors import Retryable
from apps.leads.actions.mailing import lead_mail_failed_once, lead_mail_not_sent, lead_mail_sent
from apps.leads.mail.account import id_at_service, mail_account
from apps.leads.mail.facts import mail_verdict
from apps.leads.mail.letter import letter
from apps.leads.models import LeadMail, Purpose

_TRY_AGAIN = {401, 403, 408, 425, 429}  # a person mends the key, or time does the rest
_NO_SUCH_MAILBOX = (b"5.1.1", b"5.1.2", b"5.1.3", b"5.1.10")


@dataclass(frozen=True)
class Failure:
    """Why a mail did not go, in words without anybody's address."""

    words: str
    is_final: bool
    address_is_dead: bool = False


def mail_send(mail_id: UUID, *, is_last_attempt: bool) -> None:
    """Send a queued mail. Repeatable: one that is settled is left alone, and one that was sent but
    not noted goes again under the same Message-ID. Raises Retryable when trying again can help.
    """
    mail = (
        LeadMail.objects.select_related("lead__assigned_to", "actor", "answers")
        .filter(public_id=mail_id, status=LeadMail.Status.QUEUED)
        .first()
    )
    if mail is None:
        return
    account = mail_account()
    if mail.lead.is_sample and account.reaches_people:
        problem = "A person of the demo: nothing is sent for real"
        lead_mail_not_sent(mail, problem=problem, now=timezone.now())
        return
    verdict = mail_verdict(mail.lead, is_marketing=mail.purpose == Purpose.MARKETING)
    if not verdict.may_send:  # they said stop while it waited
        lead_mail_not_sent(mail, problem=verdict.reason, now=timezone.now())
        return
    try:
        message = letter(mail)
        message.send()
    except (smtplib.SMTPException, AnymailError, OSError) as error:
        _settle(mail, failure_of(error), is_last_attempt=is_last_attempt)
        return
    except Exception as error:  # our own fault: the outbox shows it, and so does the lead
        if is_last_attempt:
            problem = f"It cannot be sent: {type(error).__name__}"
            lead_mail_not_sent(mail, problem=problem, now=timezone.now())
        raise
    lead_mail_sent(
        mail,
        carrier=account.name,
        carrier_id=id_at_service(message),
        now=timezone.now(),
    )


def failure_of(error: Exception) -> Failure:
    """What an exception of a mail backend means."""
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=answers):
            code, words = next(iter(answers.values()), (550, b""))
            return Failure(f"Refused for this recipient ({code})", code >= 500, _is_dead(words))
        case smtplib.SMTPAuthenticationError():
            return Failure("The mail server does not accept our login", is_final=False)
        case smtplib.SMTPResponseException(smtp_code=code):
            return Failure(f"Refused by the mail server ({code})", code >= 500)
        case AnymailRecipientsRefused():
            return Failure("Refused for this recipient by the mail service", is_final=True)
        case AnymailAPIError(status_code=None):
            return Failure("The mail service does not answer", is_final=False)
        case AnymailAPIError(status_code=code):
            is_final = 400 <= code < 500 and code not in _TRY_AGAIN
            return Failure(f"The mail service answers {code}", is_final)
        case AnymailError():
            return Failure(f"The mail service cannot take it: {type(error).__name__}", True)
        case _:
            return Failure(f"The mail server does not answer: {type(error).__name__}", False)


def _settle(mail: LeadMail, failure: Failure, *, is_last_attempt: bool) -> None:
    if failure.is_final or is_last_attempt:
        lead_mail_not_sent(
            mail,
            problem=failure.words,
            now=timezone.now(),
            address_is_dead=failure.address_is_dead,
        )
        return
    lead_mail_failed_once(mail, problem=failure.words)
    raise Retryable(failure.words)


def _is_dead(words: bytes | str) -> bool:
    said = words if isinstance(words, bytes) else words.encode("utf-8", "replace")
    return any(code in said for code in _NO_SUCH_MAILBOX)
