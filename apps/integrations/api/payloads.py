"""How the doors' payloads are published in the OpenAPI schema.

Loose on purpose: a door takes what it can and keeps the rest, so nothing but "an object" is
promised to be checked.
"""

from __future__ import annotations

from typing import Any


def _body(example: dict[str, Any]) -> dict[str, Any]:
    described = {
        "market": "`nyc` or `india`; found out from the postal code or phone when left out.",
        "partial": "True while the form is not finished.",
        "consent": "`{given, text, version, channels, certificate_url}`: what was agreed to.",
        "attribution": "`utm_*`, `gclid`, `fbclid`, `referrer`, `landing_page`, `first_touch`.",
        "idempotency_key": "The same key and body get the same answer; or send the header.",
        "website": "A honeypot: leave it empty.",
    }
    properties: dict[str, Any] = {name: {} for name in example}
    properties |= {name: {"description": words} for name, words in described.items()}
    schema = {
        "type": "object",
        "properties": properties,
        "additionalProperties": True,
        "example": example,
    }
    return {"application/json": schema}


EMAILJS = _body(
    {
        "form_type": "quote_request",
        "service_type": "",
        "contact_info": {"name": "Ana Rivera", "email": "ana@example.com", "phone": "212 555 0142"},
        "form_data": {"postal_code": "10021", "monthly_bill": "400", "property_type": "co_op"},
        "timestamp": "2026-11-21T12:00:00Z",
        "source": "website_form",
    }
)
CHATBOT = _body(
    {
        "session_id": "chat_1763700000000",
        "user_messages": ["I own a brownstone in 11215"],
        "bot_responses": ["What is your monthly bill?"],
        "user_info": {"name": "Ana Rivera", "email": "ana@example.com"},
        "conversation_context": {"bill_amount": 350, "homeowner_verified": True},
    }
)
CALCULATOR = _body(
    {
        "session_id": "calc_1763700000000",
        "calculation_results": {"system_capacity_kw": 7},
        "user_inputs": {"zip_code": "11215", "monthly_bill": 240},
        "user_info": {
            "first_name": "Ana",
            "last_name": "Rivera",
            "email": "ana@example.com",
            "phone": "+12125550142",
        },
        "timestamp": "2026-11-21T12:00:00Z",
    }
)
VENDOR = _body(
    {
        "external_id": "v-1001",
        "first_name": "Ana",
        "last_name": "Rivera",
        "email": "ana@example.com",
        "phone": "+12125550142",
        "zip_code": "11215",
        "trustedform_cert_url": "https://cert.trustedform.com/0123",
    }
)
EMAIL: dict[str, Any] = {
    "application/json": {
        "type": "object",
        "additionalProperties": True,
        "properties": {
            "from": {"description": "`Ana Rivera <ana@example.com>`, or `{email, name}`."},
            "to": {"description": "A text, an object, or a list of them."},
            "subject": {},
            "text": {},
            "html": {"description": "Read where there is no text."},
            "message_id": {},
            "in_reply_to": {},
            "references": {},
            "headers": {"description": "An object, or a list of `{name, value}`."},
            "attachments": {"description": "Names; contents are not kept."},
        },
        "example": {
            "from": "Ana Rivera <ana@example.com>",
            "to": "reply+0123456789abcdef0123@in.example.com",
            "subject": "Re: Your solar request",
            "text": "Tuesday after six, please.",
            "message_id": "<a1@mail.example.com>",
        },
    },
    "message/rfc822": {"type": "string", "format": "binary"},
}
REPORT: dict[str, Any] = {
    "application/json": {"description": "As the mail service in use reports.", "type": "object"}
}
