"""What may be said, how a chat begins, and how replies came about."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.conversations.models.conversation import Message
from apps.solar.models import Market


class KnowledgeEntry(models.Model):
    """Something true that may be said, from a day to a day, with where it is written."""

    code = models.SlugField(max_length=60, unique=True)
    market = models.ForeignKey(
        Market,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: true in every market.",
    )
    topic = models.CharField(max_length=40)
    title = models.CharField(max_length=150)
    questions = models.JSONField(default=list, help_text="Ways people ask for it.")
    answer = models.TextField(help_text="In English. Short: two or three sentences.")
    answers = models.JSONField(
        default=dict, blank=True, help_text="The same by language code: es, hi."
    )
    source = models.CharField(max_length=300)
    checked_on = models.DateField()
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text="The last day it may be said.")
    is_active = models.BooleanField(default=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "knowledge entries"
        ordering = ("market", "topic", "code")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None)
                | Q(valid_from=None)
                | Q(valid_to__gte=models.F("valid_from")),
                name="conversations_knowledge_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OpeningLine(models.Model):
    """How the chat begins on a page. Several of one market and language are compared.

    Each is a variant for good: once a visitor has seen it, its words stay as they are.
    """

    code = models.SlugField(max_length=30, unique=True)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(
        max_length=2,
        default="en",
        choices=(("en", "English"), ("es", "Spanish"), ("hi", "Hindi")),
    )
    text = models.CharField(max_length=300)
    suggestions = models.JSONField(default=list, blank=True)
    weight = models.PositiveSmallIntegerField(
        default=1, help_text="Its share beside the others'; 0 is not shown to new visitors."
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The last day it is shown.")
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ("market", "language", "starts_on", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="conversations_opening_ends_after_it_begins",
                violation_error_message="It must end after it begins.",
            ),
            models.CheckConstraint(
                condition=Q(weight__lte=100), name="conversations_opening_weight_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CannedReply(models.Model):
    """Words staff say often. `{first_name}` and `{brand}` are filled in."""

    title = models.CharField(max_length=80)
    text = models.TextField(max_length=2000)
    language = models.CharField(max_length=5, default="en")
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "canned replies"
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title


class SpokenReply(models.Model):
    """How one reply came about: who was asked to speak, how long it took, and what it cost."""

    class Outcome(models.TextChoices):
        SAID = "said", "Said"
        REFUSED = "refused", "Held back by the check"
        FAILED = "failed", "No answer"
        SKIPPED = "skipped", "Not asked"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts")
    speaker = models.CharField(max_length=20)
    model = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    why = models.CharField(max_length=300, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    cost_usd = models.DecimalField(max_digits=10, decimal_places=6, default=0)
    priced_by = models.CharField(max_length=200, blank=True, help_text="What the cost rests on.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "spoken replies"
        ordering = ("id",)
        indexes = [models.Index(fields=["-created_at", "speaker"], name="conversations_spoken")]

    def __str__(self) -> str:
        return f"{self.speaker}: {self.outcome}"


class SpeechPrice(models.Model):
    """What a vendor asks for a model from a day on, in US dollars for a million tokens.

    Goes before what ships in `providers/*/prices.toml`; what was spoken before keeps its cost.
    """

    vendor = models.CharField(max_length=20)
    model = models.CharField(max_length=60, help_text="As the vendor names it.")
    input_usd = models.DecimalField(
        "input", max_digits=10, decimal_places=4, help_text="US dollars for a million tokens."
    )
    output_usd = models.DecimalField(
        "output", max_digits=10, decimal_places=4, help_text="US dollars for a million tokens."
    )
    source = models.CharField(max_length=120, help_text="Where it is written.")
    valid_from = models.DateField()

    class Meta:
        verbose_name = "price of a model"
        verbose_name_plural = "prices of models"
        ordering = ("vendor", "model", "-valid_from")
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "model", "valid_from"], name="conversations_one_price_a_day"
            ),
            models.CheckConstraint(
                condition=Q(input_usd__gte=0, output_usd__gte=0),
                name="conversations_price_is_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model}, from {self.valid_from:%-d %b %Y}"
