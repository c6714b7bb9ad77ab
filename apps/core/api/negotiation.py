"""What an endpoint answers with when a client asks for something else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class AlwaysAnswer(DefaultContentNegotiation):
    """JSON, whatever `Accept` says: an answer in the wrong language beats none."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        try:
            chosen: tuple[BaseRenderer, Any] = super().select_renderer(
                request, renderers, format_suffix
            )
        except NotAcceptable:
            first = next(iter(renderers))
            return first, str(first.media_type)
        return chosen


class FormatFirst(AlwaysAnswer):
    """`?format=json` or `yaml` goes before `Accept`, which an address in a browser cannot say."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        known = list(renderers)
        wanted = request.query_params.get("format")
        named = [renderer for renderer in known if renderer.format == wanted]
        return super().select_renderer(request, named or known, format_suffix)
