"""Leads and what belongs to them: activities, scores, and the pools that share them out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.contacts.models import Contact
from apps.core.ids import PublicIdModel
from apps.intake.choices import Provenance
from apps.intake.models import LeadSource
from apps.leads import choices
from apps.solar.models import Market, Territory
from apps.users.models import User


class Lead(PublicIdModel):
    """Something a person wants from us, from the first click until it is won, lost or sold.

    Names, e-mail and phone are copies for lists and searches; who the person is, is the contact.
    """

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="leads")
    source = models.ForeignKey(LeadSource, on_delete=models.PROTECT, related_name="leads")
    provenance = models.CharField(max_length=20, choices=Provenance, default=Provenance.FIRST_PARTY)

    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True, help_text="E.164")
    phone_valid = models.BooleanField(null=True, blank=True)
    company = models.CharField(max_length=200, blank=True)

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    territory = models.ForeignKey(
        Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    address = models.CharField(max_length=300, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)

    property_type = models.CharField(max_length=20, choices=choices.PropertyType, blank=True)
    ownership = models.CharField(max_length=10, choices=choices.Ownership, blank=True)
    roof_type = models.CharField(max_length=20, choices=choices.RoofType, blank=True)
    roof_age = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Years")
    roof_area_m2 = models.DecimalField(max_digits=8, decimal_places=1, null=True, blank=True)
    shading = models.CharField(max_length=10, choices=choices.Shading, blank=True)
    monthly_bill = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, help_text="In the market's currency"
    )
    utility = models.CharField(max_length=60, blank=True)
    estimated_capacity = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, blank=True, help_text="kW"
    )
    budget_range = models.CharField(max_length=50, blank=True)
    timeline = models.CharField(max_length=20, choices=choices.Timeline, blank=True)
    decision_maker = models.CharField(max_length=10, choices=choices.DecisionMaker, blank=True)
    credit_range = models.CharField(max_length=10, choices=choices.CreditRange, blank=True)
    service_type = models.CharField(max_length=100, blank=True)

    status = models.CharField(
        max_length=20, choices=choices.LeadStatus, default=choices.LeadStatus.NEW
    )
    lost_reason = models.CharField(max_length=200, blank=True)
    call_status = models.CharField(
        max_length=20, choices=choices.CallStatus, default=choices.CallStatus.TO_CALL
    )
    interest_level = models.CharField(
        max_length=10, choices=choices.Level, default=choices.Level.MEDIUM
    )
    priority_level = models.CharField(
        max_length=10, choices=choices.Level, default=choices.Level.MEDIUM
    )
    is_partial = models.BooleanField(default=False, help_text="From a form that was not finished.")

    score = models.PositiveSmallIntegerField(default=0)
    tier = models.CharField(max_length=20, choices=choices.Tier, default=choices.Tier.UNQUALIFIED)
    score_detail = models.JSONField(default=dict, blank=True)
    behaviour = models.JSONField(default=dict, blank=True)

    assigned_to = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="leads"
    )
    first_response_due_at = models.DateTimeField(null=True, blank=True)
    first_response_at = models.DateTimeField(null=True, blank=True)
    converted_at = models.DateTimeField(null=True, blank=True)
    sold_at = models.DateTimeField(null=True, blank=True)

    first_touch = models.JSONField(default=dict, blank=True)
    last_touch = models.JSONField(default=dict, blank=True)
    original_data = models.JSONField(default=dict, blank=True)
    is_sample = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(status__in=choices.OPEN_STATUSES),
                name="leads_one_open_lead_per_contact",
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=100), name="leads_score_within_0_and_100"
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="leads_newest"),
            models.Index(fields=["status", "-created_at"], name="leads_by_status"),
            models.Index(fields=["assigned_to", "status", "-created_at"], name="leads_by_person"),
            models.Index(fields=["tier", "-created_at"], name="leads_by_tier"),
            models.Index(fields=["-score", "-created_at"], name="leads_by_score"),
            models.Index(fields=["source", "-created_at"], name="leads_by_source"),
            models.Index(fields=["market", "territory", "-created_at"], name="leads_by_place"),
            models.Index(fields=["email"], name="leads_by_email"),
            models.Index(fields=["phone"], name="leads_by_phone"),
            models.Index(fields=["postal_code"], name="leads_by_postal_code"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """How people call this lead: the person's name, else what they can be reached by."""
        full = f"{self.first_name} {self.last_name}".strip()
        return full or self.email or self.phone or "Somebody"


class LeadActivity(PublicIdModel):
    """One line of a lead's timeline. Written with the change it tells of, never changed."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="activities")
    kind = models.CharField(max_length=30, choices=choices.ActivityKind)
    actor = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Empty: the system.",
    )
    summary = models.CharField(max_length=300)
    data = models.JSONField(default=dict, blank=True)
    inbound_event = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "lead activities"
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(fields=["lead", "-created_at", "-id"], name="leads_timeline"),
            models.Index(fields=["inbound_event"], name="leads_activity_by_event"),
        ]

    def __str__(self) -> str:
        return self.summary


class ScoringModel(models.Model):
    """A version of the weights and tables that scores are made with. Never changed once used."""

    version = models.CharField(max_length=30, unique=True)
    parameters = models.JSONField(help_text="See leads/scoring.py: Parameters.")
    is_active = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"], condition=Q(is_active=True), name="leads_one_active_scoring"
            ),
        ]

    def __str__(self) -> str:
        return self.version


class LeadScore(models.Model):
    """A score that was given, with everything it was made of."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="scores")
    model = models.ForeignKey(ScoringModel, on_delete=models.PROTECT, related_name="+")
    input_digest = models.CharField(max_length=64)
    inputs = models.JSONField()
    total = models.PositiveSmallIntegerField()
    tier = models.CharField(max_length=20, choices=choices.Tier)
    detail = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "model", "input_digest"], name="leads_score_once_per_input"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.total} ({self.tier})"


class AssignmentPool(models.Model):
    """People who share the leads of a market, how they share them, and whose turn was last.

    The row is the cursor: whoever assigns locks it first.
    """

    name = models.CharField(max_length=100)
    market = models.OneToOneField(Market, on_delete=models.CASCADE, related_name="assignment_pool")
    strategy = models.CharField(
        max_length=20, choices=choices.Strategy, default=choices.Strategy.ROUND_ROBIN
    )
    last_assigned = models.ForeignKey(
        User, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return self.name


class PoolMember(models.Model):
    """Somebody who takes leads from a pool."""

    pool = models.ForeignKey(AssignmentPool, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    is_active = models.BooleanField(default=True)
    territories = models.ManyToManyField(
        Territory, blank=True, help_text="For the territory strategy. None: all of them."
    )

    class Meta:
        ordering = ("user__username",)
        constraints = [
            models.UniqueConstraint(fields=["pool", "user"], name="leads_member_once_per_pool"),
        ]

    def __str__(self) -> str:
        return str(self.user)
