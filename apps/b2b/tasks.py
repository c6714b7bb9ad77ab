"""Celery's door to the exchange. Thin: ids in, one call."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.b2b.actions.delivering import deliveries_due, deliveries_reap, delivery_send
from apps.b2b.actions.learning import acceptance_learn
from apps.b2b.actions.monitoring import exchange_watch, platforms_to_check
from apps.b2b.actions.planning import capacity_plan
from apps.b2b.actions.platforms import platform_check
from apps.b2b.selectors import markets_with_buyers, platform_by


@shared_task(name="b2b.send_due_deliveries")
def send_due_deliveries() -> None:
    """Send what waits for its time, and put back what a dead worker left in flight."""
    deliveries_reap(timezone.now())
    for pk in deliveries_due(timezone.now()):
        send_one_delivery.apply_async([pk], expires=60)


@shared_task(name="b2b.send_one_delivery")
def send_one_delivery(delivery_pk: int) -> None:
    delivery_send(delivery_pk)


@shared_task(name="b2b.learn_acceptance")
def learn_acceptance() -> None:
    acceptance_learn(timezone.now())


@shared_task(name="b2b.plan_capacity")
def plan_capacity() -> None:
    """Find out what room is worth, each market in a task of its own."""
    for market in markets_with_buyers():
        plan_one_market.apply_async([market], expires=600)


@shared_task(name="b2b.plan_one_market")
def plan_one_market(market: str) -> None:
    capacity_plan(market, now=timezone.now())


@shared_task(name="b2b.check_platforms")
def check_platforms() -> None:
    """Ask every live buyer's side whether it is there, each in a task of its own."""
    for slug in platforms_to_check():
        check_one_platform.apply_async([slug], expires=600)


@shared_task(name="b2b.check_one_platform")
def check_one_platform(slug: str) -> None:
    platform_check(platform_by(slug), now=timezone.now())


@shared_task(name="b2b.watch_exchange")
def watch_exchange() -> None:
    exchange_watch(timezone.now())
