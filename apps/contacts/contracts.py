"""What other rooms tell this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.contacts.identity import PhoneNumber


@dataclass(frozen=True)
class PersonDraft:
    """A person as somebody described them. Empty means not said."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""  # normalised by `identity.read_email`
    phone: PhoneNumber | None = None
    market: str = ""
    language: str = ""

    @property
    def has_identity(self) -> bool:
        return bool(self.email or self.phone)


@dataclass(frozen=True)
class ConsentDraft:
    """What somebody agreed to, with what was shown to them when they did."""

    channels: tuple[str, ...]
    wording: str
    version: str
    page_url: str = ""
    ip_address: str | None = None
    user_agent: str = ""
    certificate_url: str = ""
    given_at: datetime | None = None


@dataclass(frozen=True)
class Captured:
    """The contact a person turned out to be.

    `conflict` holds the public id of another contact that owns one of the identities: the person
    may exist twice, and staff decide.
    """

    contact_pk: int
    created: bool
    conflict: UUID | None = None
