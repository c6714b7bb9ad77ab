"""Markets as data. What differs from market to market is a row here, never an `if` in the code."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from apps.core.ids import PublicIdModel


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


class Dated(Sourced):
    """A row that is true from one day to another, both included. Empty: since ever, until further
    notice."""

    key = models.SlugField(max_length=60, unique=True, help_text="Names this row in our tables.")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text="The last day it is true.")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key


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
    latitude = models.FloatField(null=True, blank=True, help_text="Of its middle, in degrees.")
    longitude = models.FloatField(null=True, blank=True)
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


class Tariff(Dated):
    """What a utility charges a home for a kWh, and what it gives for one. In the market's money."""

    class NetMetering(models.TextChoices):
        NET_METERING = "net_metering", "Surplus is credited kWh for kWh"
        NET_BILLING = "net_billing", "Surplus is bought at the export rate"

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="tariffs")
    name = models.CharField(max_length=100)
    utility = models.CharField(
        max_length=60, blank=True, help_text="As postal areas name it; empty serves all others."
    )
    slabs = models.JSONField(help_text="[[up to kWh a month, rate], …]; the last has no limit.")
    per_kwh_charge = models.DecimalField(max_digits=9, decimal_places=4, default=0)
    fixed_charge = models.DecimalField(
        max_digits=9, decimal_places=2, default=0, help_text="A month; solar does not lower it."
    )
    fixed_charge_per_kw = models.DecimalField(
        max_digits=9, decimal_places=2, default=0, help_text="A month and kW of sanctioned load."
    )
    surcharge_percent = models.DecimalField(max_digits=6, decimal_places=3, default=0)
    subsidies = models.JSONField(
        default=list,
        blank=True,
        help_text="[[up to kWh a month, share of the bill, at most], …] paid by the state.",
    )
    net_metering = models.CharField(
        max_length=20, choices=NetMetering, default=NetMetering.NET_METERING
    )
    net_metering_limit_kw = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, blank=True, help_text="Above it: net billing."
    )
    export_rate = models.DecimalField(
        max_digits=9, decimal_places=4, default=0, help_text="A kWh of surplus at the year's end."
    )
    cbc_per_kw_month = models.DecimalField(
        max_digits=9,
        decimal_places=4,
        default=0,
        help_text="Customer benefit contribution, a kW DC and month.",
    )
    escalation_percent = models.DecimalField(
        max_digits=6, decimal_places=3, default=0, help_text="How much dearer power gets a year."
    )


class Incentive(Dated):
    """Money off a system: a formula, who may have it, and when. Amounts in the market's money."""

    class Basis(models.TextChoices):
        GROSS = "gross", "The price"
        NET_OF_GRANTS = "net_of_grants", "The price less rebates and subsidies"

    code = models.SlugField(max_length=60, help_text="What programs know it by.")
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="incentives")
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=40)
    territories = models.JSONField(default=list, blank=True, help_text="Codes; empty for all.")
    utilities = models.JSONField(
        default=list, blank=True, help_text="As postal areas name them; empty for all."
    )
    property_types = models.JSONField(default=list, blank=True, help_text="Empty for all.")
    financing = models.JSONField(default=list, help_text="Of cash, loan, lease.")
    percent = models.DecimalField(max_digits=6, decimal_places=3, default=0)
    basis = models.CharField(max_length=20, choices=Basis, default=Basis.GROSS)
    per_kw = models.JSONField(default=list, blank=True, help_text="[[up to kW, amount a kW], …]")
    fixed_amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    cap = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    paid_over_years = models.PositiveSmallIntegerField(
        default=0, help_text="0: at once; 1: with the first tax return; 4: over four years."
    )
    requires = models.SlugField(
        max_length=60, blank=True, help_text="Only with the incentive of this code."
    )
    is_counted = models.BooleanField(
        default=True, help_text="Off: shown, but never taken off a price."
    )
    note = models.CharField(max_length=300, blank=True, help_text="Conditions, for people.")


class InstallCost(Dated):
    """What a turnkey system costs a kW, taxes in, and how much roof a kW takes."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="install_costs")
    property_types = models.JSONField(default=list, blank=True, help_text="Empty for all others.")
    cost_per_kw = models.DecimalField(max_digits=12, decimal_places=2)
    roof_m2_per_kw = models.DecimalField(max_digits=6, decimal_places=2)


class Station(Sourced):
    """The weather of a place by month, January first."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="stations")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    latitude = models.FloatField()
    longitude = models.FloatField()
    ghi = models.JSONField(help_text="Twelve: global horizontal irradiation, kWh/m² a day.")
    temperature = models.JSONField(help_text="Twelve: mean air temperature, °C.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "code"], name="solar_station_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Assumption(Sourced):
    """A number the calculator takes where nobody stated one, or where nobody can know."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="assumptions")
    name = models.SlugField(max_length=60)
    value = models.DecimalField(max_digits=14, decimal_places=4)
    unit = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "name"], name="solar_assumption_once"),
        ]

    def __str__(self) -> str:
        return self.name


class DataSnapshot(models.Model):
    """The rows an estimate was made from, word for word: rows change, a given estimate does not.

    Shared by all estimates of a place on a day; never changed.
    """

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the content.")
    content = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.digest[:12]


class EstimateRun(PublicIdModel):
    """An estimate that was given to somebody, with all it takes to make it again. Never changed."""

    digest = models.CharField(max_length=64, unique=True, help_text="Of model, inputs and data.")
    model_version = models.CharField(max_length=40)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    inputs = models.JSONField()
    data = models.ForeignKey(DataSnapshot, on_delete=models.PROTECT, related_name="runs")
    yield_source = models.CharField(max_length=20, help_text="model or pvwatts")
    monthly_yield = models.JSONField(help_text="Twelve: AC kWh per kWp, January first.")
    result = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return str(self.public_id)
