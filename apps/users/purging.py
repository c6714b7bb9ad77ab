"""Sign-ins that are over: spent tokens and old sessions are forgotten."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from apps.core.purging import purger


@purger("sign-in tokens")
def purge_tokens(now: datetime) -> int:
    """Too old to be accepted, revoked or not."""
    return OutstandingToken.objects.filter(expires_at__lt=now).delete()[0]


@purger("sessions")
def purge_sessions(now: datetime) -> int:
    return Session.objects.filter(expire_date__lt=now).delete()[0]
