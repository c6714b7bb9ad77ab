"""What the published schema says of itself (drf-spectacular)."""

from __future__ import annotations

from typing import Any

OPENAPI: dict[str, Any] = {
    "TITLE": "Solar CRM API",
    "DESCRIPTION": "Leads from the first click to the last maintenance visit. Every answer bears"
    " `X-Request-ID`. `/api/v1/…` is the same as `/api/…`.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": True,
    "PREPROCESSING_HOOKS": ["apps.core.api.schema.with_slash_only"],
    "APPEND_COMPONENTS": {
        "securitySchemes": {"sourceKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"}}
    },
    "ENUM_NAME_OVERRIDES": {
        "LeadStatus": "apps.leads.choices.LeadStatus",
        "Level": "apps.leads.choices.Level",
        "PropertyType": "apps.leads.choices.PropertyType",
        "EstimatePropertyType": "apps.solar.api.serializers.PROPERTY_TYPES",
        "Shading": "apps.leads.choices.Shading",
        "EventState": "apps.intake.choices.EventState",
    },
}
