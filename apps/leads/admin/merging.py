"""Merging on the pages of leads: find the other one, look at both, merge, take apart."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from apps.contacts.models import Contact
from apps.contacts.selectors import consent_lines
from apps.core.staff.marks import page_of
from apps.core.staff.pages import refusals_shown
from apps.core.staff.panels import Panel, page_panel
from apps.leads.actions.merging import leads_merge, may_merge
from apps.leads.actions.unmerging import leads_unmerge, merge_to_undo
from apps.leads.choices import LeadStatus
from apps.leads.merge_page import merge_page, survivor_first
from apps.leads.merging import UNITS, Side
from apps.leads.models import Lead, LeadMerge
from apps.leads.search import search_leads
from apps.leads.selectors import leads_visible_to
from apps.users.selectors import signed_in

_MOST_FOUND = 10


class MergePagesMixin:
    """The merging half of `LeadAdmin`."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.merge_view)  # type: ignore[attr-defined]
        return [path("<int:key>/merge/", view, name="leads_lead_merge"), *super().get_urls()]  # type: ignore[misc]

    def merge_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Choose the other lead, then whose words stay. Posting does it."""
        lead = self._merge_lead(request, key)
        if lead is None:
            raise Http404
        if not self.has_change_permission(request, lead):  # type: ignore[attr-defined]
            raise PermissionDenied
        other = self._merge_lead(request, request.POST.get("with") or request.GET.get("with"))
        if other is None or other.pk == lead.pk:
            return self._merge_choose(request, lead)
        if request.method == "POST":
            with refusals_shown(request):
                leads_merge(
                    lead.public_id,
                    other.public_id,
                    actor=signed_in(request),
                    keep=_kept(request),
                    now=timezone.now(),
                )
                messages.success(request, f"Merged. All that {other.name} had is here now.")
                return redirect(page_of("leads.lead", lead.pk))
        elif "survivor" not in request.GET:
            lead, other = survivor_first(lead, other)
        return self._merge_page(
            request,
            "admin/leads/merge.html",
            title="Merge two leads",
            page=merge_page(lead, other, _kept(request)),
            may_merge=may_merge(signed_in(request), lead, other),
        )

    def press_unmerge(self, request: HttpRequest, lead: Lead) -> str:
        done = leads_unmerge(
            merge_to_undo(lead).public_id, actor=signed_in(request), now=timezone.now()
        )
        words = "Taken apart: both leads are as they were."
        if done.kept:
            kept = ", ".join(name.removesuffix("_id").replace("_", " ") for name in done.kept)
            words += f" Changed since, and left as it is: {kept}."
        if done.missing:
            words += f" {done.missing} of the things that had moved are gone."
        return words

    def _merge_choose(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        text = request.GET.get("q", "").strip()
        found = search_leads(leads_visible_to(signed_in(request)), text) if text else None
        if found is not None:
            found = found.exclude(pk=lead.pk).exclude(status=LeadStatus.DUPLICATE)
            found = found.select_related("territory", "market").defer("original_data")
        return self._merge_page(
            request,
            "admin/leads/merge_choose.html",
            title="Merge with another lead",
            lead=lead,
            text=text,
            found=None if found is None else list(found[:_MOST_FOUND]),
        )

    def _merge_page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        context |= self.admin_site.each_context(request)  # type: ignore[attr-defined]
        context |= {"opts": Lead._meta, "title": context["title"]}
        return TemplateResponse(request, template, context)

    def _merge_lead(self, request: HttpRequest, key: Any) -> Lead | None:
        if not str(key or "").isdecimal() or len(str(key)) > 17:
            return None
        leads: QuerySet[Lead] = leads_visible_to(signed_in(request))
        return (
            leads.select_related("market", "territory", "assigned_to", "source")
            .filter(pk=int(key))
            .first()
        )


def _kept(request: HttpRequest) -> dict[str, Side]:
    """Whose words the form says stay."""
    kept: dict[str, Side] = {}
    for unit in UNITS:
        match request.POST.get(f"keep_{unit}"):
            case "survivor":
                kept[unit] = "survivor"
            case "duplicate":
                kept[unit] = "duplicate"
    return kept


@page_panel("leads.lead", place=1)
def _merges(request: HttpRequest, lead: Lead) -> Panel | None:
    """What this lead was merged into, or what was merged into it."""
    standing = LeadMerge.objects.filter(undone_at=None).select_related(
        "survivor", "duplicate", "actor"
    )
    away = standing.filter(duplicate=lead).first()
    into = list(standing.filter(survivor=lead).order_by("-pk"))
    if away is None and not into:
        return None
    latest = away or into[0]
    return Panel(
        "Merged into another lead" if away else "Merged into this lead",
        "admin/leads/merges.html",
        {
            "away": away,
            "into": into,
            "may_undo": may_merge(signed_in(request), latest.survivor, latest.duplicate),
        },
        count=None if away else len(into),
    )


@page_panel("contacts.contact", place=5)
def _one_person(request: HttpRequest, contact: Contact) -> Panel | None:
    """Other records of this person, and what was agreed to under them."""
    merged = list(contact.merged.order_by("pk"))
    if contact.merged_into is None and not merged:
        return None
    lines = consent_lines(contact.pk).exclude(contact=contact.pk).reverse()
    return Panel(
        "The same person",
        "admin/leads/one_person.html",
        {"into": contact.merged_into, "merged": merged, "lines": lines[:20]},
    )
