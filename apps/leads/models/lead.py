"""The lead itself."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
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

# Nobody tried to reach them yet, and there is still somebody to reach.
UNANSWERED = Q(first_response_at=None, status__in=choices.OPEN_STATUSES)
_NOT_NEGATIVE = MinValueValidator(Decimal(0))


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
    roof_area_m2 = models.DecimalField(
        max_digits=8, decimal_places=1, null=True, blank=True, validators=[_NOT_NEGATIVE]
    )
    shading = models.CharField(max_length=10, choices=choices.Shading, blank=True)
    monthly_bill = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[_NOT_NEGATIVE],
        help_text="In the market's currency",
    )
    utility = models.CharField(max_length=60, blank=True)
    estimated_capacity = models.DecimalField(
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[_NOT_NEGATIVE],
        help_text="kW",
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
    # The clock of the first answer: `actions/responding.py` is the only one who sets it.
    first_response_target = models.PositiveIntegerField(
        null=True, blank=True, editable=False, help_text="Minutes of office time."
    )
    first_response_warn_at = models.DateTimeField(null=True, blank=True, editable=False)
    first_response_due_at = models.DateTimeField(null=True, blank=True)
    first_response_at = models.DateTimeField(
        null=True, blank=True, help_text="The first try to reach them."
    )
    first_reached_at = models.DateTimeField(
        null=True, blank=True, help_text="The first time we talked or wrote with each other."
    )
    first_response_stage = models.CharField(
        max_length=10, choices=choices.ResponseStage, blank=True, editable=False
    )
    first_response_alert_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When somebody is told next."
    )
    reopened_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="The clock of the first answer began here again.",
    )
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
            models.Index(fields=["status", "tier", "-created_at"], name="leads_by_status_and_tier"),
            models.Index(fields=["-monthly_bill", "-id"], name="leads_by_bill"),
            models.Index(fields=["last_name", "id"], name="leads_by_last_name"),
            # All that the sums of the board need, so that the table is not read for them.
            models.Index(
                fields=["status", "market", "assigned_to"],
                include=["monthly_bill"],
                condition=Q(status__in=choices.OPEN_STATUSES),
                name="leads_board",
            ),
            models.Index(fields=["tier", "-created_at"], name="leads_by_tier"),
            models.Index(fields=["-score", "-created_at"], name="leads_by_score"),
            models.Index(fields=["source", "-created_at"], name="leads_by_source"),
            models.Index(fields=["market", "territory", "-created_at"], name="leads_by_place"),
            models.Index(fields=["email"], name="leads_by_email"),
            models.Index(fields=["phone"], name="leads_by_phone"),
            models.Index(fields=["postal_code"], name="leads_by_postal_code"),
            models.Index(
                fields=["first_response_alert_at"],
                condition=Q(first_response_alert_at__isnull=False),
                name="leads_alerts",
            ),
            models.Index(
                fields=["assigned_to", "first_response_due_at"],
                condition=UNANSWERED,
                name="leads_unanswered_by_person",
            ),
            models.Index(
                fields=["first_response_due_at"],
                condition=Q(first_response_due_at__isnull=False),
                name="leads_by_answer_due",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """How people call this lead: the person's name, else what they can be reached by."""
        full = f"{self.first_name} {self.last_name}".strip()
        return full or self.email or self.phone or "Somebody"
