"""Which changes of the exchange's settings are audited."""

from auditlog.registry import auditlog

from apps.b2b.models import Platform, PlatformCap, PricingPolicy, RoutingRule

auditlog.register(
    Platform,
    exclude_fields=[
        "acceptance_rate",
        "acceptance_samples",
        "history_mark",
        "rejections_in_a_row",
        "failures_in_a_row",
        "resting_until",
        "checked_at",
        "is_healthy",
        "health_words",
        "feedback_key_digest",
    ],
    mask_fields=["credentials", "feedback_secret"],
)
auditlog.register(PlatformCap)
auditlog.register(PricingPolicy)
auditlog.register(RoutingRule, m2m_fields={"platforms", "territories", "sources"})
