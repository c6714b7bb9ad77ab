"""The steps from a new buyer to the first lead it gets, and what each of them still lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from apps.b2b.answers import spec_problems
from apps.b2b.choices import Payment, PlatformStatus
from apps.b2b.credentials import read_credentials
from apps.b2b.filters import read_filters
from apps.b2b.mapping import mapping_problems
from apps.b2b.models import Platform
from apps.b2b.snapshot import active_policies, settings_digest, terms_of
from apps.b2b.transports.registry import transport_of
from apps.b2b.windows import read_windows


@dataclass(frozen=True)
class Step:
    """One step. Done: `problems` is empty."""

    code: str
    label: str
    icon: str
    problems: tuple[str, ...]

    @property
    def is_done(self) -> bool:
        return not self.problems


def onboarding_steps(platform: Platform) -> list[Step]:
    """All steps in order. What a later one lacks is told also while an earlier one is open."""
    return [
        Step("profile", "Who they are", "badge", tuple(_profile(platform))),
        Step("wants", "What they want and pay", "filter_alt", tuple(_wants(platform))),
        Step("way", "How they get it", "local_shipping", tuple(_way(platform))),
        Step("mapping", "In their words", "translate", tuple(_words(platform))),
        Step("test", "A test delivery passes", "science", tuple(_test(platform))),
        Step("live", "Live", "rocket_launch", tuple(_live(platform))),
    ]


def is_tested(platform: Platform) -> bool:
    """Whether a test delivery passed with exactly the present settings."""
    return bool(platform.tested_at) and platform.tested_digest == settings_digest(platform)


def missing_before_live(platform: Platform) -> list[str]:
    """Everything that must be done before this buyer may get leads."""
    steps = onboarding_steps(platform)[:-1]
    return [problem for step in steps for problem in step.problems]


def _profile(platform: Platform) -> Iterator[str]:
    if not platform.contact_email:
        yield "Say whom to write to at the buyer's"


def _wants(platform: Platform) -> Iterator[str]:
    try:
        read_filters(platform.filters)
        read_windows(platform.windows)
    except ValueError as error:
        yield str(error)
    terms, currency = terms_of(platform), platform.market.currency
    if not all(policy.can_price(currency, terms) for policy in active_policies()):
        yield (
            f"No base price for a {platform.tier} buyer in {currency}: add it under Prices, or a"
            " bid of their own"
        )
    if platform.payment == Payment.PREPAID and platform.account.balance >= 0:
        yield "Pays ahead, and the wallet is empty: book a payment"


def _way(platform: Platform) -> Iterator[str]:
    secrets = read_credentials(platform)
    for setting in transport_of(platform.method).settings:
        given = secrets if setting.secret else platform.endpoint
        if setting.required and not given.get(setting.name):
            yield f"{setting.label} is missing"


def _words(platform: Platform) -> Iterator[str]:
    yield from mapping_problems(platform.mapping)
    yield from spec_problems(platform.answers)


def _test(platform: Platform) -> Iterator[str]:
    if not is_tested(platform):
        yield (
            "The settings have changed since the last test delivery"
            if platform.tested_at
            else "No test delivery has passed yet"
        )


def _live(platform: Platform) -> Iterator[str]:
    if platform.status == PlatformStatus.ONBOARDING:
        yield "Not live yet"
    elif platform.status != PlatformStatus.ACTIVE:
        yield platform.paused_because or platform.get_status_display()
