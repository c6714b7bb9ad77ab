"""The message that leaves the house: text and HTML, who it is from, how to answer, how to stop."""

from __future__ import annotations

import re
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from apps.contacts.models import ContactIdentity
from apps.contacts.suppression import suppression_digest
from apps.leads.mail.account import mail_account
from apps.leads.mail.wording import as_html
from apps.leads.models import LeadMail

_UNSUBSCRIBE = "leads.unsubscribe"
_MOST_REFERENCES = 10


def letter(mail: LeadMail) -> EmailMultiAlternatives:
    """The mail as it is sent, the same each time it is made: a second sending can be told."""
    stop = unsubscribe_address(mail)
    context = {
        "mail": mail,
        "html": as_html(mail.body),
        "brand": settings.BRAND,
        "stop": stop,
    }
    message = EmailMultiAlternatives(
        subject=one_line(mail.subject),
        body=render_to_string("leads/mail/letter.txt", context),
        from_email=_from(mail),
        to=[mail.address],
        reply_to=[reply_address(mail.token)] if settings.MAIL_REPLY_ADDRESS else None,
        headers={
            "Message-ID": f"<{mail.message_id}>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            **_threading(mail),
            **({"Auto-Submitted": "auto-generated"} if mail.is_automatic else {}),
            # Postmark puts an id of its own in its place unless it is told not to.
            **({"X-PM-KeepID": "true"} if mail_account().name == "postmark" else {}),
        },
    )
    message.attach_alternative(render_to_string("leads/mail/letter.html", context), "text/html")
    return message


def message_id_of(mail_id: UUID) -> str:
    """The Message-ID of a mail of ours, without its brackets."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "solar-crm"
    return f"mail.{mail_id}@{domain}"


def reply_address(token: str) -> str:
    """Where the answer to one mail goes: the mailbox of the e-mail door, with the mail's token."""
    name, _, domain = parseaddr(settings.MAIL_REPLY_ADDRESS)[1].rpartition("@")
    return f"{name}+{token}@{domain}"


def unsubscribe_address(mail: LeadMail) -> str:
    """Where one click ends our mails. It works for good, even when mail and lead are long gone."""
    digest = suppression_digest(ContactIdentity.Kind.EMAIL, mail.address)
    token = _signer().sign_object([str(mail.public_id), digest])
    return f"{settings.PUBLIC_ADDRESS}/unsubscribe/{token}/"


def read_unsubscribe_token(token: str) -> tuple[UUID, str] | None:
    """The mail and the digest of the address that a token names; None for a forged one."""
    try:
        mail_id, digest = _signer().unsign_object(token)
    except signing.BadSignature:
        return None
    return UUID(mail_id), digest


def _signer() -> signing.Signer:
    """With the key that is never changed: a new SECRET_KEY must not close the way out."""
    return signing.Signer(key=settings.SUPPRESSION_KEY, salt=_UNSUBSCRIBE)


def one_line(text: str) -> str:
    """A header must not be broken, whatever somebody typed."""
    return " ".join(text.split())


def _from(mail: LeadMail) -> str:
    """Our address always: mail servers refuse to send for others. The name is the person's."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    person = mail.actor or (mail.lead.assigned_to if mail.is_automatic else None)
    full = one_line(f"{person}, {name}" if person else name)
    # Not encoded here: mail services want it as it is, and Django encodes it for the others.
    return '"{}" <{}>'.format(re.sub(r'[\\"]', "", full), address)


def _threading(mail: LeadMail) -> dict[str, str]:
    """What this answers, and what that answered: how mail programs keep a thread together."""
    before: list[str] = []
    at = mail.answers
    while at is not None and len(before) < _MOST_REFERENCES:
        before.append(f"<{at.message_id}>")
        at = at.answers
    return {"In-Reply-To": before[0], "References": " ".join(reversed(before))} if before else {}
