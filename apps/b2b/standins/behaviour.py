"""What a stand-in buyer does with a lead, and what it remembers. Pure but for its memory.

Like a good buyer it honours the key of a delivery: the same key again is the same lead, answered
as before and counted once.
"""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass, field
from typing import Any

REASONS = ("Wrong number", "Out of our area", "Not the owner")


@dataclass(frozen=True)
class Said:
    """An answer. The lead was taken though the caller is kept waiting for ever (`hangs`), or though
    the next call under the same key is answered as if it were another (`forgets`).
    """

    status: int
    body: bytes
    hangs: bool = False
    forgets: bool = False


@dataclass
class Memory:
    """What was taken, by buyer and key; how often each was sent."""

    answers: dict[tuple[str, str], Said] = field(default_factory=dict)
    taken: dict[str, list[str]] = field(default_factory=dict)
    calls: dict[tuple[str, str], int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def receive(self, buyer: str, key: str, lead: dict[str, Any]) -> Said:
        """Answer one call. `buyer` is the path it came to: its first word says what it does."""
        with self.lock:
            known = self.answers.get((buyer, key))
            self.calls[buyer, key] = self.calls.get((buyer, key), 0) + 1
            if known is not None and not (known.hangs or known.forgets):
                return known
            said = _SAYS.get(buyer.split("-", 1)[0], _accept)(key, lead, known is not None)
            if said.status < 500:
                self.answers[buyer, key] = said
            if said.hangs or said.forgets or (said.status == 200 and b'"accepted"' in said.body):
                taken = self.taken.setdefault(buyer, [])
                if key not in taken:
                    taken.append(key)
            return said

    def as_json(self) -> dict[str, Any]:
        with self.lock:
            return {
                "taken": dict(self.taken),
                "calls": {f"{buyer} {key}": n for (buyer, key), n in self.calls.items()},
            }


def _accept(key: str, lead: dict[str, Any], again: bool) -> Said:
    return _json(200, outcome="accepted", lead={"id": f"st-{_number(key) % 100_000:05}"})


def _reject(key: str, lead: dict[str, Any], again: bool) -> Said:
    return _json(200, outcome="rejected", reason=REASONS[_number(key) % len(REASONS)])


def _duplicate(key: str, lead: dict[str, Any], again: bool) -> Said:
    return _json(200, outcome="duplicate", reason="We have this telephone number")


def _picky(key: str, lead: dict[str, Any], again: bool) -> Said:
    """Takes two of three."""
    return _accept(key, lead, again) if _number(key) % 3 else _reject(key, lead, again)


def _down(key: str, lead: dict[str, Any], again: bool) -> Said:
    return Said(503, b"Service Unavailable")


def _limited(key: str, lead: dict[str, Any], again: bool) -> Said:
    return Said(429, b"Slow down")


def _garbage(key: str, lead: dict[str, Any], again: bool) -> Said:
    return Said(200, b"<html><b>\xff\xfe It works!</b>")


def _closed(key: str, lead: dict[str, Any], again: bool) -> Said:
    return _json(401, error="No such key")


def _slow(key: str, lead: dict[str, Any], again: bool) -> Said:
    """Takes it and does not answer; says so when it is asked again under the same key."""
    return _accept(key, lead, again) if again else Said(200, b"", hangs=True)


def _forgetful(key: str, lead: dict[str, Any], again: bool) -> Said:
    """Takes it and talks nonsense; asked again it knows the person, and not from which call."""
    if again:
        return _duplicate(key, lead, again)
    return Said(200, b"<html><b>Saved!</b>", forgets=True)


_SAYS = {
    "accept": _accept,
    "reject": _reject,
    "duplicate": _duplicate,
    "picky": _picky,
    "down": _down,
    "limited": _limited,
    "garbage": _garbage,
    "closed": _closed,
    "slow": _slow,
    "forgetful": _forgetful,
}


def _json(status: int, **words: Any) -> Said:
    return Said(status, json.dumps(words).encode())


def _number(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest())
