"""Public identifiers: UUIDv7, so they sort by time and still cannot be guessed."""

from __future__ import annotations

import uuid

import uuid_utils.compat
from django.db import models


def new_id() -> uuid.UUID:
    """A new UUIDv7 (RFC 9562)."""
    return uuid_utils.compat.uuid7()


class PublicIdModel(models.Model):
    """A row that the outside knows by `public_id`; the integer key stays inside."""

    public_id = models.UUIDField("id", default=new_id, unique=True, editable=False)

    class Meta:
        abstract = True
