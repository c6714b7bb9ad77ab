"""The transports by method. A new way to a buyer is a folder and a line here."""

from __future__ import annotations

from apps.b2b.transports.contracts import Transport
from apps.b2b.transports.csv_email.transport import CsvEmail
from apps.b2b.transports.json_api.transport import JsonApi
from apps.b2b.transports.sftp.transport import Sftp
from apps.b2b.transports.webhook.transport import Webhook

TRANSPORTS: dict[str, Transport] = {
    "json_api": JsonApi(),
    "webhook": Webhook(),
    "csv_email": CsvEmail(),
    "sftp": Sftp(),
}


def transport_of(method: str) -> Transport:
    """How leads get to a buyer."""
    return TRANSPORTS[method]
