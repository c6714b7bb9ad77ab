"""Every sentence a visitor reads is there in each of our languages, and the pages are the same."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from apps.core.words import catalogue, known_language, preferred_language, say_in
from tests.site.languages import (
    FRONTEND,
    OTHERS,
    said_by_code,
    said_by_scripts,
    said_by_surveys,
    said_by_tables,
    said_by_templates,
    words_of_scripts,
)

_GAP = re.compile(r"\{(\w+)\}")
_PAGES = ("index.html", "privacy.html")
_ENGLISH = {"index.html": "Index.html"}
# What may differ from language to language, and paths, which `_path` compares.
_WORDS = {"alt", "aria-label", "content", "lang", "hreflang", "aria-current", "data-version"}


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_of_the_server_is_left_in_english(language: str) -> None:
    said = said_by_code() | said_by_surveys() | said_by_templates() | said_by_tables()
    assert len(said) > 80
    assert sorted(said - set(catalogue(language))) == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_of_the_scripts_is_left_in_english(language: str) -> None:
    said = said_by_scripts()
    assert len(said) > 150
    words = words_of_scripts(language)
    assert sorted(said - set(words)) == []
    assert sorted(set(words) - said) == [], "nobody says this any more"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_fills_the_same_gaps(language: str) -> None:
    for words in (catalogue(language), words_of_scripts(language)):
        for sentence, translated in words.items():
            known = set(_GAP.findall(sentence)) | {"clock24"}
            assert set(_GAP.findall(translated)) <= known, sentence
            assert translated.strip(), sentence


class Outline(HTMLParser):
    """The tags of a page with what is no word: the part that languages share."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder, self.found, self.languages = folder, [], 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("rel") == "modulepreload":
            return  # a language loads its words besides
        kept = sorted(
            (name, value) for name, value in attrs if name not in _WORDS | {"href", "src"}
        )
        self.found.append((tag, tuple(kept), self._path(given)))

    def _path(self, given: dict[str, str | None]) -> str:
        address = given.get("href") or given.get("src") or ""
        if re.match(r"#|tel:|https?:", address) or given.get("lang"):
            return "" if given.get("lang") else address
        file, _, rest = address.partition("#")
        target = (self.folder / file.partition("?")[0]).resolve()
        if address and target.parent in {FRONTEND, FRONTEND / "es", FRONTEND / "hi"}:
            return f"{target.name.lower()}#{rest}"
        return str(target.relative_to(FRONTEND)) if address else ""


def outline(file: Path) -> list:
    parser = Outline(file.parent)
    parser.feed(file.read_text(encoding="utf-8"))
    return parser.found


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("page", _PAGES)
def test_a_page_is_built_the_same_in_every_language(page: str, language: str) -> None:
    english = outline(FRONTEND / _ENGLISH.get(page, page))
    translated = outline(FRONTEND / language / page)
    for here, there in zip(english, translated, strict=False):
        assert here == there
    assert len(english) == len(translated)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("page", _PAGES)
def test_a_page_says_its_language_and_leads_to_the_others(page: str, language: str) -> None:
    text = (FRONTEND / language / page).read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in text
    for other in ("en", *OTHERS):
        assert f'lang="{other}" hreflang="{other}"' in text
    assert f'lang="{language}" hreflang="{language}" aria-current="true"' in text


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("es-MX,es;q=0.9,en;q=0.5", "es"),
        ("fr, hi;q=0.3, en;q=0.2", "hi"),
        ("de", "en"),
        ("", "en"),
        ("es;q=x,hi", "hi"),
        (";;;,,,q=", "en"),
    ],
)
def test_the_browser_is_taken_at_its_word(header: str, language: str) -> None:
    assert preferred_language(header) == language


def test_an_unknown_language_and_an_unknown_sentence_stay_english() -> None:
    assert known_language("es-419") == "es"
    assert known_language("xx") == "en"
    assert say_in("es")("Nobody translated {this}.", this="that") == "Nobody translated that."
