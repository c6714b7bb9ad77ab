"""Where every inbound event is on its road, and why it stands where it stands."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from apps.b2b.choices import Strategy
from apps.core.ids import PublicIdModel
from apps.intake.models import InboundEvent, LeadSource
from apps.leads.models import Lead
from apps.solar.models import Market


class StepName(models.TextChoices):
    """The steps after `record`, which a door has done when a journey begins. In order."""

    PARSE = "parse", "Read"
    CAPTURE = "capture", "Recognise the person"
    SCORE = "score", "Score"
    DECIDE = "decide", "Work or sell"
    WORK = "work", "Give to a person"
    SELL = "sell", "Sell to a buyer"


class JourneyState(models.TextChoices):
    MOVING = "moving", "On its way"
    WAITING = "waiting", "Waiting"
    PARKED = "parked", "Parked: needs a person"
    DONE = "done", "Done"


class Outcome(models.TextChoices):
    NONE = "", "—"
    WORKED = "worked", "Given to a person"
    UNASSIGNED = "unassigned", "Nobody takes leads there"
    SOLD = "sold", "Sold to a buyer"
    HELD = "held", "Must not be contacted"
    NO_IDENTITY = "no_identity", "Nobody to answer to"
    JOINED = "joined", "Joined its conversation"
    NOTHING = "nothing", "Nothing to answer"
    NO_CONSENT = "no_consent", "Unfinished, and no consent to keep it"


class Journey(PublicIdModel):
    """One inbound event's way. `step` is the step it takes next."""

    event = models.OneToOneField(InboundEvent, on_delete=models.PROTECT, related_name="journey")
    lead = models.ForeignKey(
        Lead, null=True, blank=True, on_delete=models.SET_NULL, related_name="journeys"
    )
    step = models.CharField(max_length=10, choices=StepName, default=StepName.PARSE)
    state = models.CharField(max_length=10, choices=JourneyState, default=JourneyState.MOVING)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True, default=Outcome.NONE)
    decision = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Of the present step.")
    replay = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    last_error = models.TextField(blank=True)
    waits_for = models.CharField(
        max_length=200, blank=True, help_text="What a step waits for that did not fail."
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before"],
                name="pipeline_due",
                condition=models.Q(state__in=["moving", "waiting"]),
            ),
            models.Index(fields=["state", "-created_at"], name="pipeline_by_state"),
            models.Index(fields=["-created_at"], name="pipeline_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.get_state_display().lower()}"


class Way(models.TextChoices):
    WORK = "work", "Worked by our own people"
    SELL = "sell", "Sold to a buyer"
    SELL_UNTAKEN = "sell_untaken", "Worked, and sold when nobody takes it in time"


class WayRule(models.Model):
    """Work or sell: what happens to leads of a source, a market, or both.

    The narrower rule goes first: source and market, then source, then market, then the one for
    all. Without any rule a lead is worked.
    """

    source = models.ForeignKey(
        LeadSource, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    market = models.ForeignKey(
        Market, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    way = models.CharField(max_length=20, choices=Way, default=Way.WORK)
    untaken_minutes = models.PositiveIntegerField(
        default=60, help_text="How long our own people have to get in touch before it is sold."
    )
    strategy = models.CharField(
        max_length=20, choices=Strategy, default=Strategy.WEIGHTED, help_text="How buyers compete."
    )
    share_up_to = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text="1: sold to one buyer only.",
    )
    is_active = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = "work or sell rule"
        ordering = ("source__name", "market__name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "market"],
                name="pipeline_one_way_per_source_and_market",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        whose = [str(one) for one in (self.source, self.market) if one is not None]
        return f"{', '.join(whose) or 'All leads'}: {self.get_way_display().lower()}"


class ConversationDay(models.Model):
    """What came of the conversations that began on a day of a market, by that market's clock.

    Counted again from the conversations as often as one likes: nothing is added up over time.
    """

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    conversations = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0, help_text="In which a visitor wrote.")
    turns = models.PositiveIntegerField(default=0, help_text="Messages of visitors.")
    reply_ms = models.PositiveIntegerField(
        null=True, blank=True, help_text="The median from a message to its reply."
    )
    facts = models.PositiveIntegerField(default=0)
    asked = models.JSONField(default=dict, help_text="In how many each question was asked.")
    left_at = models.JSONField(default=dict, help_text="In how many it was the last word.")
    hand_overs = models.JSONField(default=dict, help_text="To a person, by reason.")
    held_back = models.PositiveIntegerField(default=0, help_text="Replies the check refused.")
    failed = models.PositiveIntegerField(default=0, help_text="Vendors that gave no answer.")
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    consents = models.PositiveIntegerField(default=0)
    leads = models.PositiveIntegerField(default=0)
    potential = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        default=0,
        help_text="What the best buyers pay for such leads, in the market's currency.",
    )
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "day of conversations"
        verbose_name_plural = "chat figures"
        ordering = ("-day", "market")
        constraints = [
            models.UniqueConstraint(
                fields=["market", "day"], name="pipeline_one_count_of_conversations_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.market_id}, {self.day:%-d %b %Y}"


class ConversationAdvice(models.Model):
    """What the last days of a market's conversations say should be changed, and since when."""

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=60)
    words = models.CharField(max_length=300)
    evidence = models.CharField(max_length=300)
    at_stake = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, help_text="Over the days looked at."
    )
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "conversation advice"
        ordering = ("market", models.F("at_stake").desc(nulls_last=True), "code")
        constraints = [
            models.UniqueConstraint(fields=["market", "code"], name="pipeline_advice_once"),
        ]

    def __str__(self) -> str:
        return self.words
