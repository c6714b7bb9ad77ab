"""A mail as it travels (RFC 5322, `message/rfc822`) as the JSON that `reading` reads. Pure.

What is attached is left behind but for its name: photographs of bills do not belong in a queue.
Never raises: a mail can be broken in every way there is, and somebody still wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

_HEADERS = (
    "From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
    "Content-Type", "Auto-Submitted", "Precedence", "List-Id", "X-Autoreply", "X-Autorespond",
    "X-Failed-Recipients", "Delivered-To", "X-Original-To",
)  # fmt: skip
_KEPT = (
    "from", "to", "cc", "recipient", "subject", "text", "html", "message_id", "in_reply_to",
    "references", "headers", "report", "attachments",
)  # fmt: skip
_MOST_PARTS = 200
_LONGEST = 100_000
_REPORTS = {"message/delivery-status", "message/rfc822", "text/rfc822-headers"}


def payload_of(raw: bytes) -> dict[str, Any]:
    """The mail as JSON."""
    message = message_from_bytes(raw)
    headers = {name: text for name in _HEADERS if (text := _header(message, name))}
    texts: list[str] = []
    pages: list[str] = []
    report: list[str] = []
    names: list[str] = []
    for part in _parts(message):
        kind = part.get_content_type()
        if kind in _REPORTS:
            report.append(part.as_string()[:20_000] if part.is_multipart() else _text(part))
        elif name := _filename(part):
            names.append(name)
        elif kind == "text/plain":
            texts.append(_text(part))
        elif kind == "text/html":
            pages.append(_text(part))
    return {
        "from": headers.get("From", ""),
        "to": headers.get("To", ""),
        "subject": headers.get("Subject", ""),
        "text": "\n".join(texts)[:_LONGEST],
        "html": "\n".join(pages)[:_LONGEST] if not any(texts) else "",
        "message_id": headers.get("Message-ID", ""),
        "headers": headers,
        "report": "\n".join(report)[:_LONGEST],
        "attachments": names,
    }


def slim(payload: dict[str, Any]) -> dict[str, Any]:
    """A mail service's JSON without what is too large to keep: contents of files, endless texts."""
    kept = {name: payload[name] for name in _KEPT if name in payload}
    for name in ("text", "html", "report"):
        if isinstance(kept.get(name), str):
            kept[name] = kept[name][:_LONGEST]
    files = kept.get("attachments")
    if isinstance(files, list):
        kept["attachments"] = [_name_of(one) for one in files[:50]]
    return kept


def _name_of(file: Any) -> str:
    if isinstance(file, dict):
        file = file.get("filename") or file.get("name") or file.get("Name") or "attachment"
    return str(file)[:200]


def _parts(message: Message) -> Iterator[Message]:
    """The leaves, and reports whole: what came back must not be read as if it were written now."""
    waiting, seen = [message], 0
    while waiting and seen < _MOST_PARTS:
        part, seen = waiting.pop(0), seen + 1
        if part.is_multipart() and part.get_content_type() not in _REPORTS:
            waiting = [one for one in part.get_payload() if isinstance(one, Message)] + waiting
        else:
            yield part


def _header(message: Message, name: str) -> str:
    value = message.get(name)
    if value is None:
        return ""
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return str(value)


def _filename(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (LookupError, UnicodeError, ValueError):
        name = "attachment"
    if name:
        return _header_text(name)[:200]
    return "attachment" if part.get_content_disposition() == "attachment" else ""


def _header_text(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return value


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return str(part.get_payload())
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")
