"""Versions of the price tables."""

from __future__ import annotations

from django.db import transaction

from apps.b2b.models import PricingPolicy

_LONGEST_BASE = 24


@transaction.atomic
def policy_copy(policy: PricingPolicy) -> PricingPolicy:
    """The same tables as a new version, which prices nothing until somebody says so."""
    base = policy.version[:_LONGEST_BASE]
    taken = set(
        PricingPolicy.objects.filter(version__startswith=base).values_list("version", flat=True)
    )
    version = next(one for n in range(2, 10_000) if (one := f"{base}-{n}") not in taken)
    return PricingPolicy.objects.create(
        version=version, parameters=policy.parameters, note=f"From {policy.version}"
    )
