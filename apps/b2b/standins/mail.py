"""A stand-in for a buyer's mail server: takes mail, or bounces it, by the address it is sent to."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

# It tells of every connection otherwise.
logging.getLogger("mail.log").setLevel(logging.WARNING)


@dataclass
class Mailbox:
    """What came in, by Message-ID: the same one twice is one mail, as a mailbox shows it.

    With a `folder` the mails can be opened there.
    """

    folder: Path | None = None
    mails: dict[str, Message] = field(default_factory=dict)
    calls: int = 0

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address.startswith("bounce"):
            return "550 No such mailbox"
        if address.startswith("later"):
            return "451 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.calls += 1
        message = message_from_bytes(envelope.content)
        name = str(message["Message-ID"])
        self.mails[name] = message
        if self.folder is not None:
            safe = "".join(sign for sign in name.partition("@")[0] if sign.isalnum() or sign == "-")
            (self.folder / f"{safe}.eml").write_bytes(envelope.content)
        return "250 Taken"


@contextmanager
def mail_buyers(port: int, folder: Path | None = None) -> Iterator[Mailbox]:
    """A mail server on loopback, serving until the block ends."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    mailbox = Mailbox(folder)
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
