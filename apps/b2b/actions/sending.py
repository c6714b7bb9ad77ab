"""One try to send a parcel, whatever way it goes, and what was made of the answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.b2b.answers import Reading, read_answer
from apps.b2b.transports.contracts import NotNow, Parcel
from apps.b2b.transports.registry import transport_of
from apps.core.errors import (
    Misconfigured,
    Permanent,
    Retryable,
    Unreachable,
    UnreadableAnswer,
)

_logger = logging.getLogger("delivery")


@dataclass(frozen=True)
class Sent:
    """What was understood, and the answer it was understood from."""

    reading: Reading
    status: int | None = None
    body: bytes = b""


def parcel_send(method: str, parcel: Parcel, answers: Mapping[str, Any]) -> Sent:
    """Send it once; `answers` says how theirs are read. Raises nothing a buyer could cause."""
    try:
        reply = transport_of(method).send(parcel)
    except NotNow as error:
        return Sent(Reading("failed", str(error)))
    except Unreachable as error:
        return Sent(Reading("failed", str(error), nobody_there=True))
    except (Retryable, UnreadableAnswer) as error:
        return Sent(Reading("unknown", str(error)))
    except (Permanent, Misconfigured) as error:
        return Sent(Reading("refused", str(error)))
    except Exception as error:  # ours or a library's fault: nobody knows what has arrived
        _logger.exception("delivery.broken")
        return Sent(Reading("unknown", type(error).__name__))
    if reply.status is None:
        return Sent(Reading("accepted", "Arrived"), None, reply.body)
    retry_after = reply.headers.get("retry-after", "")
    reading = read_answer(reply.status, reply.body, answers, retry_after=retry_after)
    return Sent(reading, reply.status, reply.body)
