"""What kind of mail came: words of a person, a machine's answer, a bounce, a farewell. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What a mail is for."""

    LETTER = "letter"  # a person's words
    OPT_OUT = "opt_out"  # a person who wants no more
    AUTO_REPLY = "auto_reply"  # out of office, "we have received your mail", still trying
    BOUNCE = "bounce"  # it did not arrive, and will not
    BULK = "bulk"  # newsletters and lists: nobody to answer to


@dataclass(frozen=True)
class Bounce:
    """A mail that came back: whose address, and whether that address is dead."""

    recipient: str
    status: str  # RFC 3463, "5.1.1"; "" where it was not said
    is_dead: bool
    diagnosis: str


_DAEMON = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-daemon|bounces?)(?:[+@-]|$)", re.IGNORECASE
)
_FAILED = re.compile(
    r"undeliver|delivery status notification \(failure\)|mail delivery (?:failed|subsystem)|"
    r"returned mail|failure notice|delivery failure|address not found",
    re.IGNORECASE,
)
_RECIPIENT = re.compile(
    r"^(?:final|original)-recipient:\s*(?:rfc822|smtp)\s*;\s*<?([^\s<>;]{3,254})", re.I | re.M
)
_RECIPIENT_IN_WORDS = re.compile(r"<([^\s<>@]{1,64}@[^\s<>]{3,190})>")
_STATUS = re.compile(r"^status:\s*([245]\.\d{1,3}\.\d{1,3})", re.I | re.M)
_STATUS_IN_WORDS = re.compile(r"\b(5\.\d{1,3}\.\d{1,3})\b")
_ACTION = re.compile(r"^action:\s*(\w+)", re.I | re.M)
_NOBODY = re.compile(
    r"user unknown|no such (?:user|mailbox|recipient)|does ?n[o']t exist|does not exist|"
    r"address not found|unknown (?:user|recipient)|mailbox (?:unavailable|not found)|"
    r"recipient (?:rejected|not found)|account .{0,20}disabled",
    re.IGNORECASE,
)
_DIAGNOSIS = re.compile(r"^diagnostic-code:\s*(.{1,200})", re.I | re.M)
_AUTO_SUBJECT = re.compile(
    r"^\s*(?:auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|"
    r"on vacation|respuesta autom[aá]tica|fuera de (?:la )?oficina|réponse automatique|"
    r"automatische antwort|abwesenheitsnotiz)\b",
    re.IGNORECASE,
)
# Said in so many words, and said of our mails: "stop by tomorrow" and "I opted out of the utility's
# program" are none.
_FAREWELL_ALONE = re.compile(
    r"(?:please\s+)?(?:stop|unsubscribe|remove(?: me)?|opt[- ]?out|cancel|no more|baja|alto|basta|"
    r"quit|end|बंद करें|बंद करो)(?:\s+(?:please|por favor|thanks|thank you))?[\s.!]*",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"\bunsubscribe(?: me| this| my)\b|\bplease unsubscribe\b|\bwant to unsubscribe\b"
    r"|\bremove (?:me|my (?:e-?mail|address|name)) from\b|\btake me off\b"
    r"|\b(?:do not|don['’]?t|dont|never) (?:contact|e-?mail|mail|write(?: to)?|message|bother) me"
    r"(?=\s*(?:[.!,;]|$|again|any ?more|ever|in future))"
    r"|\bstop (?:contacting|e-?mailing|mailing|writing(?: to)?|messaging|spamming) me\b"
    r"|\bstop (?:sending|with) (?:me )?(?:these |any |your )?(?:more )?(?:e-?mails?|messages?)\b"
    r"|\bno more (?:e-?mails?|messages?)(?:,? please)?\b(?! from us)"
    r"|\bopt me out\b|\b(?:want|wish|would like) to opt out\b(?! of)"
    r"|\bno me (?:escriba|contacte|env[ií]e)n?(?: más| mas)\b|\bdarme de baja\b"
    r"|मेल मत भेज|मुझे मेल न(?:हीं)? भेज",
    re.IGNORECASE,
)
_WITHIN = 400  # characters; a farewell comes first, or it is about something else


def purpose_of(
    *, headers: Mapping[str, str], sender: str, subject: str, words: str, report: str
) -> Purpose:
    """The purpose of a mail. `headers` with lower-case names; `words` are the writer's own."""
    content = headers.get("content-type", "").lower()
    if "delivery-status" in content or _DAEMON.match(sender) or "x-failed-recipients" in headers:
        return _of_a_report(subject, report)
    if _is_automatic(headers, subject):
        return Purpose.AUTO_REPLY
    if is_farewell(words) or (_FAREWELL_ALONE.fullmatch(subject.strip()) and len(words) < 200):
        return Purpose.OPT_OUT
    if _is_bulk(headers):
        return Purpose.BULK
    return Purpose.LETTER


def is_farewell(words: str) -> bool:
    """Whether somebody asks, in words, not to be written to any more."""
    beginning = " ".join(words[:_WITHIN].split())
    return bool(_FAREWELL_ALONE.fullmatch(beginning) or _FAREWELL.search(beginning))


def bounce_of(report: str) -> Bounce:
    """What a report of failed delivery says."""
    machine = report[:20_000]
    status = _STATUS.search(machine) or _STATUS_IN_WORDS.search(machine)
    recipient = _RECIPIENT.search(machine) or _RECIPIENT_IN_WORDS.search(machine)
    diagnosis = _DIAGNOSIS.search(machine)
    code = status[1] if status else ""
    is_dead = code.startswith("5.1.") or code == "5.2.1"
    return Bounce(
        recipient=recipient[1].lower() if recipient else "",
        status=code,
        is_dead=is_dead or (code in {"", "5.0.0"} and bool(_NOBODY.search(machine))),
        diagnosis=" ".join(diagnosis[1].split()) if diagnosis else "",
    )


def _of_a_report(subject: str, report: str) -> Purpose:
    action, status = _ACTION.search(report), _STATUS.search(report)
    if action:
        return Purpose.BOUNCE if action[1].lower() == "failed" else Purpose.AUTO_REPLY
    if status:
        return Purpose.BOUNCE if status[1].startswith("5") else Purpose.AUTO_REPLY
    has_failed = _FAILED.search(f"{subject}\n{report[:4000]}") or _NOBODY.search(report[:4000])
    return Purpose.BOUNCE if has_failed else Purpose.AUTO_REPLY


def _is_automatic(headers: Mapping[str, str], subject: str) -> bool:
    submitted = headers.get("auto-submitted", "no").lower()
    return (
        not submitted.startswith("no")
        or "x-autoreply" in headers
        or "x-autorespond" in headers
        or headers.get("precedence", "").lower() == "auto_reply"
        or _AUTO_SUBJECT.match(subject) is not None
    )


def _is_bulk(headers: Mapping[str, str]) -> bool:
    precedence = headers.get("precedence", "").lower()
    return precedence in {"bulk", "list", "junk"} or "list-id" in headers
