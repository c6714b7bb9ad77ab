"""Who gets which leads: rules in versions, what they gave to whom, and who waits for a person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.leads import choices
from apps.leads.models.lead import Lead
from apps.leads.models.pools import AssignmentPool
from apps.users.models import User


class RuleSet(models.Model):
    """A version of the rules. A draft is edited and tried; once live it is never changed again.

    The live row is the lock: whoever assigns holds it, so turns go round and limits hold.
    """

    version = models.PositiveIntegerField(unique=True)
    state = models.CharField(
        max_length=10, choices=choices.RuleSetState, default=choices.RuleSetState.DRAFT
    )
    back_to_owner = models.BooleanField(
        "who comes back stays with whom they know",
        default=True,
        help_text="A new lead of a person whose earlier lead somebody here has goes to the same.",
    )
    note = models.CharField(max_length=300, blank=True, help_text="What this version changes.")
    is_sample = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    live_from = models.DateTimeField(null=True, blank=True)
    live_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "version of the rules"
        verbose_name_plural = "versions of the rules"
        ordering = ("-version",)
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state__in=["draft", "live"]),
                name="leads_one_draft_and_one_live_rule_set",
            ),
        ]

    def __str__(self) -> str:
        return f"Rules, version {self.version}"


class AssignmentRule(models.Model):
    """One rule: which leads it takes, how a person is found for them, and what if there is none."""

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    conditions = models.JSONField(
        default=dict, blank=True, help_text="See leads/assignment/conditions.py."
    )
    strategy = models.CharField(
        max_length=20, choices=choices.Strategy, default=choices.Strategy.ROUND_ROBIN
    )
    pool = models.ForeignKey(
        AssignmentPool,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rules",
        verbose_name="team",
    )
    person = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at_any_hour = models.BooleanField(
        "also outside their working hours",
        default=False,
        help_text="Days off and limits still count.",
    )
    otherwise = models.CharField(
        "when nobody can take it",
        max_length=10,
        choices=choices.Otherwise,
        default=choices.Otherwise.NEXT,
    )
    other_pool = models.ForeignKey(
        AssignmentPool,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="other team",
    )

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name


class LeadAssignment(models.Model):
    """A lead was given to somebody: when, by which rule or whom, and why in words."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(
        AssignmentRule, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    given_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(fields=["user", "created_at"], name="leads_given_to"),
            models.Index(fields=["lead", "created_at"], name="leads_given"),
        ]

    def __str__(self) -> str:
        return f"{self.user}"


class WaitingLead(models.Model):
    """A lead for which the rules found nobody yet: it is tried again, and managers know of it."""

    lead = models.OneToOneField(Lead, on_delete=models.CASCADE, related_name="waiting")
    reason = models.CharField(max_length=300)
    since = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(
        null=True, blank=True, help_text="When the rules last found nobody."
    )

    class Meta:
        ordering = ("since",)

    def __str__(self) -> str:
        return self.reason
