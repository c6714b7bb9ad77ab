"""Reading e-mail addresses and telephone numbers as people write them. Pure.

The normalised form is what makes two requests the same person, so it is careful in one direction:
it never joins two people. Dots and `+tags` in an address are kept, because only some providers
ignore them.
"""

from __future__ import annotations

import re
import string
import unicodedata
from dataclasses import dataclass

import phonenumbers

_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)
_AROUND = string.whitespace + "<>\"'.,;"  # what people leave around an address
_MAX_EMAIL = 254  # RFC 5321
_MAX_LOCAL_PART = 64
_MAX_PHONE = 60


@dataclass(frozen=True)
class PhoneNumber:
    """A telephone number in E.164. `valid` is False for one that is possible but not in use."""

    e164: str
    valid: bool


def read_email(text: str) -> str | None:
    """The address in lower case, or None when there is none. Idempotent."""
    address = _bare(unicodedata.normalize("NFKC", text).lower())
    address = _bare(address.removeprefix("mailto:"))
    if len(address) > _MAX_EMAIL or not _EMAIL.fullmatch(address):
        return None
    return address if len(address.partition("@")[0]) <= _MAX_LOCAL_PART else None


def _bare(text: str) -> str:
    return text.strip(_AROUND)


def read_phone(text: str, *, region: str) -> PhoneNumber | None:
    """The number in E.164, or None when it cannot be one. Idempotent.

    `region` (ISO 3166, "US" or "IN") is where a number without a country code is at home. An
    extension is dropped: it does not make another person.
    """
    if len(text) > _MAX_PHONE:
        return None
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text), region)
    except phonenumbers.NumberParseException:
        return None
    # A number without its area code is possible "locally": it is somebody else in every town.
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    number.extension = None
    return PhoneNumber(
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        valid=phonenumbers.is_valid_number(number),
    )


def find_phones(text: str, *, region: str) -> list[PhoneNumber]:
    """The telephone numbers somebody wrote inside a sentence, in order."""
    matches = phonenumbers.PhoneNumberMatcher(text[:10_000], region)
    return [
        PhoneNumber(phonenumbers.format_number(m.number, phonenumbers.PhoneNumberFormat.E164), True)
        for m in matches
    ]


def find_emails(text: str) -> list[str]:
    """The e-mail addresses somebody wrote inside a sentence, in order."""
    found = (read_email(word) for word in re.findall(r"\S+@\S+", text[:10_000]))
    return [address for address in found if address]


def region_of(e164: str) -> str:
    """The country a valid number belongs to (ISO 3166), or ""."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(e164, None)) or ""


def show_phone(e164: str) -> str:
    """The number as people of its country write it; the text itself when it is no number."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
