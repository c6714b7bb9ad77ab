"""Journeys: where everything that came in is on its road, and what stands still."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import action, display
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter, MultipleChoicesDropdownFilter

from apps.core.staff.filters import DaysFilter
from apps.core.staff.marks import age, mark, page_link, shorten
from apps.core.staff.pages import Button, ButtonsMixin, ReadOnlyAdmin, StaffAdmin
from apps.core.staff.panels import Panel, page_panel
from apps.leads.models import Lead
from apps.pipeline.journey import journeys_resume
from apps.pipeline.models import Journey, JourneyState, Outcome, Way, WayRule
from apps.pipeline.picture import STATE_TONES, road

_RESUME = "users.replay_events"
_PARKED_FIRST = Case(
    When(state=JourneyState.PARKED, then=Value(0)), default=Value(1), output_field=IntegerField()
).asc()


@admin.register(Journey)
class JourneyAdmin(ButtonsMixin, ReadOnlyAdmin):
    """Parked journeys first: they wait for a person."""

    list_display = ("state_mark", "step", "outcome_words", "of_lead", "source", "why", "began")
    list_display_links = ("state_mark",)
    list_filter = (
        ("state", MultipleChoicesDropdownFilter),
        ("outcome", ChoicesDropdownFilter),
        ("step", ChoicesDropdownFilter),
        ("created_at", DaysFilter),
    )
    list_select_related = ("event__source", "lead")
    actions = ("resume",)
    fields = (
        ("state_mark", "outcome_words"),
        ("of_lead", "of_event"),
        ("attempts", "replay"),
        "waits_for",
        ("began", "updated_at"),
    )
    readonly_fields = ("state_mark", "outcome_words", "of_lead", "of_event", "began")
    buttons = (
        Button(
            "resume",
            "Resume",
            "play_arrow",
            _RESUME,
            shown=lambda journey: journey.state == JourneyState.PARKED,
            tone="gold",
        ),
    )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The list tells of leads of others; who may see one lead sees its journey on its page.
        return bool(request.user.has_perm("intake.view_inboundevent"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Journey]:
        journeys: QuerySet[Journey] = super().get_queryset(request)
        return journeys.defer("event__body", "lead__original_data", "lead__score_detail")

    def get_ordering(self, request: HttpRequest) -> Any:
        # Sorting everything is only worth its price while something is parked.
        newest = ("-created_at", "-id")
        is_any_parked = Journey.objects.filter(state=JourneyState.PARKED).exists()
        return (_PARKED_FIRST, *newest) if is_any_parked else newest

    def has_resume_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(_RESUME))

    @action(description="Resume what is parked", permissions=["resume"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Journey]) -> None:
        count = journeys_resume(list(queryset.values_list("public_id", flat=True)))
        messages.success(request, f"{count} go on within seconds, from where they stood.")

    def press_resume(self, request: HttpRequest, journey: Journey) -> str:
        journeys_resume([journey.public_id])
        return "It goes on within seconds, from the step it stood at."

    @display(description="State", ordering="state")
    def state_mark(self, journey: Journey) -> SafeString:
        return mark(journey.get_state_display(), STATE_TONES[journey.state])

    @display(description="Ended as", ordering="outcome")
    def outcome_words(self, journey: Journey) -> str:
        return journey.get_outcome_display()

    @display(description="Lead")
    def of_lead(self, journey: Journey) -> SafeString | str:
        lead = journey.lead
        return page_link("leads.lead", lead.pk, lead) if lead else "—"

    @display(description="What came in")
    def of_event(self, journey: Journey) -> SafeString:
        return page_link("intake.inboundevent", journey.event_id, journey.event.source)

    @display(description="Source")
    def source(self, journey: Journey) -> str:
        return str(journey.event.source)

    @display(description="Last error")
    def why(self, journey: Journey) -> str:
        return shorten(journey.last_error) or "—"

    @display(description="Began", ordering="created_at")
    def began(self, journey: Journey) -> SafeString | str:
        return age(journey.created_at)


@page_panel("pipeline.journey")
def _picture(request: HttpRequest, journey: Journey) -> Panel:
    return Panel(
        "The road", "admin/pipeline/road.html", {"roads": [(journey, road(journey), False)]}
    )


@page_panel("leads.lead", place=10)
def _roads_of_lead(request: HttpRequest, lead: Lead) -> Panel | None:
    """The journeys of a lead, on its page; mails that joined its correspondence stand there."""
    if not request.user.has_perm("pipeline.view_journey"):
        return None
    journeys = lead.journeys.exclude(outcome=Outcome.JOINED).select_related("event__source")
    may_resume = request.user.has_perm(_RESUME)
    roads = [
        (journey, road(journey), may_resume and journey.state == JourneyState.PARKED)
        for journey in journeys.defer("event__body").order_by("-created_at")[:5]
    ]
    return Panel(
        "Where it is on its road",
        "admin/pipeline/road.html",
        {"roads": roads, "with_source": True},
    )


class WayRuleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    class Meta:
        model = WayRule
        fields = (
            "source", "market", "way", "untaken_minutes", "strategy", "share_up_to", "is_active",
        )  # fmt: skip
        labels: ClassVar[dict[str, str]] = {
            "way": "What happens to them",
            "untaken_minutes": "Minutes for our own people",
            "strategy": "Which buyer gets it",
            "share_up_to": "Buyers of one lead, at most",
            "is_active": "In use",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "source": "Empty: leads from everywhere.",
            "market": "Empty: of every market. The narrower rule goes first.",
            "untaken_minutes": "To get in touch before it is sold. Only where it is sold when"
            " nobody takes it.",
            "share_up_to": "1: sold to one buyer only.",
        }


@admin.register(WayRule)
class WayRuleAdmin(StaffAdmin):
    """Work or sell, by source and market. The narrower rule goes first."""

    form = WayRuleForm
    when_empty = "No rules: every lead is worked by our own people."
    list_display = ("__str__", "waits", "by", "shared", "in_use")
    list_select_related = ("source", "market")
    fields = (
        ("source", "market"),
        ("way", "is_active"),
        "untaken_minutes",
        ("strategy", "share_up_to"),
    )

    @display(description="Minutes for our own people")
    def waits(self, rule: WayRule) -> str:
        return str(rule.untaken_minutes) if rule.way == Way.SELL_UNTAKEN else "—"

    @display(description="Which buyer gets it")
    def by(self, rule: WayRule) -> str:
        """The strategy by its name, without what it looks at."""
        return "—" if rule.way == Way.WORK else rule.get_strategy_display().partition(":")[0]

    @display(description="Buyers of one lead")
    def shared(self, rule: WayRule) -> str:
        if rule.way == Way.WORK:
            return "—"
        return "one" if rule.share_up_to == 1 else f"up to {rule.share_up_to}"

    @display(description="In use", ordering="is_active")
    def in_use(self, rule: WayRule) -> SafeString:
        return mark("In use", "good") if rule.is_active else mark("Not in use")
