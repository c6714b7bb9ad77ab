"""Taking a lead's place with buyers, late and under the lock of their accounts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from apps.b2b.actions.booking import book_hold, commission_of, lock_accounts, take_caps
from apps.b2b.actions.packing import delivery_pack
from apps.b2b.filters import Filters, LeadFacts, read_filters
from apps.b2b.models import Platform, RouteDecision, Sale
from apps.b2b.routing import Buyer, Candidate
from apps.b2b.sharing import joining
from apps.b2b.snapshot import buyers_from, caps_of, given_consents
from apps.contacts.models import Consent
from apps.core.errors import Conflict
from apps.leads.models import Lead


@dataclass
class Reserved:
    """What was reserved, and who was taken from under our hands meanwhile."""

    chosen: list[tuple[Platform, Candidate]] = field(default_factory=list)
    lost: dict[str, str] = field(default_factory=dict)


def places_reserve(
    ranked: Sequence[Candidate],
    facts: LeadFacts,
    *,
    promises: Collection[int],
    share_up_to: int,
    now: datetime,
    beside: str = "",
) -> Reserved:
    """Whom it is sold to: the first of the ranking that are still free once they are locked.

    `promises` of those that have the lead already, see `sharing`. Chosen and locked anew whenever
    somebody drops out, and a savepoint gives the locks back in between: so nobody ever holds one
    account while waiting for an earlier one. `beside` is locked with them, in the same order: the
    buyer that gives its place up.
    """
    reserved = Reserved()
    left = list(ranked)
    while left:
        wanted = joining(left, promises, share_up_to)
        with transaction.atomic():
            platforms = _locked([one.buyer for one in wanted], beside)
            standing = {one.key: one for one in buyers_from(list(platforms.values()), now)}
            gone = {
                one.buyer: why
                for one in wanted
                if (why := _no_longer(standing.get(one.buyer), one, facts))
            }
            if not gone:
                reserved.chosen = [(platforms[one.buyer], one) for one in wanted]
                return reserved
            transaction.set_rollback(True)
        reserved.lost |= gone
        left = [one for one in left if one.buyer not in gone]
    return reserved


def sale_reserve(
    lead: Lead, platform: Platform, one: Candidate, decision: RouteDecision, now: datetime
) -> Sale:
    """The sale, its caps, its money and its delivery, in the transaction of the route."""
    if one.price is None:
        raise ValueError("A buyer without a price is not sold to.")
    territory = lead.territory.code if lead.territory else ""
    shared_up_to = min(decision.share_up_to, one.share_limit)
    sale = Sale.objects.create(
        lead=lead,
        platform=platform,
        route=decision,
        is_exclusive=shared_up_to == 1,
        shared_up_to=shared_up_to,
        price=one.price.amount,
        currency=one.price.currency,
        price_detail=one.price.as_json(),
        commission=commission_of(platform, one.price.amount),
        consent=consent_relied_on(lead, read_filters(platform.filters)),
        caps_taken=take_caps(platform, caps_of(platform), territory, now),
        reserved_at=now,
    )
    book_hold(sale, now)
    delivery_pack(sale, now=now)
    return sale


def consent_relied_on(lead: Lead, wanted: Filters) -> Consent:
    """The line of the ledger a sale points to: the newest of those the buyer relies on.

    With a certificate, where the buyer needs one. Raises Conflict when one of them, or any at all,
    is missing: nobody is sold without.
    """
    given, channels = given_consents(lead), wanted.consent_channels
    if missing := channels - given.keys():
        raise Conflict(f"There is no consent any more for: {', '.join(sorted(missing))}.")
    lines = [
        line
        for channel, line in given.items()
        if (not channels or channel in channels)
        and (line.certificate_url or not wanted.needs_certificate)
    ]
    if not lines:
        raise Conflict("There is no consent that a sale could point to.")
    return max(lines, key=lambda line: (line.occurred_at, line.pk))


def _locked(slugs: Sequence[str], beside: str) -> dict[str, Platform]:
    """The buyers with their accounts locked, as they are now."""
    pks = Platform.objects.filter(slug__in=[*slugs, beside]).values_list("pk", flat=True)
    accounts = lock_accounts(list(pks))
    platforms = Platform.objects.filter(slug__in=slugs).select_related("market")
    found = {}
    for platform in platforms.prefetch_related("caps__territory"):
        platform.account = accounts[platform.pk]
        found[platform.slug] = platform
    return found


def _no_longer(buyer: Buyer | None, one: Candidate, facts: LeadFacts) -> str:
    """Why a buyer that was free a moment ago is not any more; "" when it still is."""
    if buyer is None or buyer.paused:
        return "Was paused meanwhile"
    for territory, refusal in buyer.full:
        if territory is None or territory == facts.territory:
            return f"{refusal.words}, since a moment ago"
    if buyer.spendable is not None and one.price and one.price.amount > buyer.spendable:
        return "Its money was used up a moment ago"
    return ""
