"""What the templates of staff pages need of `core.staff`."""

from decimal import Decimal

from django import template

from apps.core.money import Money
from apps.core.staff import marks

register = template.Library()
register.filter("age", marks.age)


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """An amount with the sign of its currency."""
    return str(Money(amount, currency))
