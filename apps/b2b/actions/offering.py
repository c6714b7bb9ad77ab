"""Selling a lead: look at every buyer, then reserve for the best that is still free."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.b2b.actions.reserving import Reserved, places_reserve, sale_reserve
from apps.b2b.choices import Strategy
from apps.b2b.filters import LeadFacts, Refusal
from apps.b2b.models import CapacityPlan, RouteDecision, Sale
from apps.b2b.routing import Route, Rule, route
from apps.b2b.sharing import places_left
from apps.b2b.snapshot import (
    active_policies,
    bid_prices_of,
    buyers_of,
    lead_facts,
    live_sales,
    rules_of,
)
from apps.core.errors import NotFound
from apps.core.money import Money
from apps.leads.choices import OPEN_STATUSES, ActivityKind, LeadStatus
from apps.leads.models import Lead
from apps.leads.timeline import activity_add

_A_MOMENT = timedelta(seconds=30)
# What a buyer took and gave back is still marked as sold, and may be sold again.
OFFERED = (*OPEN_STATUSES, LeadStatus.SOLD)


@dataclass(frozen=True)
class Offer:
    """What became of the attempt to sell a lead. No sales: nobody takes it, and `reason` why."""

    sales: tuple[Sale, ...] = ()
    reason: str = ""
    route_id: UUID | None = None
    is_new: bool = False


def lead_lock(lead_pk: int) -> Lead:
    """The lead, locked: the first lock of everybody who sells. Raises NotFound."""
    locked = Lead.objects.select_for_update(of=("self",)).filter(pk=lead_pk)
    lead = locked.select_related("market", "territory", "source").first()
    if lead is None:
        raise NotFound("There is no such lead.")
    return lead


@transaction.atomic
def lead_offer(
    lead_pk: int,
    *,
    now: datetime,
    strategy: str = Strategy.WEIGHTED,
    share_up_to: int = 1,
    only: str = "",
    actor_pk: int | None = None,
    in_place_of: Sale | None = None,
) -> Offer:
    """Route a lead and reserve it for whoever comes first. Repeatable: what is sold stays sold.

    Locks the lead, then late and in order the accounts of the chosen. A buyer whose cap or wallet
    somebody else used up meanwhile is passed over. With `share_up_to` over 1 a lead whose best
    buyer shares is sold to the next sharing ones too; `in_place_of` names a sale that came to
    nothing, and the place it left beside those who share the lead is filled, once. `only` names
    the one buyer to be asked. A lead that is closed, otherwise than by being sold, is offered to
    nobody.
    """
    lead = lead_lock(lead_pk)
    live = live_sales(lead_pk)
    promises = [sale.shared_up_to for sale in live]
    if live and (in_place_of is None or places_left(promises, share_up_to) < 1):
        return Offer(tuple(live), "Sold already")
    if lead.status not in OFFERED:
        return Offer((), f"It is closed: {lead.get_status_display().lower()}")
    by_itself = not only and actor_pk is None
    if by_itself and (latest := _asked_just_now(lead, now)) is not None:
        return Offer(tuple(live), latest.reason, latest.public_id)
    asked = _Asked(strategy, share_up_to, only, in_place_of)
    answered = _ask(lead_facts(lead, now), asked, promises, now)
    decision, sales = _sell(lead, answered, asked, now, actor_pk)
    return Offer((*live, *sales), decision.reason, decision.public_id, is_new=bool(sales))


def lead_offer_next(sale: Sale, *, now: datetime) -> Offer:
    """A buyer did not take it: the next one is asked, as the first was. Repeatable.

    Nobody is when that was to be the only one.
    """
    first = sale.route or RouteDecision(strategy=Strategy.WEIGHTED)
    if first.only:
        return Offer((), "One buyer was to be asked")
    return lead_offer(
        sale.lead_id,
        strategy=first.strategy,
        share_up_to=first.share_up_to,
        in_place_of=sale,
        now=now,
    )


@transaction.atomic
def lead_offer_instead(sale: Sale, *, give_up: Callable[[], None], now: datetime) -> bool:
    """Sell a lead to whoever comes next in the place of a sale that still holds, or change nothing.

    `give_up` takes that sale back, once the places of the next are locked. Returns whether anybody
    has taken it. Nobody is asked where one buyer was to be the only one, or the lead was closed.
    """
    first = sale.route or RouteDecision(strategy=Strategy.WEIGHTED)
    lead = lead_lock(sale.lead_id)
    if first.only or lead.status not in OFFERED:
        return False
    facts = lead_facts(lead, now)
    facts = replace(facts, shared_by=facts.shared_by - 1)
    promises = [one.shared_up_to for one in live_sales(lead.pk) if one.pk != sale.pk]
    asked = _Asked(first.strategy, first.share_up_to, in_place_of=sale)
    answered = _ask(facts, asked, promises, now, beside=sale.platform.slug)
    if not answered.reserved.chosen:
        return False
    give_up()
    _sell(lead, answered, asked, now)
    return True


@dataclass(frozen=True)
class _Asked:
    """How buyers are asked."""

    strategy: str
    share_up_to: int
    only: str = ""
    in_place_of: Sale | None = None


@dataclass(frozen=True)
class _Answered:
    """How every buyer was judged, by which plan, and whose places are held."""

    facts: LeadFacts
    route: Route
    plan: CapacityPlan | None
    reserved: Reserved


def _ask(
    facts: LeadFacts, asked: _Asked, promises: list[int], now: datetime, *, beside: str = ""
) -> _Answered:
    """Judge every buyer, and lock the places of the best; `beside`, see `places_reserve`."""
    plan, prices = (
        bid_prices_of(facts.market, now) if asked.strategy == Strategy.OPTIMAL else (None, None)
    )
    found = route(
        facts,
        buyers_of(facts.market, now),
        policies=active_policies(),
        rules=[*rules_of(facts.market), *_asked_for(asked.only)],
        strategy=asked.strategy,
        bid_prices=prices,
        now=now,
    )
    reserved = places_reserve(
        found.ranked,
        facts,
        promises=promises,
        share_up_to=asked.share_up_to,
        beside=beside,
        now=now,
    )
    return _Answered(facts, found, plan, reserved)


def _sell(
    lead: Lead, answered: _Answered, asked: _Asked, now: datetime, actor_pk: int | None = None
) -> tuple[RouteDecision, list[Sale]]:
    """Write down the decision, and the sales to those whose places are held."""
    decision = _keep(lead, answered, asked, now)
    chosen = answered.reserved.chosen
    sales = [sale_reserve(lead, platform, one, decision, now) for platform, one in chosen]
    activity_add(
        lead.pk,
        ActivityKind.OFFERED,
        _said(sales, asked.in_place_of),
        now=now,
        actor_pk=actor_pk,
        route=str(decision.public_id),
    )
    return decision, sales


def _asked_for(only: str) -> list[Rule]:
    return [Rule("Asked for by hand", "only", frozenset({only}))] if only else []


def _asked_just_now(lead: Lead, now: datetime) -> RouteDecision | None:
    """The answer of a moment ago, when it was that nobody takes it: asking again changes nothing.

    A rejection wakes both the next offer and the lead's journey, and each of them asks. A person
    who asks may have changed what spoke against it, and one buyer says nothing for the others.
    """
    latest = lead.routes.filter(only="").order_by("-decided_at", "-pk").first()
    if latest is None or latest.sales.exists() or now - latest.decided_at > _A_MOMENT:
        return None
    released = lead.sales.filter(released_at__gt=latest.decided_at)
    return None if released.exists() else latest


def _said(sales: list[Sale], in_place_of: Sale | None) -> str:
    if not sales:
        return "Offered: no buyer takes it"
    names = ", ".join(f"{sale.platform} at {Money(sale.price, sale.currency)}" for sale in sales)
    instead = f", in the place of {in_place_of.platform}" if in_place_of else ""
    return f"Offered to {names}{instead}"


def _keep(lead: Lead, answered: _Answered, asked: _Asked, now: datetime) -> RouteDecision:
    """Write down how every buyer was judged, and who was taken from under our hands."""
    found, reserved = answered.route, answered.reserved
    chosen = {one.buyer for _, one in reserved.chosen}
    judged: list[dict[str, Any]] = []
    for one in (*found.ranked, *found.refused):
        shown = one.as_json() | {"chosen": one.buyer in chosen}
        if why := reserved.lost.get(one.buyer):
            shown["refusals"] = [*shown["refusals"], Refusal("reservation", why)._asdict()]
        judged.append(shown)
    left = Route(
        found.strategy,
        tuple(one for one in found.ranked if one.buyer not in reserved.lost),
        found.refused,
        found.note,
    )
    return RouteDecision.objects.create(
        lead=lead,
        strategy=found.strategy,
        share_up_to=asked.share_up_to,
        only=asked.only,
        in_place_of=asked.in_place_of,
        plan=answered.plan,
        reason=left.reason[:300],
        facts=_facts_kept(answered.facts),
        candidates=judged,
        decided_at=now,
    )


def _facts_kept(facts: LeadFacts) -> dict[str, Any]:
    kept = asdict(facts) | {name: sorted(getattr(facts, name)) for name in ("offered", "certified")}
    return {name: _plain(value) for name, value in kept.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {name: round(days, 2) for name, days in value.items()}
    return round(value, 2) if isinstance(value, float) else value
