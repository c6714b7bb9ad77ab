"""A laptop: keys that are nobody's secret, no limits, private addresses allowed."""

from __future__ import annotations

from apps.core.logs import start_sentry
from solar_crm.settings.base import *  # noqa: F403 (settings are one flat namespace)
from solar_crm.settings.base import DATA_DIR, SENTRY_DSN, derived_key
from solar_crm.settings.environment import env
from solar_crm.settings.mail import mail_settings

ENVIRONMENT = "development"
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "development-only-" + "solar" * 8)
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS", [derived_key("encryption", SECRET_KEY)])
SUPPRESSION_KEY = env.str("SUPPRESSION_KEY", derived_key("suppression", SECRET_KEY))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["*"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
RATE_LIMITS = {
    name: env.str(f"RATE_LIMIT_{name.upper()}", "off")
    for name in ("public", "webhook", "staff", "b2b", "login", "chat")
}
ALLOW_PRIVATE_ADDRESSES = True
# Without an account mails reach nobody; here they can at least be opened.
globals().update(mail_settings(f"file:///{DATA_DIR / 'mail'}"))
STATIC_ROOT = None  # nothing is collected here: files are found where they lie
WHITENOISE_USE_FINDERS = True

start_sentry(SENTRY_DSN, environment=ENVIRONMENT)
# Where `manage.py standin_buyers` listens, for the buyers of the demo.
STANDIN_BUYERS_URL = env.str("STANDIN_BUYERS_URL", "http://127.0.0.1:8090")
STANDIN_FILES_PORT = env.int("STANDIN_FILES_PORT", 8091)
