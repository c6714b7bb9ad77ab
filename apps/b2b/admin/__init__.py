"""The exchange, as staff see it."""

from apps.b2b.admin import (  # noqa: F401
    deliveries,
    panels,
    plans,
    platforms,
    prices,
    rules,
    sales,
    watch,
)
