"""What the published schema says of itself (drf-spectacular)."""

from __future__ import annotations

from typing import Any

OPENAPI: dict[str, Any] = {
    "TITLE": "Solar CRM API",
    "DESCRIPTION": "Leads from the first click to the last maintenance visit.\n\n"
    "**Who you are**: `Authorization: Bearer` with the access token of `POST /api/auth/login/`, or"
    " `X-API-Key` with a key from the admin (*API keys*). Press *Authorize* to try things here.\n\n"
    "**Every answer** has the same envelope and bears `X-Request-ID`. A `POST` that creates"
    " honours `Idempotency-Key`. `/api/v1/…` is the same as `/api/…`.",
    "TAGS": [
        {"name": "auth", "description": "Signing in, and who I am."},
        {"name": "leads", "description": "Leads I may see: read, entered, changed, counted."},
        {"name": "integrations", "description": "The doors: whatever comes in, by any way."},
        {"name": "solar", "description": "The calculator."},
        {"name": "surveys", "description": "Site surveys, booked and moved by the customer."},
        {"name": "notifications", "description": "What people are told."},
        {"name": "b2b", "description": "The exchange: buyers, sales, deliveries, alerts, money."},
        {"name": "revenue", "description": "What buyers say became of their leads."},
        {"name": "system", "description": "Health, load and failures, for those who run it."},
    ],
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": True,
        "persistAuthorization": True,
        "docExpansion": "none",
        "filter": True,
        "tryItOutEnabled": True,
    },
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": True,
    "PREPROCESSING_HOOKS": ["apps.core.api.schema.every_address_once"],
    "APPEND_COMPONENTS": {
        "securitySchemes": {"sourceKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"}}
    },
    "ENUM_NAME_OVERRIDES": {
        "LeadStatus": "apps.leads.choices.LeadStatus",
        "LeadTier": "apps.leads.choices.Tier",
        "PlatformTier": "apps.b2b.choices.Tier",
        "PlatformStatus": "apps.b2b.choices.PlatformStatus",
        "CallStatus": "apps.leads.choices.CallStatus",
        "HealthStatus": "apps.core.api.system.VERDICTS",
        "TaskKind": "apps.leads.choices.TaskKind",
        "TaskState": "apps.leads.choices.TaskState",
        "Level": "apps.leads.choices.Level",
        "Role": "apps.users.models.Role",
        "PropertyType": "apps.leads.choices.PropertyType",
        "EstimatePropertyType": "apps.solar.api.serializers.PROPERTY_TYPES",
        "Shading": "apps.leads.choices.Shading",
        "Language": "apps.core.words.LANGUAGE_CODES",
        "EventState": "apps.intake.choices.EventState",
        "BuyerHealth": "apps.b2b.choices.Health",
        "DeliveryState": "apps.b2b.choices.DeliveryState",
        "SaleState": "apps.b2b.choices.SaleState",
    },
}
