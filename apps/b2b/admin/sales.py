"""What was sold, and the trace of how every lead was routed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import display
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    MultipleChoicesDropdownFilter,
    RelatedDropdownFilter,
)

from apps.b2b.models import RouteDecision, Sale
from apps.b2b.trace import lead_trace
from apps.core.money import Money
from apps.core.staff.filters import DaysFilter
from apps.core.staff.marks import age, mark, page_link
from apps.core.staff.pages import ReadOnlyAdmin
from apps.leads.selectors import leads_visible_to
from apps.users.selectors import signed_in

SALE_TONES = {"reserved": "info", "accepted": "good", "released": "plain"}


@admin.register(Sale)
class SaleAdmin(ReadOnlyAdmin):
    """Every lead that was promised to a buyer."""

    when_empty = (
        "Nothing was sold yet: rules under Work or sell say which leads are offered to buyers."
    )

    list_display = ("state_mark", "lead_link", "platform", "money", "why", "reserved")
    list_display_links = ("state_mark",)
    list_filter = (
        ("state", MultipleChoicesDropdownFilter),
        ("platform", RelatedDropdownFilter),
        ("reserved_at", DaysFilter),
    )
    list_select_related = ("lead", "platform")
    fields = (
        ("lead_link", "platform"),
        ("state_mark", "money"),
        ("is_exclusive", "shared_up_to"),
        ("kept", "reserved"),
        "why",
    )
    readonly_fields = ("lead_link", "state_mark", "money", "kept", "why", "reserved")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.trace)
        return [path("trace/<int:lead_pk>/", view, name="b2b_trace"), *super().get_urls()]

    def trace(self, request: HttpRequest, lead_pk: int) -> HttpResponse:
        """Everything the exchange did with one lead, on one page."""
        lead = leads_visible_to(signed_in(request)).filter(pk=lead_pk).first()
        if lead is None or not self.has_view_permission(request):
            raise Http404
        context: dict[str, Any] = self.admin_site.each_context(request) | {
            "title": f"Trace of {lead.name}",
            "opts": self.model._meta,
            "lead": lead,
            "trace": lead_trace(lead),
        }
        return TemplateResponse(request, "admin/b2b/trace.html", context)

    @display(description="Lead")
    def lead_link(self, sale: Sale) -> SafeString:
        return page_link("leads.lead", sale.lead_id, sale.lead)

    @display(description="State", ordering="state")
    def state_mark(self, sale: Sale) -> SafeString:
        return mark(sale.get_state_display(), SALE_TONES[sale.state])

    @display(description="Price", ordering="price")
    def money(self, sale: Sale) -> str:
        return str(Money(sale.price, sale.currency))

    @display(description="Commission")
    def kept(self, sale: Sale) -> str:
        return str(Money(sale.commission, sale.currency))

    @display(description="Why not")
    def why(self, sale: Sale) -> str:
        return sale.release_words or sale.get_release_reason_display() if sale.released_at else "—"

    @display(description="Offered", ordering="reserved_at")
    def reserved(self, sale: Sale) -> SafeString | str:
        return age(sale.reserved_at)


@admin.register(RouteDecision)
class RouteDecisionAdmin(ReadOnlyAdmin):
    """Every time somebody asked who should have a lead."""

    list_display = ("reason", "lead_link", "by", "decided")
    list_display_links = ("reason",)
    list_filter = (("strategy", ChoicesDropdownFilter), ("decided_at", DaysFilter))
    list_select_related = ("lead",)
    fields = (("lead_link", "decided"), "reason", "strategy", ("share_up_to", "only"))
    readonly_fields = ("lead_link", "decided")

    @display(description="Lead")
    def lead_link(self, decision: RouteDecision) -> SafeString:
        return page_link("leads.lead", decision.lead_id, decision.lead)

    @display(description="By", ordering="strategy")
    def by(self, decision: RouteDecision) -> str:
        """The strategy by its name, without what it looks at."""
        return decision.get_strategy_display().partition(":")[0]

    @display(description="Decided", ordering="decided_at")
    def decided(self, decision: RouteDecision) -> SafeString | str:
        return age(decision.decided_at)
