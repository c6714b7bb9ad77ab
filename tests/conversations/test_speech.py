"""The built-in speaker has words for everything in every language it speaks."""

from __future__ import annotations

from apps.conversations.builtin import SPEECH, figures_saying

ONLY_THERE = {"ask.zip_code_india", "ask.property_type_india"}  # a market's own wording


def names(table: dict[str, object], before: str = "") -> set[str]:
    return {
        name
        for key, said in table.items()
        for name in (names(said, f"{key}.") if isinstance(said, dict) else {f"{before}{key}"})
    }


def test_what_is_said_in_english_is_said_in_every_language() -> None:
    english = names(SPEECH["en"]) - ONLY_THERE
    assert {language: english - names(table) for language, table in SPEECH.items()} == {
        language: set() for language in SPEECH
    }


def test_hindi_in_latin_letters_has_no_devanagari_in_the_talk() -> None:
    figures = {"kw": "3", "kwh": "4,200", "savings": "₹9", "gross": "₹9", "net": "₹9"}
    told = [
        figures_saying("hi-Latn", name, payback="", **figures)
        for name in ("estimate", "little", "beyond", "nothing")
    ]
    asked = [line for lines in SPEECH["hi-Latn"]["ask"].values() for line in lines]
    assert not [one for one in told + asked if any("\u0900" <= c <= "\u097f" for c in one)]
