"""From a mail service's JSON to a mail: who wrote, what, and what it answers. Pure; never raises.

    {"from", "to", "subject", "text", "html", "message_id", "in_reply_to", "references",
     "headers": {} or [{"name", "value"}], "attachments": [name, …]}

Addresses may be texts or objects; what `headers` says fills what was left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import getaddresses, parseaddr
from typing import Any

from apps.contacts.identity import read_email
from apps.integrations.doors import values
from apps.integrations.doors.email.purpose import Purpose, purpose_of
from apps.integrations.doors.email.quoting import own_words, text_of_html

_MOST_REFERENCES = 50
_ID = re.compile(r"<\s*([^<>\s]{3,250})\s*>")
_TOKEN = re.compile(r"\+([0-9a-f]{20})@", re.IGNORECASE)
_LONGEST_TEXT = 100_000


@dataclass(frozen=True)
class InboundMail:
    """A mail as it was understood. `words` are the writer's own, `text` is all of it."""

    sender: str  # normalised, "" where there is none
    sender_name: str
    subject: str
    text: str
    words: str
    report: str  # what a machine says of a delivery, with the headers of what came back
    message_id: str
    references: tuple[str, ...]  # the mails it answers, the nearest first
    tokens: tuple[str, ...]  # of the addresses it was sent to
    attachments: tuple[str, ...]
    purpose: Purpose


def read_mail(payload: Mapping[str, Any]) -> InboundMail:
    """Understand a mail."""
    headers = _headers(payload.get("headers"))
    name, address = next(_addresses(payload.get("from") or headers.get("from")), ("", ""))
    subject = values.line(payload.get("subject") or headers.get("subject"), limit=300)
    text = values.text(payload.get("text"), limit=_LONGEST_TEXT)
    html = payload.get("html")
    if not text and isinstance(html, str):
        text = values.text(text_of_html(html[: 3 * _LONGEST_TEXT]), limit=_LONGEST_TEXT)
    words = own_words(text)
    report = "\n".join([text, values.text(payload.get("report"), limit=_LONGEST_TEXT)])
    sender = read_email(address) or ""
    return InboundMail(
        sender=sender,
        sender_name=values.line(name, limit=200),
        subject=subject,
        text=text,
        words=words,
        report=report,
        message_id=next(iter(_ids(payload.get("message_id") or headers.get("message-id"))), ""),
        references=_references(payload, headers),
        tokens=_tokens(payload, headers),
        attachments=_attachments(payload.get("attachments")),
        purpose=purpose_of(
            headers=headers, sender=address, subject=subject, words=words, report=report
        ),
    )


def ids_in(text: str) -> tuple[str, ...]:
    """Every message id in brackets in a text, without them: a bounce names the mail it is about."""
    return tuple(dict.fromkeys(match[1] for match in _ID.finditer(text[:_LONGEST_TEXT])))[
        :_MOST_REFERENCES
    ]


def _headers(value: Any) -> dict[str, str]:
    """By lower-case name; the first of several counts."""
    found: dict[str, str] = {}
    for name, said in _pairs(value):
        text = values.text(said, limit=4000)
        if isinstance(name, str) and text:
            found.setdefault(name.strip().lower()[:100], " ".join(text.split()))
    return found


def _pairs(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        for one in value[:500]:
            if isinstance(one, Mapping):
                yield (one.get("name") or one.get("Name"), one.get("value") or one.get("Value"))
            elif isinstance(one, list) and len(one) == 2:
                yield one[0], one[1]


def _addresses(value: Any) -> Iterator[tuple[str, str]]:
    """Names and addresses, in whatever shape they came."""
    if isinstance(value, str):
        yield from getaddresses([value[:4000].replace("\n", " ")])
    elif isinstance(value, Mapping):
        address = value.get("email") or value.get("address") or value.get("Email")
        if isinstance(address, str):
            name = value.get("name") or value.get("Name") or ""
            yield str(name), parseaddr(address[:400])[1] or address[:400]
    elif isinstance(value, list):
        for one in value[:100]:
            yield from _addresses(one)


def _ids(value: Any) -> list[str]:
    """Message ids with or without their brackets."""
    if isinstance(value, list):
        return [one for item in value[:_MOST_REFERENCES] for one in _ids(item)]
    text = values.text(value, limit=8000)
    in_brackets = list(ids_in(text))
    return in_brackets or [word for word in text.split()[:_MOST_REFERENCES] if "@" in word]


def _references(payload: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[str, ...]:
    answered = _ids(payload.get("in_reply_to") or headers.get("in-reply-to"))
    before = _ids(payload.get("references") or headers.get("references"))
    return tuple(dict.fromkeys([*answered, *reversed(before)]))[:_MOST_REFERENCES]


def _tokens(payload: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[str, ...]:
    places = [payload.get(name) for name in ("to", "cc", "recipient")]
    places += [headers.get(name) for name in ("to", "cc", "delivered-to", "x-original-to")]
    found = (
        match[1].lower()
        for place in places
        for _, address in _addresses(place)
        if (match := _TOKEN.search(address))
    )
    return tuple(dict.fromkeys(found))[:10]


def _attachments(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    names = (
        one.get("filename") or one.get("name") or one.get("Name")
        if isinstance(one, Mapping)
        else one
        for one in value[:50]
    )
    return tuple(name for one in names if (name := values.line(one, limit=200)))
