"""A person's own words in an answer, without the mail they answered. Pure; linear in its length.

Careful in one direction: what cannot be told for sure to be quoted stays, for it may be theirs.
The whole text is kept beside it.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

_LONGEST_LINE = 2000
_MOST_LINES = 5000

# "On Tue, 24 Nov 2026 at 10:02, Sam Ortiz <sam@…> wrote:", which programs break into up to three.
_WROTE_BEGINS = re.compile(r"(?:On|El|Le|Am|Il|Em|Op)\s.{3,}|.*\d{4}.*", re.IGNORECASE)
_WROTE_ENDS = re.compile(
    r"(?:wrote|escribi[oó]|a écrit|schrieb(?: .{1,80})?|ha scritto|escreveu|ने लिखा)\s*:\s*",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"[-_* ]{2,}\s*(?:original message|forwarded message|mensaje original|mensaje reenviado|"
    r"message d'origine|ursprüngliche nachricht|मूल संदेश)\s*[-_* ]{2,}",
    re.IGNORECASE,
)
_LONG_RULE = re.compile(r"[_-]{20,}")
_FROM = re.compile(r"\*?(?:From|De|Von|Da|प्रेषक)\s?:\*?\s.+", re.IGNORECASE)
_HEADER = re.compile(
    r"\*?(?:Sent|Date|To|Cc|Subject|Enviado(?: el)?|Fecha|Para|Asunto|Gesendet|An|Betreff|Envoyé|À|"
    r"Objet|दिनांक|विषय)\s?:\*?\s",
    re.IGNORECASE,
)
_PHONE_LINE = re.compile(
    r"(?:sent from my|sent from (?:outlook|yahoo|mail)|get outlook for|enviado desde mi|"
    r"von meinem .{1,30} gesendet)\b.*",
    re.IGNORECASE,
)
# What stands under our own mails, should a program quote it without any mark.
_OURS = re.compile(r".*(?:No more mails from us|/unsubscribe/).*")

# A tag that does not end: the parser would look for its end again and again.
_OPEN_END = re.compile(r"<(?![^<>]{0,3000}>)")


def own_words(text: str) -> str:
    """What the writer wrote themselves; the whole text where that would be nothing."""
    lines = [line[:_LONGEST_LINE].rstrip() for line in text.splitlines()[:_MOST_LINES]]
    kept: list[str] = []
    for number, line in enumerate(lines):
        bare = line.strip()
        if bare in {"--", "—"} or _ends_here(lines, number, bare):
            break
        if not (bare.startswith(">") or _PHONE_LINE.fullmatch(bare) or _OURS.fullmatch(bare)):
            kept.append(line)
    return _tidy(kept) or _tidy(lines)


def text_of_html(html: str) -> str:
    """The words of an HTML mail, without what it quotes."""
    reader = _Words()
    reader.feed(_OPEN_END.sub("&lt;", _without_comments(html)))
    reader.close()
    return _tidy("".join(reader.pieces).splitlines())


def _without_comments(html: str) -> str:
    first, *others = html.split("<!--")
    return first + "".join(piece.partition("-->")[2] for piece in others)


def _ends_here(lines: list[str], number: int, bare: str) -> bool:
    """Whether the quoted mail begins at this line."""
    if _RULE.fullmatch(bare):
        return True
    if _WROTE_BEGINS.fullmatch(bare) and _is_wrote(lines[number : number + 3]):
        return True
    after = lines[number + 1 : number + 7]
    if _LONG_RULE.fullmatch(bare):
        return any(_FROM.fullmatch(one.strip()) for one in after[:3])
    is_from = _FROM.fullmatch(bare) is not None
    return is_from and sum(1 for one in after if _HEADER.match(one.strip())) >= 2


def _is_wrote(lines: list[str]) -> bool:
    """Whether a line, alone or with one or two more, ends in "wrote:" before the paragraph does."""
    for line in lines:
        bare = line.strip()
        if not bare or bare.startswith(">"):
            return False
        if re.search(rf"(?:^|\s){_WROTE_ENDS.pattern}$", bare, re.IGNORECASE):
            return True
    return False


def _tidy(lines: list[str]) -> str:
    text = "\n".join(line.rstrip() for line in lines).strip()
    return re.sub(r"\n{3,}", "\n\n", text)


class _Words(HTMLParser):
    """Collects text; skips scripts, styles and what is marked as quoted."""

    _UNSEEN = frozenset({"script", "style", "head", "title", "blockquote"})
    _BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "table", "ul", "ol"})
    _VOID = frozenset({"br", "img", "hr", "meta", "link", "input", "col", "area", "base", "wbr"})
    _QUOTED = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "divRplyFwdMsg", "appendonsend")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen: list[str] = []  # the open tags inside what is skipped

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._BREAKS and not self._unseen:
            self.pieces.append("\n")
        if tag in self._VOID:
            return
        marks = " ".join(value or "" for name, value in attrs if name in {"class", "id"})
        if self._unseen or tag in self._UNSEEN or any(mark in marks for mark in self._QUOTED):
            self._unseen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and tag in self._unseen:
            while self._unseen.pop() != tag:
                pass  # tags that nobody closed
        elif tag == "p" and not self._unseen:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data)
