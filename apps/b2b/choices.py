"""The words of the exchange. Values are part of the API."""

from django.db import models


class Tier(models.TextChoices):
    PREMIUM = "premium", "Premium"
    STANDARD = "standard", "Standard"
    VOLUME = "volume", "Volume"
    DIRECT = "direct", "Direct"


class Method(models.TextChoices):
    """How a buyer is delivered to; each has a folder in `transports`."""

    JSON_API = "json_api", "JSON API"
    WEBHOOK = "webhook", "Signed webhook"
    CSV_EMAIL = "csv_email", "CSV by e-mail"
    SFTP = "sftp", "File by SFTP"


class PlatformStatus(models.TextChoices):
    ONBOARDING = "onboarding", "Being set up"
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"


class Health(models.TextChoices):
    """How a buyer's side does."""

    HEALTHY = "healthy", "Healthy"
    DEGRADED = "degraded", "Some deliveries fail or wait for a person"
    DOWN = "down", "Does not answer"
    UNKNOWN = "unknown", "Nothing is known yet"


class Payment(models.TextChoices):
    PREPAID = "prepaid", "Prepaid wallet"
    TERMS = "terms", "On invoice"


class CommissionKind(models.TextChoices):
    PERCENT = "percent", "Percent of the price"
    FIXED = "fixed", "Amount a lead"


class Strategy(models.TextChoices):
    WEIGHTED = "weighted", "Weighted: revenue, acceptance, room, quality, place, history"
    REVENUE = "revenue", "Whoever is expected to pay most"
    CAPACITY = "capacity", "Whoever has most room"
    QUALITY = "quality", "Whom the lead suits best"
    BALANCED = "balanced", "Balanced: revenue, acceptance, room and quality alike"
    OPTIMAL = "optimal", "Optimal: whoever is expected to pay most, keeping room for better leads"


class Effect(models.TextChoices):
    ONLY = "only", "Only these buyers"
    PREFER = "prefer", "These buyers first"
    NEVER = "never", "Never these buyers"


class SaleState(models.TextChoices):
    RESERVED = "reserved", "On its way to the buyer"
    ACCEPTED = "accepted", "Accepted"
    RELEASED = "released", "Not taken"


LIVE_SALES = (SaleState.RESERVED, SaleState.ACCEPTED)


class ReleaseReason(models.TextChoices):
    NONE = "", "—"
    REJECTED = "rejected", "The buyer rejected it"
    DUPLICATE = "duplicate", "The buyer has this person already"
    UNDELIVERABLE = "undeliverable", "It could not be delivered"
    SUPPRESSED = "suppressed", "The person must not be contacted any more"


class DeliveryState(models.TextChoices):
    QUEUED = "queued", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    RETRYING = "retrying", "Will be sent again"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    MANUAL = "manual", "Needs a person"
    FAILED = "failed", "Given up"
    CANCELLED = "cancelled", "Taken back"


DUE_DELIVERIES = (DeliveryState.QUEUED, DeliveryState.RETRYING)


class AttemptOutcome(models.TextChoices):
    SENDING = "", "Under way"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    DUPLICATE = "duplicate", "Known to the buyer"
    FAILED = "failed", "Failed: nothing was taken"
    UNKNOWN = "unknown", "Unknown: it may have been taken"
    REFUSED = "refused", "Refused as it is: mapping or credentials"


class FeedbackType(models.TextChoices):
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    CONTACTED = "contacted", "Contacted"
    APPOINTMENT = "appointment", "Appointment"
    QUOTED = "quoted", "Quoted"
    CONVERTED = "converted", "Converted"
    LOST = "lost", "Lost"


class FeedbackWay(models.TextChoices):
    API = "api", "API"
    DOOR = "door", "Signed door"
    CSV = "csv", "CSV file"


class AlertLevel(models.TextChoices):
    INFO = "info", "For information"
    WARNING = "warning", "Warning"
    CRITICAL = "critical", "Critical"
