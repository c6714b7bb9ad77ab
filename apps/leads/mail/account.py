"""Who carries our mails. The screens say it, because without an account nobody receives them."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage

from apps.core.health import Verdict, health_check

_EXAMPLE = "1 Example Street"


@dataclass(frozen=True)
class MailAccount:
    """What is in use, by its short name and in words. `reaches_people`: no laptop's make-do."""

    name: str
    words: str
    reaches_people: bool


def mail_account() -> MailAccount:
    """The account the settings name."""
    backend: str = settings.EMAIL_BACKEND
    if backend.startswith("anymail."):
        service = backend.split(".")[2]
        return MailAccount(service, f"Sent by {service.title()}", reaches_people=True)
    match backend.split(".")[-2]:
        case "smtp":
            words = f"Sent by the mail server {settings.EMAIL_HOST}"
            return MailAccount("smtp", words, reaches_people=True)
        case "filebased":
            words = f"No mail account is set: mails are written to files in {_folder()}"
            return MailAccount("file", words, reaches_people=False)
        case "console":
            words = "No mail account is set: mails are written to the log"
            return MailAccount("console", words, reaches_people=False)
        case other:
            return MailAccount(other, f"Mails are kept by {other}", reaches_people=False)


def id_at_service(message: EmailMessage) -> str:
    """What the mail service calls a message it has taken; "" for a plain mail server."""
    status = getattr(message, "anymail_status", None)
    return str(getattr(status, "message_id", None) or "")[:200]


def _folder() -> str:
    parts = str(getattr(settings, "EMAIL_FILE_PATH", "")).split("/")
    return "/".join(parts[-2:])


@health_check("mail")
def _health() -> tuple[Verdict, str]:
    account = mail_account()
    if settings.ENVIRONMENT != "production":
        return Verdict.OK, account.words
    if not account.reaches_people:
        return Verdict.DEGRADED, f"{account.words}: they reach nobody"
    if _EXAMPLE in settings.BRAND["postal_address"]:
        return Verdict.DEGRADED, "BRAND_POSTAL_ADDRESS is still the example"
    return Verdict.OK, account.words
