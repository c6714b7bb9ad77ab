"""Follow-up sequences: written by managers, begun, skipped and stopped on the page of a lead."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import display
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.admin import StackedInline
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.core.staff.marks import mark
from apps.core.staff.pages import StaffAdmin
from apps.core.staff.panels import Panel, page_panel
from apps.leads.actions.following import lead_enrol, sequence_skip, sequence_stop
from apps.leads.choices import OPEN_STATUSES
from apps.leads.mail.pace import EARLIEST, LATEST
from apps.leads.models import Enrolment, Lead, MailTemplate, Sequence, SequenceStep
from apps.leads.models.sequence import StepKind
from apps.leads.selectors import enrolments_of, sequences_in_use
from apps.users.selectors import signed_in

_CHANGE = "leads.change_enrolment"


class StepForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """A mail has its template and a task its words, and not the other way round."""

    # The admin's own field warns of the time zone of the server, which this is not the hour of.
    at = forms.TimeField(
        initial=time(10),
        widget=UnfoldAdminTextInputWidget({"type": "time"}),
        help_text="Where the lead lives; between 8:00 and 20:00.",
    )

    class Meta:
        model = SequenceStep
        fields = ("position", "kind", "wait_days", "at", "template", "title")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (at := cleaned.get("at")) and not EARLIEST <= at < LATEST:
            self.add_error("at", "Between 8:00 and 20:00.")
        if cleaned.get("kind") == StepKind.CALL:
            cleaned["template"] = None
            if not cleaned.get("title"):
                self.add_error("title", "Say what is to be done.")
        elif not cleaned.get("template"):
            self.add_error("template", "Choose what is sent.")
        return cleaned


class StepInline(StackedInline):
    model = SequenceStep
    form = StepForm
    extra = 0
    verbose_name = "step"
    verbose_name_plural = "Steps, in their order"
    fields = (("position", "kind"), ("wait_days", "at"), ("template", "title"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "template":
            kwargs["queryset"] = MailTemplate.objects.filter(is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Sequence)
class SequenceAdmin(StaffAdmin):
    """Leads that are in a sequence have a copy of it: what is changed here is for those to come."""

    list_display = ("name", "steps_count", "running", "in_use", "description")
    fields = (("name", "key"), "description", ("is_active", "sources"))
    autocomplete_fields = ()
    inlines = (StepInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sequence]:
        sequences: QuerySet[Sequence] = super().get_queryset(request)
        is_running = Q(enrolments__state=Enrolment.State.RUNNING)
        return sequences.annotate(
            step_count=Count("steps", distinct=True),
            running_count=Count("enrolments", filter=is_running, distinct=True),
        )

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"key": ("name",)}

    @display(description="Steps")
    def steps_count(self, sequence: Any) -> int:
        return int(sequence.step_count)

    @display(description="Leads in it")
    def running(self, sequence: Any) -> int:
        return int(sequence.running_count)

    @display(description="In use", ordering="is_active")
    def in_use(self, sequence: Sequence) -> SafeString:
        return mark("In use", "good") if sequence.is_active else mark("Put away")


class SequenceButtons:
    """What the page of a lead does with its sequence."""

    sequence_buttons = (
        ("enrol", "Begin", "event_repeat", _CHANGE),
        ("skip_step", "Leave the next step out", "skip_next", _CHANGE),
        ("stop_steps", "Stop", "stop_circle", _CHANGE),
    )

    def press_enrol(self, request: HttpRequest, lead: Lead) -> str:
        key = request.POST.get("sequence", "")
        sequence = sequences_in_use().filter(key=key).first()
        if sequence is None:
            messages.error(request, "Choose a sequence.")
            return ""
        lead_enrol(lead.public_id, sequence, actor=signed_in(request), now=timezone.now())
        return f"{sequence.name} begins. It ends by itself when they answer."

    def press_skip_step(self, request: HttpRequest, lead: Lead) -> str:
        skipped = sequence_skip(lead.pk, actor=signed_in(request), now=timezone.now())
        return "Left out." if skipped else "There was no step to leave out."

    def press_stop_steps(self, request: HttpRequest, lead: Lead) -> str:
        actor = signed_in(request)
        stopped = sequence_stop(
            lead.pk, reason=f"Stopped by {actor}", actor=actor, now=timezone.now()
        )
        return "Stopped." if stopped else "It was over already."


@page_panel("leads.lead", place=6)
def sequence_of_lead(request: HttpRequest, lead: Lead) -> Panel | None:
    """Where a lead is in its sequence, what comes next and when; or which one could begin."""
    if not request.user.has_perm("leads.view_enrolment"):
        return None
    enrolments = enrolments_of(lead)
    running = next((one for one in enrolments if one.state == Enrolment.State.RUNNING), None)
    may_begin = running is None and lead.status in OPEN_STATUSES
    sequences = list(sequences_in_use()) if may_begin else []
    if not (enrolments or sequences):
        return None
    return Panel(
        "Follow-up",
        "admin/leads/lead/sequence.html",
        {
            "running": running,
            "past": [one for one in enrolments if one != running],
            "sequences": sequences,
            "may_change": request.user.has_perms((_CHANGE, "leads.change_lead")),
            "zone": lead.market.time_zone,
        },
    )
