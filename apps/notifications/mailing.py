"""Mails to people who work here: one notification, or a day's worth of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from apps.core.errors import Permanent
from apps.notifications.models import Notification
from apps.users.models import User


@dataclass(frozen=True)
class Line:
    """One notification in a mail."""

    title: str
    body: str
    address: str
    level: str
    needs_action: bool


def mail_one(notification: Notification) -> None:
    """Send one notification. The same Message-ID each time, so that a mailbox can tell a repeat."""
    line = _line(notification)
    _send(
        notification.recipient,
        subject=notification.title,
        template="told",
        context={"line": line},
        message_id=f"notification.{notification.public_id}",
    )


def mail_digest(person: User, rows: Sequence[Notification], *, more: int, day: str) -> None:
    """Send a day's digest: what is unread, newest first; `more` that found no place in it."""
    count = len(rows) + more
    _send(
        person,
        subject="1 notification for you" if count == 1 else f"{count} notifications for you",
        template="digest",
        context={"lines": [_line(row) for row in rows], "more": more},
        message_id=f"digest.{person.public_id}.{day}",
    )


def _send(
    person: User, *, subject: str, template: str, context: dict[str, Any], message_id: str
) -> None:
    preferences = settings.SITE_ADDRESS + reverse("admin:notifications_preferences")
    context |= {
        "person": person,
        "brand": settings.BRAND,
        "preferences": preferences,
        "list": settings.SITE_ADDRESS + reverse("admin:notifications_notification_changelist"),
    }
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"notifications/mail/{template}.txt", context),
        to=[person.email],
        headers={
            "Message-ID": f"<{message_id}@solar-crm>",
            "List-Unsubscribe": f"<{preferences}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(
        render_to_string(f"notifications/mail/{template}.html", context), "text/html"
    )
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        raise Permanent(f"The mail server refuses the address of person {person.pk}.") from error


def _line(row: Notification) -> Line:
    return Line(
        title=row.title,
        body=row.body,
        address=settings.SITE_ADDRESS + row.link if row.link else "",
        level=row.level,
        needs_action=row.needs_action,
    )
