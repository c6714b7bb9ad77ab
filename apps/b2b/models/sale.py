"""Which way a lead was routed, what was sold, and what that used up."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.b2b import choices
from apps.b2b.models.plan import CapacityPlan
from apps.b2b.models.platform import Platform
from apps.contacts.models import Consent
from apps.core.ids import PublicIdModel
from apps.leads.models import Lead


class PlatformAccount(models.Model):
    """What a buyer owes, and the row that whoever sells to it locks.

    `balance` is the sum of the buyer's ledger entries, kept here so that it can be looked at and
    changed under one lock; negative is money paid ahead. Its caps are taken under the same lock.
    """

    platform = models.OneToOneField(Platform, on_delete=models.CASCADE, related_name="account")
    balance = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))

    def __str__(self) -> str:
        return f"{self.platform}: {self.balance}"


class CapUse(models.Model):
    """How much of a period a buyer has taken, in one territory ("") or in all."""

    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="cap_uses")
    period = models.CharField(max_length=10)
    territory = models.CharField(max_length=40, blank=True)
    starts_at = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "period", "territory", "starts_at"],
                name="b2b_cap_counted_once",
            ),
        ]
        indexes = [models.Index(fields=["starts_at", "platform"], name="b2b_caps_of_a_period")]

    def __str__(self) -> str:
        return f"{self.platform_id} {self.period} {self.territory}: {self.used}"


class RouteDecision(PublicIdModel):
    """Who was asked to be looked at for a lead, and what came of each. Never changed."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="routes")
    strategy = models.CharField(max_length=20, choices=choices.Strategy)
    share_up_to = models.PositiveSmallIntegerField(default=1)
    only = models.CharField(
        max_length=50, blank=True, default="", help_text="The one buyer that was to be asked."
    )
    in_place_of = models.ForeignKey(
        "b2b.Sale",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The sale that came to nothing before.",
    )
    plan = models.ForeignKey(
        CapacityPlan,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The bid prices it went by.",
    )
    reason = models.CharField(max_length=300)
    facts = models.JSONField(help_text="The lead as it was looked at, without who it is.")
    candidates = models.JSONField(help_text="Every buyer: refusals, or price, marks and place.")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-decided_at", "-id")
        indexes = [
            models.Index(fields=["lead", "-decided_at"], name="b2b_routes_of_lead"),
            models.Index(fields=["-decided_at", "-id"], name="b2b_routes_newest"),
        ]

    def __str__(self) -> str:
        return self.reason


class Sale(PublicIdModel):
    """A lead promised to a buyer at a price: reserved, then accepted or released."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="sales")
    platform = models.ForeignKey(
        Platform, on_delete=models.PROTECT, related_name="sales", verbose_name="buyer"
    )
    route = models.ForeignKey(
        RouteDecision, null=True, on_delete=models.SET_NULL, related_name="sales"
    )
    state = models.CharField(
        max_length=10, choices=choices.SaleState, default=choices.SaleState.RESERVED
    )
    is_exclusive = models.BooleanField(default=True)
    shared_up_to = models.PositiveSmallIntegerField(
        default=1, help_text="How many buyers may have the lead in all, as this one was promised."
    )
    price = models.DecimalField(max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3)
    price_detail = models.JSONField(default=dict)
    answered_price = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, blank=True, help_text="What the buyer named."
    )
    commission = models.DecimalField(max_digits=10, decimal_places=2, default=Decimal(0))
    consent = models.ForeignKey(Consent, null=True, on_delete=models.SET_NULL, related_name="+")
    caps_taken = models.JSONField(default=list, help_text="What is given back on release.")
    rounds = models.PositiveSmallIntegerField(default=1, help_text="How often it was reserved.")
    release_reason = models.CharField(
        max_length=20, choices=choices.ReleaseReason, blank=True, default=""
    )
    release_words = models.CharField(max_length=300, blank=True)
    reserved_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-reserved_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "platform"], name="b2b_a_buyer_is_sold_a_lead_once"
            ),
            models.UniqueConstraint(
                fields=["lead"],
                condition=Q(is_exclusive=True, state__in=choices.LIVE_SALES),
                name="b2b_one_live_exclusive_sale",
            ),
        ]
        indexes = [
            models.Index(fields=["-reserved_at", "-id"], name="b2b_sales_newest"),
            models.Index(fields=["state", "-reserved_at"], name="b2b_sales_by_state"),
            models.Index(fields=["platform", "state", "-reserved_at"], name="b2b_sales_of_buyer"),
        ]

    def __str__(self) -> str:
        return f"{self.lead} → {self.platform}"
