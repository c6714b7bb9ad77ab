"""Where the account of a buyer stands, as people read it: what is owed, and what is only held.

A balance counts both: money kept aside for a lead on its way is owed once the buyer takes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import DecimalField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from apps.b2b.choices import SaleState
from apps.b2b.models import Platform, PlatformAccount, Sale
from apps.core.money import Money

_MONEY = DecimalField(max_digits=14, decimal_places=2)
_HELD = (
    Sale.objects.filter(platform=OuterRef("pk"), state=SaleState.RESERVED)
    .order_by()
    .values("platform")
    .annotate(total=Sum("price"))
    .values("total")
)


@dataclass(frozen=True)
class Standing:
    """`settled` is owed to us; negative: paid ahead. `held` is for leads on their way."""

    settled: Decimal
    held: Decimal
    currency: str

    @property
    def is_ahead(self) -> bool:
        return self.settled < 0

    @property
    def words(self) -> str:
        how = "paid ahead" if self.is_ahead else "owed"
        return f"{Money(abs(self.settled), self.currency)} {how}"

    @property
    def held_words(self) -> str:
        return f"{Money(self.held, self.currency)} held" if self.held else ""


def with_held(platforms: QuerySet[Platform]) -> QuerySet[Platform]:
    """Buyers with the sum of what is on its way to each, as `held`."""
    return platforms.annotate(held=Coalesce(Subquery(_HELD), Value(0), output_field=_MONEY))


def standing_of(platform: Platform) -> Standing:
    """How a buyer's account stands now. Two queries."""
    account = PlatformAccount.objects.get(platform=platform.pk)
    on_its_way = Sale.objects.filter(platform=platform.pk, state=SaleState.RESERVED)
    held = on_its_way.aggregate(total=Sum("price"))["total"] or Decimal(0)
    return Standing(account.balance - held, held, platform.market.currency)
