"""The buttons of whoever works a lead: how a call ended, what was written, what is to be done."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from apps.core.errors import InvalidInput
from apps.core.staff.pages import Button
from apps.leads.actions.contacting import call_outcome, contact_log
from apps.leads.actions.tasks import task_add, task_done, task_put_off
from apps.leads.admin.my_day import page_in_day
from apps.leads.choices import TaskKind
from apps.leads.models import Lead, Task
from apps.leads.selectors import task_of_lead
from apps.leads.work_page import contact_zone
from apps.users.selectors import signed_in

_CHANGE = "leads.change_lead"

WORK_BUTTONS = tuple(
    Button(name, label, icon, _CHANGE, shown=lambda lead: False)
    for name, label, icon in (
        ("outcome", "Note how the call ended", "call"),
        ("contact", "Note a mail or a meeting", "outgoing_mail"),
        ("task_add", "Add the task", "add_task"),
        ("task_done", "Done", "task_alt"),
        ("task_later", "Put off", "snooze"),
    )
)

Told = str | HttpResponseRedirectBase


class WorkMixin:
    """The working half of `LeadAdmin`. Every form may send `day`: then the next lead follows."""

    def press_outcome(self, request: HttpRequest, lead: Lead) -> Told:
        task = call_outcome(
            lead.public_id,
            outcome=request.POST.get("outcome", ""),
            note=request.POST.get("note", ""),
            reason=request.POST.get("reason", ""),
            callback_at=_moment(request.POST.get("callback_at", ""), contact_zone(lead)),
            actor=signed_in(request),
            now=timezone.now(),
        )
        return _onwards(request, lead, f"Noted. Next: {_when(task)}." if task else "Noted.")

    def press_contact(self, request: HttpRequest, lead: Lead) -> Told:
        contact_log(
            lead.public_id,
            channel=request.POST.get("channel", ""),
            note=request.POST.get("note", ""),
            actor=signed_in(request),
            now=timezone.now(),
        )
        return _onwards(request, lead, "Noted.")

    def press_task_add(self, request: HttpRequest, lead: Lead) -> Told:
        kind = request.POST.get("kind", "")
        due_at = _moment(request.POST.get("due_at", ""), timezone.get_current_timezone_name())
        if kind not in TaskKind.values or due_at is None:
            raise InvalidInput("Say what kind of task it is, and when it is due.")
        task = task_add(
            lead.pk,
            kind=kind,
            title=request.POST.get("title", ""),
            due_at=due_at,
            actor=signed_in(request),
            now=timezone.now(),
        )
        return _onwards(request, lead, f"Written down: {_when(task)}.")

    def press_task_done(self, request: HttpRequest, lead: Lead) -> Told:
        task_done(
            _task(request, lead).public_id,
            result=request.POST.get("result", ""),
            actor=signed_in(request),
            now=timezone.now(),
        )
        return _onwards(request, lead, "Done.")

    def press_task_later(self, request: HttpRequest, lead: Lead) -> Told:
        task = task_put_off(
            _task(request, lead).public_id,
            by=request.POST.get("by", ""),
            now=timezone.now(),
        )
        return _onwards(request, lead, f"Put off: {_when(task)}.")


def _task(request: HttpRequest, lead: Lead) -> Task:
    try:
        return task_of_lead(lead, UUID(request.POST.get("task", "")))
    except ValueError as error:
        raise InvalidInput("Say which task.") from error


def _onwards(request: HttpRequest, lead: Lead, told: str) -> Told:
    """To the next lead of the day for whoever came from there, else back to the page."""
    where = {
        "next": f"{reverse('admin:leads_my_day_next')}?after={lead.pk}",
        "list": reverse("admin:leads_my_day"),
        "stay": page_in_day(lead.pk, "next"),
    }.get(request.POST.get("day", ""))
    if where is None:
        return told
    messages.success(request, told)
    return redirect(where)


def _moment(text: str, zone: str) -> datetime | None:
    """What a date field says in a time zone; None for nothing, InvalidInput for nonsense."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("This is not a date and a time.") from error
    return moment.replace(tzinfo=ZoneInfo(zone))


def _when(task: Task) -> str:
    local = timezone.localtime(task.due_at)
    today = timezone.localdate()
    days = {today: "today", today + timedelta(days=1): "tomorrow"}
    return f"{task.title}, {days.get(local.date(), f'{local:%a %-d %b}')} at {local:%H:%M}"
