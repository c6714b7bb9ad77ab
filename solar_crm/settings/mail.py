"""Who carries our mails: a mail service by its API (django-anymail), else what EMAIL_URL names."""

from __future__ import annotations

from typing import Any

import dj_email_url  # type: ignore[import-untyped]  # comes without types
from django.core.exceptions import ImproperlyConfigured

from solar_crm.settings.environment import env, secret

# The services that one key opens, and what django-anymail calls that key.
_SERVICES = {
    "brevo": "BREVO_API_KEY",
    "mailersend": "MAILERSEND_API_TOKEN",
    "mailgun": "MAILGUN_API_KEY",
    "postmark": "POSTMARK_SERVER_TOKEN",
    "resend": "RESEND_API_KEY",
    "sendgrid": "SENDGRID_API_KEY",
    "sparkpost": "SPARKPOST_API_KEY",
}
_SECONDS = 10


def mail_settings(default_url: str) -> dict[str, Any]:
    """Django's and django-anymail's settings, from the environment. `default_url` as EMAIL_URL.

    Raises ImproperlyConfigured for a service we do not know, or one without its key.
    """
    config = dj_email_url.parse(secret("EMAIL_URL", default_url))
    found = {
        "EMAIL_BACKEND": config["EMAIL_BACKEND"],
        "EMAIL_HOST": config.get("EMAIL_HOST", ""),
        "EMAIL_PORT": config.get("EMAIL_PORT", 25),
        "EMAIL_HOST_USER": config.get("EMAIL_HOST_USER", ""),
        "EMAIL_HOST_PASSWORD": config.get("EMAIL_HOST_PASSWORD", ""),
        "EMAIL_USE_TLS": config.get("EMAIL_USE_TLS", False),
        "EMAIL_USE_SSL": config.get("EMAIL_USE_SSL", False),
        "EMAIL_FILE_PATH": config.get("EMAIL_FILE_PATH", ""),
        "EMAIL_TIMEOUT": _SECONDS,
        "ANYMAIL": {},
    }
    service = env.str("MAIL_SERVICE", "").lower()
    return found | _service(service) if service else found


def delivery_mail() -> dict[str, Any]:
    """How the connection is opened that carries leads to buyers: as DELIVERY_EMAIL_URL says.

    Empty without it: these mails go as all others do.
    """
    url = secret("DELIVERY_EMAIL_URL", "")
    if not url:
        return {}
    config = dj_email_url.parse(url)
    return {
        "backend": config["EMAIL_BACKEND"],
        "host": config.get("EMAIL_HOST", ""),
        "port": config.get("EMAIL_PORT", 25),
        "username": config.get("EMAIL_HOST_USER", ""),
        "password": config.get("EMAIL_HOST_PASSWORD", ""),
        "use_tls": config.get("EMAIL_USE_TLS", False),
        "use_ssl": config.get("EMAIL_USE_SSL", False),
        "timeout": _SECONDS,
    }


def _service(service: str) -> dict[str, Any]:
    if service not in _SERVICES:
        known = ", ".join(sorted(_SERVICES))
        raise ImproperlyConfigured(f"MAIL_SERVICE is {service!r}: it may be one of {known}.")
    key = secret("MAIL_SERVICE_KEY", "")
    if not key:
        raise ImproperlyConfigured(f"MAIL_SERVICE is {service!r}: set MAIL_SERVICE_KEY, too.")
    anymail: dict[str, Any] = {_SERVICES[service]: key, "REQUESTS_TIMEOUT": _SECONDS}
    if reports := secret("MAIL_SERVICE_WEBHOOK_SECRET", ""):
        anymail["WEBHOOK_SECRET"] = reports
    if url := env.str("MAIL_SERVICE_URL", ""):
        anymail[f"{service.upper()}_API_URL"] = url
    return {"EMAIL_BACKEND": f"anymail.backends.{service}.EmailBackend", "ANYMAIL": anymail}
