"""Standard Webhooks signatures (standardwebhooks.com): made and checked here. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

TOLERANCE_SECONDS = 5 * 60
_SECRET_PREFIX = "whsec_"  # noqa: S105 (a prefix, not a secret)


def sign(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature` for a message (`v1,` and base64 of HMAC-SHA256)."""
    content = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(_key(secret), content, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def is_signed(
    secret: str, *, message_id: str, timestamp: str, signatures: str, body: bytes, now: float
) -> bool:
    """Whether one of the space-separated `signatures` is ours and the message is fresh."""
    if not message_id or not timestamp.isdecimal() or len(timestamp) > 12:
        return False
    if abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    expected = sign(secret, message_id=message_id, timestamp=int(timestamp), body=body).encode()
    return any(hmac.compare_digest(expected, offer.encode()) for offer in signatures.split())


def _key(secret: str) -> bytes:
    """The bytes of a secret: base64 after `whsec_`, as the specification has it, else as it is."""
    try:
        return base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return secret.encode()
