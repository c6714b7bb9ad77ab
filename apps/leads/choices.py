"""The words of a lead. Values are part of the API."""

from django.db import models


class LeadStatus(models.TextChoices):
    NEW = "new", "New"
    CONTACTED = "contacted", "Contacted"
    QUALIFIED = "qualified", "Qualified"
    PROPOSAL = "proposal", "Proposal"
    NEGOTIATION = "negotiation", "Negotiation"
    WON = "won", "Won"
    LOST = "lost", "Lost"
    SOLD = "sold", "Sold"
    UNQUALIFIED = "unqualified", "Unqualified"
    DUPLICATE = "duplicate", "Duplicate"


# A person with one of these is being served: what they send next belongs to this lead.
OPEN_STATUSES = (
    LeadStatus.NEW,
    LeadStatus.CONTACTED,
    LeadStatus.QUALIFIED,
    LeadStatus.PROPOSAL,
    LeadStatus.NEGOTIATION,
)


class CallStatus(models.TextChoices):
    TO_CALL = "to_call", "To call"
    CALLING = "calling", "Calling"
    QUALIFIED = "qualified", "Qualified"
    NOT_QUALIFIED = "not_qualified", "Not qualified"
    CALLBACK_REQUESTED = "callback_requested", "Callback requested"
    NO_ANSWER = "no_answer", "No answer"
    VOICEMAIL = "voicemail", "Voicemail"
    BUSY = "busy", "Busy"
    WRONG_NUMBER = "wrong_number", "Wrong number"
    DO_NOT_CALL = "do_not_call", "Do not call"
    FAILED = "failed", "Failed"


class PropertyType(models.TextChoices):
    SINGLE_FAMILY = "single_family", "Single-family house"
    MULTI_FAMILY = "multi_family", "Multi-family house"
    TOWNHOUSE = "townhouse", "Townhouse"
    BROWNSTONE = "brownstone", "Brownstone"
    CONDO = "condo", "Condo"
    CO_OP = "co_op", "Co-op"
    APARTMENT = "apartment", "Apartment"
    COMMERCIAL = "commercial", "Commercial"


class Ownership(models.TextChoices):
    OWNER = "owner", "Owns it"
    RENTER = "renter", "Does not own it"


class Timeline(models.TextChoices):
    IMMEDIATE = "immediate", "Immediately"
    WITHIN_3_MONTHS = "within_3_months", "Within 3 months"
    WITHIN_6_MONTHS = "within_6_months", "Within 6 months"
    WITHIN_YEAR = "within_year", "Within a year"
    RESEARCHING = "researching", "Researching"


class DecisionMaker(models.TextChoices):
    SOLE = "sole", "Decides alone"
    JOINT = "joint", "Decides together with others"
    OTHER = "other", "Somebody else decides"


class CreditRange(models.TextChoices):
    EXCELLENT = "excellent", "Excellent"
    GOOD = "good", "Good"
    FAIR = "fair", "Fair"
    POOR = "poor", "Poor"


class RoofType(models.TextChoices):
    FLAT = "flat", "Flat"
    PITCHED = "pitched", "Pitched"
    ASPHALT_SHINGLE = "asphalt_shingle", "Asphalt shingle"
    SLATE = "slate", "Slate"
    TILE = "tile", "Tile"
    METAL = "metal", "Metal"
    RCC = "rcc", "RCC slab"
    MEMBRANE = "membrane", "Membrane"


class Shading(models.TextChoices):
    NONE = "none", "None"
    SOME = "some", "Some"
    HEAVY = "heavy", "Heavy"


class Level(models.TextChoices):
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class Tier(models.TextChoices):
    PREMIUM = "premium", "Premium"
    STANDARD = "standard", "Standard"
    BASIC = "basic", "Basic"
    UNQUALIFIED = "unqualified", "Unqualified"


class ActivityKind(models.TextChoices):
    CREATED = "created", "Lead created"
    INBOUND = "inbound", "Wrote again"
    UPDATED = "updated", "Details changed"
    SCORED = "scored", "Scored"
    ASSIGNED = "assigned", "Assigned"
    ESTIMATED = "estimated", "Estimate"
    STATUS = "status", "Status changed"
    DECIDED = "decided", "Worked or sold"
    OFFERED = "offered", "Offered to buyers"
    SOLD = "sold", "Sold"
    FEEDBACK = "feedback", "A buyer's feedback"
    REJECTED = "rejected", "Not taken by a buyer"
    CONSENT = "consent", "Consent"
    SUPPRESSED = "suppressed", "Must not be contacted"
    CALL = "call", "Call"
    MAIL = "mail", "Mail"
    MEETING = "meeting", "Meeting"
    TASK = "task", "Task"
    RESPONSE = "response", "First answer"
    NOTE = "note", "Note"
    SURVEY = "survey", "Site survey"
    POSSIBLE_DUPLICATE = "possible_duplicate", "Possible duplicate"
    MERGED = "merged", "Merged"
    UNMERGED = "unmerged", "Merge undone"
    SPAM = "spam", "Spam"
    SEQUENCE = "sequence", "Follow-up"
    MAIL_FAILED = "mail_failed", "Mail not delivered"
    MAIL_RECEIVED = "mail_received", "Mail received"


class Strategy(models.TextChoices):
    ROUND_ROBIN = "round_robin", "In turn"
    LEAST_LOADED = "least_loaded", "Whoever has the fewest open leads"
    BEST_AVAILABLE = "best_available", "Whoever has the most room left"
    TERRITORY = "territory", "Whoever covers the territory, in turn"
    DIRECT = "direct", "One person"


class Otherwise(models.TextChoices):
    """What becomes of a lead when nobody of a rule can take it."""

    NEXT = "next", "Ask the next rule"
    TEAM = "team", "Ask another team, then the next rule"
    NOBODY = "nobody", "Leave it without an owner and tell the managers"


class RuleSetState(models.TextChoices):
    DRAFT = "draft", "Draft"
    LIVE = "live", "Live"
    RETIRED = "retired", "Replaced"


class Weekday(models.IntegerChoices):
    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class ResponseStage(models.TextChoices):
    """What was said so far about a first answer that does not come."""

    QUIET = "", "Nothing"
    WARNED = "warned", "The owner was warned"
    BREACHED = "breached", "Owner and managers were told"
    ESCALATED = "escalated", "Escalated"


class TaskKind(models.TextChoices):
    CALL = "call", "Call"
    MAIL = "mail", "Mail"
    VISIT = "visit", "Visit"
    OTHER = "other", "Other"


class TaskState(models.TextChoices):
    OPEN = "open", "Open"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


class TaskReason(models.TextChoices):
    BY_HAND = "by_hand", "Entered by hand"
    FIRST_CALL = "first_call", "A new lead"
    RETRY = "retry", "Nobody was reached"
    CALLBACK = "callback", "They asked to be called"
    FOLLOW_UP = "follow_up", "The next step"


class AppointmentStatus(models.TextChoices):
    BOOKED = "booked", "Booked"
    DONE = "done", "Done"
    NO_SHOW = "no_show", "Nobody was there"
    CANCELLED = "cancelled", "Cancelled"
