"""A server. Refuses to start in any state that would be unsafe or lose something."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from apps.core.logs import start_sentry
from solar_crm.settings.base import *  # noqa: F403 (settings are one flat namespace)
from solar_crm.settings.base import (
    ENCRYPTION_KEYS,
    SECRET_KEY,
    SENTRY_DSN,
    SUPPRESSION_KEY,
)
from solar_crm.settings.environment import env

ENVIRONMENT = "production"
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

_WEAK = ("development-only-", "test-only-", "django-insecure-", "change-me", "changeme")


def _refusals() -> list[str]:
    """Every reason not to start, all at once, so that one deploy finds them all."""
    found = []
    if DEBUG:
        found.append("DEBUG is on")
    if len(SECRET_KEY) < 40 or SECRET_KEY.startswith(_WEAK):
        found.append("SECRET_KEY is missing, short or a default: use 50 random characters")
    if not ENCRYPTION_KEYS:
        found.append("ENCRYPTION_KEYS is missing: `manage.py new_encryption_key` prints one")
    if len(SUPPRESSION_KEY) < 32 or SUPPRESSION_KEY.startswith(_WEAK):
        found.append("SUPPRESSION_KEY is missing or short: use 32 random characters, keep for ever")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        found.append("ALLOWED_HOSTS is empty or open: name the hosts you serve")
    return found


if _refused := _refusals():
    raise ImproperlyConfigured("Refusing to start in production: " + "; ".join(_refused) + ".")

start_sentry(SENTRY_DSN, environment=ENVIRONMENT)
