"""Markets as data. What differs from market to market is a row here, never an `if` in the code."""

from __future__ import annotations

from django.db import models


class Sourced(models.Model):
    """A row that says where it comes from and when somebody last looked."""

    class Confidence(models.TextChoices):
        HIGH = "high", "Seen in an official document"
        MEDIUM = "medium", "Seen in a secondary document"
        LOW = "low", "Old, weak or conflicting"

    source = models.CharField(max_length=300)
    checked_on = models.DateField()
    confidence = models.CharField(max_length=10, choices=Confidence, default=Confidence.MEDIUM)

    class Meta:
        abstract = True


class Market(models.Model):
    """A country or city we work in: its money, its clock, its telephones, its postal codes."""

    code = models.SlugField(primary_key=True, max_length=20)
    name = models.CharField(max_length=100)
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    region = models.CharField(max_length=2, help_text="ISO 3166: where its telephones are at home.")
    time_zone = models.CharField(max_length=50, help_text="IANA name")
    postal_code_name = models.CharField(max_length=30, default="Postal code")
    postal_code_pattern = models.CharField(max_length=100, help_text="A regular expression.")

    def __str__(self) -> str:
        return self.name


class Territory(Sourced):
    """A part of a market that is served, sold and reported as one: a borough, a state."""

    class Service(models.TextChoices):
        CORE = "core", "We build here"
        SERVED = "served", "Served by partners"
        OUTSIDE = "outside", "Not served"

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="territories")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    service = models.CharField(max_length=10, choices=Service, default=Service.SERVED)
    adoption_index = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="0-100: solar adoption, 50 is none and 100 the best here."
    )
    demand_index = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="0-100: how much installers want leads here now."
    )

    class Meta:
        verbose_name_plural = "territories"
        constraints = [
            models.UniqueConstraint(fields=["market", "code"], name="solar_territory_code_once"),
        ]

    def __str__(self) -> str:
        return self.name


class PostalArea(Sourced):
    """A postal code, or the beginning of many: the longest one that fits is the one meant."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="postal_areas")
    prefix = models.CharField(max_length=10, help_text="A whole code, or how codes there begin.")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="postal_areas")
    neighborhood = models.CharField(max_length=120, blank=True)
    utility = models.CharField(max_length=60, blank=True)
    income_rank = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="0-100: rank in the market. A hint on lead quality, never used for a price.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "prefix"], name="solar_postal_area_once"),
        ]

    def __str__(self) -> str:
        return self.prefix
