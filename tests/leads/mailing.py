"""What the tests of mail share: sending one, and a mail service that answers on loopback."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

from django.utils import timezone

from apps.core.ids import new_id
from apps.leads.actions.mailing import lead_mail_queue
from apps.leads.models import Lead, LeadMail
from tests.core.test_http import whole_request


def queue_mail(lead: Lead, **changed: Any) -> LeadMail:
    """A mail of a person's own words, on its way."""
    stated: dict[str, Any] = {
        "mail_id": new_id(),
        "subject": "Your roof",
        "body": "Hello,\n\nwhen may we look at it?",
        "purpose": "transactional",
        "actor": lead.assigned_to,
        "now": timezone.now(),
    } | changed
    return lead_mail_queue(lead.public_id, **stated)


@contextmanager
def mail_service(answer: Callable[[dict], tuple[int, dict]]) -> Iterator[tuple[str, list[dict]]]:
    """A server on loopback that speaks HTTP as a mail service does; what it was sent."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)
    received: list[dict] = []

    def run() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    body = json.loads(whole_request(connection).partition(b"\r\n\r\n")[2])
                    received.append(body)
                    status, said = answer(body)
                    text = json.dumps(said)
                    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"
                    length = f"Content-Length: {len(text)}\r\nConnection: close\r\n\r\n"
                    connection.sendall((head + length + text).encode())

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", received
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
