"""What can happen on the site. The words are those the site sends."""

from django.db import models


class SiteEvent(models.TextChoices):
    VISIT = "visit", "Came to the site"
    PAGE_VIEW = "page_view", "Opened a page"
    CALCULATOR_STARTED = "calculator_started", "Began the calculator"
    CALCULATOR_COMPUTED = "calculator_computed", "Saw an estimate"
    CALCULATOR_SENT = "calculator_sent", "Sent the estimate"
    FORM_STARTED = "form_started", "Began the form"
    FORM_STEP = "form_step", "Filled in a part of the form"
    FORM_SENT = "form_sent", "Sent the form"
    CHAT_OPENED = "chat_opened", "Opened the chat"
    SURVEY_OPENED = "survey_opened", "Looked for a time"
    SURVEY_BOOKED = "survey_booked", "Booked a survey"
