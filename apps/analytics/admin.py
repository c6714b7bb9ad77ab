"""The funnel of the site, for whoever may see analytics."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils import timezone

from apps.analytics.chart import funnel_chart
from apps.analytics.funnel import funnel
from apps.analytics.models import SiteCount
from apps.core.staff.pages import FiguresAdmin


@admin.register(SiteCount)
class SiteFunnelAdmin(FiguresAdmin):
    """From a visit to a lead, day by day."""

    seen_with = "users.view_analytics"
    page_title = "Site funnel"
    page_template = "admin/analytics/funnel.html"

    def figures(self) -> dict[str, Any]:
        found = funnel(until=timezone.localdate())
        bars = [(one.on, one.steps.visits, one.steps.sent) for one in reversed(found.days)]
        return {"funnel": found, "chart": funnel_chart(bars)}
