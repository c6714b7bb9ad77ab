"""The tests: the same engine as everywhere, limits off unless a test puts them on."""

from __future__ import annotations

from solar_crm.settings.base import *  # noqa: F403 (settings are one flat namespace)
from solar_crm.settings.base import REST_FRAMEWORK, derived_key

ENVIRONMENT = "test"
SECRET_KEY = "test-only-" + "solar" * 8
ENCRYPTION_KEYS = [derived_key("encryption", SECRET_KEY)]
SUPPRESSION_KEY = derived_key("suppression", SECRET_KEY)
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
RATE_LIMITS = dict.fromkeys(("public", "webhook", "staff", "b2b", "login", "chat"), "off")
REST_FRAMEWORK = REST_FRAMEWORK | {"TEST_REQUEST_DEFAULT_FORMAT": "json"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LEAD_NOTIFICATION_RECIPIENTS = ["leads@aurum-solar.example"]
STATIC_ROOT = None  # nothing is collected here: files are found where they lie
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CHAT_PROVIDERS = []  # nobody is asked, whatever keys the environment holds
STANDIN_BUYERS_URL, STANDIN_FILES_PORT = "http://127.0.0.1:9", 9  # nobody
