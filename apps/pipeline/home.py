"""The admin's home page: what came in, what stands still, what to do next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def home_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    return context


def environment_label(request: HttpRequest) -> list[str] | None:
    return None


def new_leads_badge(request: HttpRequest) -> str:
    return ""


def parked_badge(request: HttpRequest) -> str:
    return ""
