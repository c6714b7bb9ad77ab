"""Buyers and what belongs to them; sales; deliveries; what is watched."""

from apps.b2b.models.delivery import Delivery, DeliveryAttempt, DeliveryPayload
from apps.b2b.models.plan import CapacityPlan
from apps.b2b.models.platform import Platform, PlatformCap
from apps.b2b.models.rules import PricingPolicy, RoutingRule
from apps.b2b.models.sale import CapUse, PlatformAccount, RouteDecision, Sale
from apps.b2b.models.watch import BuyerFeedback, PlatformAlert

__all__ = [
    "BuyerFeedback",
    "CapUse",
    "CapacityPlan",
    "Delivery",
    "DeliveryAttempt",
    "DeliveryPayload",
    "Platform",
    "PlatformAccount",
    "PlatformAlert",
    "PlatformCap",
    "PricingPolicy",
    "RouteDecision",
    "RoutingRule",
    "Sale",
]
