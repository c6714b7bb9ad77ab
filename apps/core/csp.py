"""Content-Security-Policy: strict for the public, and what the admin theme needs inside."""

from __future__ import annotations

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# The admin, and the description of the API, whose viewer sets styles of its own.
_INTERNAL = ("/admin/", "/api/docs/", "/api/v1/docs/")


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """django-csp, with a second policy for the pages that only we open."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path.startswith(_INTERNAL):
            parts.config = settings.CONTENT_SECURITY_POLICY_INTERNAL
        return parts
