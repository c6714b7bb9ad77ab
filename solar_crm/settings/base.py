"""What every environment shares. What differs on a server is read from the environment."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from pathlib import Path

import dj_email_url  # type: ignore[import-untyped]  # comes without types
from corsheaders.defaults import default_headers
from environs import validate

from apps.core.embedded.places import data_dir
from solar_crm.settings.environment import (
    database,
    env,
    redis_database,
    secret,
    secret_list,
    service_url,
)
from solar_crm.settings.logs import logging_config
from solar_crm.settings.openapi import OPENAPI
from solar_crm.settings.schedule import BEAT_SCHEDULE, TASK_ROUTES
from solar_crm.settings.theme import unfold_config

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = data_dir()
FRONTEND_DIR = BASE_DIR / "frontend"

# --- who we are --------------------------------------------------------------------------------
BRAND = {
    "name": env.str("BRAND_NAME", "Aurum Solar"),
    "phone": env.str("BRAND_PHONE", "(212) 555-0142"),
    "email": env.str("BRAND_EMAIL", "hello@aurum-solar.example"),
}
DEFAULT_MARKET = env.str("DEFAULT_MARKET", "nyc")
SURFACE = env.str("SURFACE", "all", validate=validate.OneOf(["all", "public", "internal"]))
SITE_ADDRESS = env.str("SITE_ADDRESS", "http://localhost:8000")

# --- secrets -----------------------------------------------------------------------------------
DEBUG = False
# `development` gives this a default, `production` refuses one.
SECRET_KEY = secret("SECRET_KEY", "")
# First key encrypts, the others still decrypt: `manage.py rotate_encryption_keys` after a change.
ENCRYPTION_KEYS: list[str] = secret_list("ENCRYPTION_KEYS")
# Keyed hash of suppressed addresses. Changing it forgets every suppression: never change it.
SUPPRESSION_KEY = secret("SUPPRESSION_KEY", "")


def derived_key(purpose: str, base: str) -> str:
    """A Fernet key for `purpose`, for environments that set no key of their own."""
    digest = hashlib.sha256(f"{purpose}:{base}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()


# --- application -------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "auditlog",
    "corsheaders",
    "csp",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "apps.core",
    "apps.users",
    "apps.contacts",
    "apps.solar",
    "apps.intake",
    "apps.leads",
    "apps.integrations",
    "apps.pipeline",
]
MIDDLEWARE = [
    "apps.core.middleware.RequestContextMiddleware",
    "apps.core.middleware.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.core.csp.ContentSecurityPolicyMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "apps.core.audit.AuditMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "solar_crm.urls"
WSGI_APPLICATION = "solar_crm.wsgi.application"
ASGI_APPLICATION = "solar_crm.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.context.brand",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- stores ------------------------------------------------------------------------------------
DATABASES = {"default": database(pooled=env.bool("DATABASE_POOL", False))}
CACHES = {
    "default": {
        # Answers "not there" while Redis is away: a door must not close because a counter is lost.
        "BACKEND": "apps.core.cache.ForgivingRedisCache",
        "LOCATION": redis_database(1),
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1.0},
    },
}

# --- people ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["apps.users.backends.RoleBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# --- API ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.users.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["apps.core.api.throttles.CallerThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["apps.core.api.envelope.EnvelopeRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "apps.core.api.negotiation.AlwaysAnswer",
    "DEFAULT_PARSER_CLASSES": ["apps.core.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "apps.core.api.pagination.EnvelopePagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "apps.core.api.schema.EnvelopeAutoSchema",
    "EXCEPTION_HANDLER": "apps.core.api.exceptions.exception_handler",
    "COERCE_DECIMAL_TO_STRING": False,
    "URL_FORMAT_OVERRIDE": None,
}
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=60),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=7),
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    "UPDATE_LAST_LOGIN": True,
    "CHECK_REVOKE_TOKEN": True,  # a new password ends what was signed in with the old one
    "USER_ID_FIELD": "public_id",
    "USER_ID_CLAIM": "sub",
}
SPECTACULAR_SETTINGS = OPENAPI

# --- the calculator ----------------------------------------------------------------------------
# With a key PVWatts is asked first; without one, or when it does not answer, our own model is.
PVWATTS_API_KEY = secret("PVWATTS_API_KEY", "")
PVWATTS_URL = env.str("PVWATTS_URL", "https://developer.nlr.gov/api/pvwatts/v8.json")

# --- the doors ---------------------------------------------------------------------------------
INTAKE_MAX_BODY_BYTES = 256 * 1024
INTAKE_REPEAT_WINDOW_SECONDS = 300
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", [])
CORS_ALLOW_HEADERS = (*default_headers, "idempotency-key")
CORS_EXPOSE_HEADERS = ("Retry-After", "X-Request-ID")
CORS_URLS_REGEX = r"^/api/(v1/)?(integrations|solar)/"
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", [])
RATE_LIMITS = {
    "public": env.str("RATE_LIMIT_PUBLIC", "100/m"),
    "webhook": env.str("RATE_LIMIT_WEBHOOK", "100/h"),
    "staff": env.str("RATE_LIMIT_STAFF", "1000/m"),
    "b2b": env.str("RATE_LIMIT_B2B", "50/m"),
    "login": env.str("RATE_LIMIT_LOGIN", "5/m"),
}
RATELIMIT_USE_CACHE = "default"
RATELIMIT_FAIL_OPEN = True
RATELIMIT_IP_META_KEY = "apps.core.client_address.client_address"
# Outgoing requests to private and link-local addresses: only where a person tries things out.
ALLOW_PRIVATE_ADDRESSES = False

# --- background work ---------------------------------------------------------------------------
CELERY_BROKER_URL = service_url("REDIS_URL")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 0.5,
    "socket_timeout": 2.0,  # a broker that hangs holds no request; above the 1 s of a poll
    "socket_keepalive": True,
    # One try: the library's own retries would hold a request for six seconds.
    "max_retries": 0,
}
# The sweeper sends again whatever is lost, so a request never waits for a broker.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_DEFAULT_QUEUE = "intake"
CELERY_TASK_ROUTES = TASK_ROUTES
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Without this Celery closes the database connection around every single task.
CELERY_DB_REUSE_MAX = 500
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
OUTBOX_LEASE_SECONDS = env.int("OUTBOX_LEASE_SECONDS", 60)

# --- mail --------------------------------------------------------------------------------------
# The address holds the password of the mail account.
EMAIL_CONFIG = dj_email_url.parse(secret("EMAIL_URL", "console:"))
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = EMAIL_CONFIG.get("EMAIL_FILE_PATH", "")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"{BRAND['name']} <{BRAND['email']}>")
# Who is told of a new request when the site does not send it by EmailJS itself.
LEAD_NOTIFICATION_RECIPIENTS: list[str] = env.list("LEAD_NOTIFICATION_RECIPIENTS", [])

# --- language, time, files ---------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
TIME_ZONE = env.str("TIME_ZONE", "America/New_York")  # of the screens; the database holds UTC
USE_I18N = True
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT: Path | None = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]

# --- what may load what ------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'", "https://api.emailjs.com"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}
# The admin theme runs Alpine expressions and sets styles; it still loads nothing from elsewhere.
CONTENT_SECURITY_POLICY_INTERNAL = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "script-src": ["'self'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "connect-src": ["'self'"],
    "font-src": ["'self'", "data:"],
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

# --- watching ----------------------------------------------------------------------------------
LOGGING = logging_config(level=env.str("LOG_LEVEL", "INFO"))
SENTRY_DSN = secret("SENTRY_DSN", "")
METRICS_NETWORKS: list[str] = env.list(
    "METRICS_NETWORKS", ["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
)
UNFOLD = unfold_config(BRAND["name"])
AUDITLOG_INCLUDE_ALL_MODELS = False
AUDITLOG_DISABLE_REMOTE_ADDR = False
