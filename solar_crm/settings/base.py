"""What every environment shares. What differs on a server is read from the environment."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta

from corsheaders.defaults import default_headers
from environs import validate

from solar_crm.settings.chat import *  # noqa: F403 (settings are one flat namespace)
from solar_crm.settings.content import *  # noqa: F403 (settings are one flat namespace)
from solar_crm.settings.environment import (
    database,
    env,
    redis_database,
    secret,
    secret_list,
)
from solar_crm.settings.files import *  # noqa: F403 (settings are one flat namespace)
from solar_crm.settings.files import BASE_DIR
from solar_crm.settings.logs import logging_config
from solar_crm.settings.mail import delivery_mail, mail_settings
from solar_crm.settings.openapi import OPENAPI
from solar_crm.settings.theme import unfold_config
from solar_crm.settings.work import *  # noqa: F403 (settings are one flat namespace)

# --- who we are --------------------------------------------------------------------------------
BRAND = {
    "name": env.str("BRAND_NAME", "Aurum Solar"),
    "phone": env.str("BRAND_PHONE", "(212) 555-0142"),
    "email": env.str("BRAND_EMAIL", "hello@aurum-solar.example"),
    # Under every mail to a customer: the law of the United States wants it there.
    "postal_address": env.str("BRAND_POSTAL_ADDRESS", "1 Example Street, Brooklyn, NY 11201"),
    "booking_url": env.str("BRAND_BOOKING_URL", ""),
}
DEFAULT_MARKET = env.str("DEFAULT_MARKET", "nyc")
SURFACE = env.str("SURFACE", "all", validate=validate.OneOf(["all", "public", "internal"]))
SITE_ADDRESS = env.str("SITE_ADDRESS", "http://localhost:8000")
# Where customers reach us, where that is not the same: links in mails to them begin with it.
PUBLIC_ADDRESS = env.str("PUBLIC_ADDRESS", SITE_ADDRESS)

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
    "apps.ledger",
    "apps.notifications",
    "apps.leads",
    "apps.conversations",
    "apps.b2b",
    "apps.integrations",
    "apps.pipeline",
    "apps.analytics",
]
MIDDLEWARE = [
    "apps.core.middleware.RequestContextMiddleware",
    "apps.core.middleware.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.core.csp.ContentSecurityPolicyMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "apps.core.middleware.SlashMiddleware",
    "apps.core.middleware.StorableFormMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.users.middleware.TimeZoneMiddleware",
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

# Pages that are open listen here. By publish and subscribe: the other layer's blocking reads meet
# redis-py's own time-out, which ends every silent socket after five seconds.
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [
                {
                    "address": redis_database(2),
                    "socket_timeout": None,
                    "socket_connect_timeout": 2.0,
                    "socket_keepalive": True,
                }
            ],
            "prefix": "solar-crm",
        },
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
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.users.authentication.BearerAuthentication",
        "apps.users.authentication.KeyAuthentication",
    ],
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

# --- the exchange ------------------------------------------------------------------------------
# How full a buyer's fullest cap is when its prices rise, where the price version does not say it.
SURGE_PRICING_THRESHOLD = env.float("SURGE_PRICING_THRESHOLD", 0.80)

# --- the doors ---------------------------------------------------------------------------------
INTAKE_MAX_BODY_BYTES = 256 * 1024
INTAKE_REPEAT_WINDOW_SECONDS = 300
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", [])
CORS_ALLOW_HEADERS = (*default_headers, "idempotency-key", "x-chat-token")
CORS_EXPOSE_HEADERS = ("Retry-After", "X-Request-ID")
CORS_URLS_REGEX = r"^/api/(v1/)?(integrations|solar|surveys|site|conversations)/"
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", [])
RATE_LIMITS = {
    "public": env.str("RATE_LIMIT_PUBLIC", "100/m"),
    "webhook": env.str("RATE_LIMIT_WEBHOOK", "100/h"),
    "staff": env.str("RATE_LIMIT_STAFF", "1000/m"),
    "b2b": env.str("RATE_LIMIT_B2B", "50/m"),
    "login": env.str("RATE_LIMIT_LOGIN", "5/m"),
    "chat": env.str("RATE_LIMIT_CHAT", "20/m"),
}
RATELIMIT_USE_CACHE = "default"
RATELIMIT_FAIL_OPEN = True
RATELIMIT_IP_META_KEY = "apps.core.client_address.client_address"
# Outgoing requests to private and link-local addresses: only where a person tries things out.
ALLOW_PRIVATE_ADDRESSES = False

# --- mail --------------------------------------------------------------------------------------
# `development` writes mails to files where no account is set.
globals().update(mail_settings("console:"))
# Leads that go to buyers by mail may have a server of their own.
DELIVERY_MAIL = delivery_mail()
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"{BRAND['name']} <{BRAND['email']}>")
# A mailbox whose mails come to the e-mail door. Empty: answers go to DEFAULT_FROM_EMAIL.
MAIL_REPLY_ADDRESS = env.str("MAIL_REPLY_ADDRESS", "")
# Who is told of a new request when the site does not send it by EmailJS itself.
LEAD_NOTIFICATION_RECIPIENTS: list[str] = env.list("LEAD_NOTIFICATION_RECIPIENTS", [])

# --- language and time --------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
TIME_ZONE = env.str("TIME_ZONE", "America/New_York")  # of the screens; the database holds UTC
USE_I18N = True
FORMAT_MODULE_PATH = ["solar_crm.formats"]
USE_TZ = True

# --- what browsers are told --------------------------------------------------------------------
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
