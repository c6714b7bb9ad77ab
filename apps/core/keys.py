"""Keys that programs send: how they are made, and what is kept of them."""

from __future__ import annotations

import hashlib
import secrets

PREFIX_LENGTH = 10  # what people recognise a key by: its kind and a few characters


def new_key(kind: str) -> str:
    """A new secret of 256 random bits; `kind` ("src", "crm") says in front what it opens."""
    return f"{kind}_{secrets.token_urlsafe(32)}"


def key_digest(key: str) -> str:
    """What is stored. Nobody guesses 256 random bits, so a plain digest is as good as a slow one,
    and it can be looked up by an index; a password, which people choose, is another matter."""
    return hashlib.sha256(key.encode()).hexdigest()
