"""Posting a lead to a buyer's API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from apps.b2b.transports.contracts import Parcel, Reply
from apps.b2b.transports.json_api.config import SETTINGS, TEMPLATE
from apps.core import http
from apps.core.errors import Misconfigured, Unreachable


class JsonApi:
    """A POST of JSON, with our delivery id as `Idempotency-Key`."""

    label = "JSON API"
    body: Literal["json", "csv"] = "json"
    settings = SETTINGS
    template = TEMPLATE

    def send(self, parcel: Parcel) -> Reply:
        headers = {
            "content-type": parcel.content_type,
            "accept": "application/json",
            "idempotency-key": parcel.key,
        } | _key_header(parcel.endpoint, parcel.credentials)
        url = address(parcel.endpoint)
        answer = http.send("POST", url, content=parcel.body, headers=headers)
        return Reply(answer.status, answer.body, answer.headers)

    def reach(self, endpoint: Mapping[str, Any], credentials: Mapping[str, Any]) -> str:
        return ask(endpoint, _key_header(endpoint, credentials))


def address(endpoint: Mapping[str, Any]) -> str:
    """Where leads are posted to. Raises Misconfigured when nobody said."""
    if not (url := str(endpoint.get("url") or "")):
        raise Misconfigured("There is no address.")
    return url


def ask(endpoint: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """Is the buyer's web server there? Any answer under 500 means yes."""
    if url := endpoint.get("health_url"):
        answer = http.send("GET", url, headers=headers, deadline=10.0)
    else:
        answer = http.send("HEAD", address(endpoint), headers=headers, deadline=10.0)
    if answer.status >= 500:
        raise Unreachable(f"It answers {answer.status}")
    return f"It answers ({answer.status})"


def _key_header(endpoint: Mapping[str, Any], credentials: Mapping[str, Any]) -> dict[str, str]:
    key = str(credentials.get("key") or "")
    return {str(endpoint.get("auth_header") or "Authorization").lower(): key} if key else {}
