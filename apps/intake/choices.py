"""The kinds of ways in, and where an event stands."""

from django.db import models


class SourceKind(models.TextChoices):
    """How something came in; each kind has a parser of its own in `integrations.doors`."""

    EMAILJS = "emailjs", "Web form"
    CHATBOT = "chatbot", "Chatbot"
    CALCULATOR = "calculator", "Solar calculator"
    VENDOR = "vendor", "Lead vendor"
    API = "api", "API"
    IMPORT = "import", "File"
    EMAIL = "email", "E-mail"


class EventState(models.TextChoices):
    RECEIVED = "received", "Received"
    PROCESSED = "processed", "Processed"
    PARKED = "parked", "Parked"
    SPAM = "spam", "Spam"


class Provenance(models.TextChoices):
    FIRST_PARTY = "first_party", "Came to us"
    THIRD_PARTY = "third_party", "Bought or passed on"
