"""Writing a mail to a lead: choose a template, edit, look at it, send."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from apps.core.errors import Conflict, InvalidInput
from apps.core.ids import new_id
from apps.leads.actions.mailing import lead_mail_queue
from apps.leads.admin.my_day import day_of, page_in_day
from apps.leads.mail.account import mail_account
from apps.leads.mail.facts import mail_verdict
from apps.leads.mail.values import mail_values
from apps.leads.mail.wording import as_html, fill
from apps.leads.models import Lead, LeadMail, MailTemplate, Purpose
from apps.leads.selectors import lead_mails, lead_visible_to, templates_for
from apps.users.selectors import signed_in


class LetterForm(forms.Form):
    """The words of a mail. `mail_id` comes with the page, so a second click sends no second one."""

    subject = forms.CharField(max_length=200, widget=UnfoldAdminTextInputWidget())
    body = forms.CharField(
        max_length=20_000, label="Text", widget=UnfoldAdminTextareaWidget({"rows": 14})
    )
    purpose = forms.ChoiceField(
        choices=Purpose.choices, label="This mail", widget=UnfoldAdminSelectWidget()
    )
    mail_id = forms.UUIDField(widget=forms.HiddenInput())


class MailingMixin:
    """The page `mail/` of a lead."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.mail_view)  # type: ignore[attr-defined]
        return [
            path("<int:key>/mail/", view, name="leads_lead_mail"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def has_mail_permission(self, request: HttpRequest, lead: Any = None) -> bool:
        may_change = self.has_change_permission(request, lead)  # type: ignore[attr-defined]
        return bool(may_change and request.user.has_perm("leads.add_leadmail"))

    def mail_view(self, request: HttpRequest, key: int) -> HttpResponse:
        row = self.get_queryset(request).filter(pk=key).first()  # type: ignore[attr-defined]
        if row is None:
            raise Http404
        if not self.has_mail_permission(request, row):
            raise PermissionDenied
        lead = lead_visible_to(signed_in(request), row.public_id)
        template = _template(request, lead)
        answers = _answers(request, lead)
        if request.method == "POST":
            form = LetterForm(request.POST)
            if template is not None:
                form.fields["purpose"].required = False
            is_meant = form.is_valid() and "send" in request.POST
            if is_meant and _send(request, lead, form, template, answers):
                return redirect(page_in_day(lead.pk, day_of(request)))
        else:
            form = LetterForm(initial=_initial(request, lead, template, answers))
        return self._page(request, lead, form, template, answers)

    def _page(
        self,
        request: HttpRequest,
        lead: Lead,
        form: LetterForm,
        template: MailTemplate | None,
        answers: LeadMail | None,
    ) -> HttpResponse:
        body = str(form["body"].value() or "")
        purpose = template.purpose if template else form["purpose"].value()
        values = mail_values(lead, rep=signed_in(request))
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "opts": Lead._meta,
            "title": f"Mail to {lead.name}",
            "lead": lead,
            "day": day_of(request),
            "form": form,
            "template": template,
            "answers": answers,
            "templates": templates_for(lead),
            "verdict": mail_verdict(lead, is_marketing=purpose == Purpose.MARKETING),
            "purpose": Purpose(purpose).label if purpose in Purpose.values else "",
            "missing": fill(f"{form['subject'].value() or ''}\n{body}", values).missing,
            "preview": as_html(body),
            "account": mail_account(),
        }
        return TemplateResponse(request, "admin/leads/mail/write.html", context)


def _template(request: HttpRequest, lead: Lead) -> MailTemplate | None:
    stated = request.GET.get("template") or request.POST.get("template")
    if not (stated and stated.isdecimal() and len(stated) < 18):
        return None
    return templates_for(lead).filter(pk=stated).first()


def _answers(request: HttpRequest, lead: Lead) -> LeadMail | None:
    """The mail of theirs that this one answers."""
    stated = request.GET.get("answers") or request.POST.get("answers")
    if not (stated and stated.isdecimal() and len(stated) < 18):
        return None
    return lead_mails(lead).filter(pk=stated, direction=LeadMail.Direction.IN).first()


def _initial(
    request: HttpRequest, lead: Lead, template: MailTemplate | None, answers: LeadMail | None
) -> dict[str, Any]:
    initial: dict[str, Any] = {"mail_id": new_id(), "purpose": Purpose.TRANSACTIONAL}
    if template is not None:
        values = mail_values(lead, rep=signed_in(request))
        initial |= {
            "subject": fill(template.subject, values).text,
            "body": fill(template.body, values).text,
            "purpose": template.purpose,
        }
    if answers is not None:
        subject = answers.subject
        is_thread = subject.lower().startswith("re:")
        initial["subject"] = subject if is_thread else f"Re: {subject}"
    return initial


def _send(
    request: HttpRequest,
    lead: Lead,
    form: LetterForm,
    template: MailTemplate | None,
    answers: LeadMail | None,
) -> bool:
    stated = form.cleaned_data
    mail_id: UUID = stated["mail_id"]
    try:
        lead_mail_queue(
            lead.public_id,
            mail_id=mail_id,
            subject=stated["subject"],
            body=stated["body"],
            purpose=stated["purpose"] or Purpose.TRANSACTIONAL,
            template=template,
            answers=answers,
            actor=signed_in(request),
            now=timezone.now(),
        )
    except InvalidInput as refusal:
        for name, words in refusal.details.items():
            form.add_error(name, words)
        return False
    except Conflict as refusal:
        form.add_error(None, refusal.message)
        return False
    account = mail_account()
    messages.success(
        request, "On its way." if account.reaches_people else f"Kept. {account.words}."
    )
    return True
