"""Mailing a lead as a file."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from typing import Any, Literal

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from apps.b2b.transports.contracts import NotNow, Parcel, Reply
from apps.b2b.transports.csv_email.config import SETTINGS, TEMPLATE
from apps.core.errors import Permanent, Retryable, Unreachable

_REFUSED_FOR_GOOD = range(500, 600)


class CsvEmail:
    """One mail for each lead. The same `Message-ID` on every try, so a mailbox can tell.

    Mail has no answers: a lead the server took is taken, until the buyer says otherwise.
    """

    label = "CSV by e-mail"
    body: Literal["json", "csv"] = "csv"
    settings = SETTINGS
    template = TEMPLATE

    def send(self, parcel: Parcel) -> Reply:
        connection = self._open()
        message = EmailMessage(
            subject=_subject(parcel),
            body=f"A new lead is attached.\n\nReference: {parcel.key}\n",
            to=addresses(parcel.endpoint),
            headers={"Message-ID": f"<{parcel.key}@solar-crm>"},
            connection=connection,
        )
        message.attach(f"lead-{parcel.key[-12:]}.csv", parcel.body.decode("utf-8-sig"), "text/csv")
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = {code for code, _ in error.recipients.values()}
            if codes & set(_REFUSED_FOR_GOOD):
                raise Permanent(f"The address is refused ({max(codes)})") from error
            raise NotNow(f"The mailbox does not take mail now ({max(codes)})") from error
        except smtplib.SMTPResponseException as error:
            if error.smtp_code in _REFUSED_FOR_GOOD:
                raise Permanent(f"The mail server refuses it ({error.smtp_code})") from error
            raise NotNow(f"The mail server wants it later ({error.smtp_code})") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Retryable(f"No answer: {type(error).__name__}") from error
        finally:
            connection.close()
        return Reply(None)

    def reach(self, endpoint: Mapping[str, Any], credentials: Mapping[str, Any]) -> str:
        self._open().close()
        return "The mail server that takes our mails to buyers answers"

    def _open(self) -> Any:
        connection = get_connection(**settings.DELIVERY_MAIL)
        try:
            connection.open()
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(f"No mail server: {type(error).__name__}") from error
        return connection


def _subject(parcel: Parcel) -> str:
    """In one line, whatever was typed."""
    stated = " ".join(str(parcel.endpoint.get("subject") or "New solar lead").split())
    return f"TEST: {stated}" if parcel.is_test else stated


def addresses(endpoint: Mapping[str, Any]) -> list[str]:
    """Where the mail goes. Raises Permanent without an address."""
    stated = str(endpoint.get("to") or "").replace("\n", ",").replace("\r", ",")
    found = [one.strip() for one in stated.split(",") if one.strip()]
    if not found:
        raise Permanent("There is no address to mail to.")
    return found
