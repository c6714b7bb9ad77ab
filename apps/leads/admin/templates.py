"""Templates of mails: what they may say is shown beside them, and tried on a real lead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import display
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from apps.core.staff.marks import mark
from apps.core.staff.pages import StaffAdmin
from apps.core.staff.panels import Panel, page_panel
from apps.leads.mail.values import mail_values
from apps.leads.mail.wording import VARIABLES, as_html, fill, problems
from apps.leads.models import Lead, MailTemplate, Purpose
from apps.leads.selectors import leads_visible_to
from apps.users.selectors import signed_in


class MailTemplateForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """A template names only what is known."""

    class Meta:
        model = MailTemplate
        fields = ("subject", "body")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if found := problems(cleaned.get("subject", ""), cleaned.get("body", "")):
            raise ValidationError({"body": found})
        return cleaned


@admin.register(MailTemplate)
class MailTemplateAdmin(StaffAdmin):
    """Words for mails to leads. A mail that was sent keeps the words it was sent with."""

    form = MailTemplateForm
    list_display = ("name", "purpose_mark", "language", "market", "in_use")
    list_filter = (
        ("purpose", ChoicesDropdownFilter),
        ("language", ChoicesDropdownFilter),
        ("market", RelatedDropdownFilter),
    )
    list_select_related = ("market",)
    search_fields = ("name", "subject")
    fields = (
        ("name", "key"),
        ("purpose", "is_active"),
        ("language", "market"),
        "subject",
        "body",
    )

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"key": ("name",)}

    @display(description="Purpose", ordering="purpose")
    def purpose_mark(self, template: MailTemplate) -> SafeString:
        is_offer = template.purpose == Purpose.MARKETING
        return mark(template.get_purpose_display(), "gold" if is_offer else "info")

    @display(description="In use", ordering="is_active")
    def in_use(self, template: MailTemplate) -> SafeString:
        return mark("Offered", "good") if template.is_active else mark("Put away")


@page_panel("leads.mailtemplate")
def _tried(request: HttpRequest, template: MailTemplate) -> Panel:
    """The template with the values of a real lead: the newest one of its market, or ?lead=."""
    leads = leads_visible_to(signed_in(request)).select_related(
        "market", "territory", "assigned_to"
    )
    if template.market_id:
        leads = leads.filter(market=template.market_id)
    lead = _chosen(request, leads) or leads.first()
    values = mail_values(lead, rep=signed_in(request)) if lead else {}
    subject, body = fill(template.subject, values), fill(template.body, values)
    return Panel(
        "As it would read",
        "admin/leads/mail/tried.html",
        {
            "lead": lead,
            "leads": leads[:20],
            "subject": subject.text,
            "html": as_html(body.text),
            "missing": sorted({*subject.missing, *body.missing}),
        },
    )


@page_panel("leads.mailtemplate")
def _names(request: HttpRequest, template: MailTemplate) -> Panel:
    return Panel("What it may say", "admin/leads/mail/names.html", {"names": VARIABLES.items()})


def _chosen(request: HttpRequest, leads: Any) -> Lead | None:
    stated = request.GET.get("lead", "")
    if not (stated.isdecimal() and len(stated) < 18):
        return None
    found: Lead | None = leads.filter(pk=stated).first()
    return found
