"""What may be said is found however it is asked, and never after its last day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from apps.conversations.knowledge import knowledge_find, knowledge_load, knowledge_on
from apps.conversations.models import KnowledgeEntry
from apps.conversations.search import Document, Index

TODAY = date(2026, 11, 27)
PARAPHRASES = json.loads(Path(__file__).with_name("paraphrases.json").read_text(encoding="utf-8"))


def test_two_hundred_ways_of_asking_find_the_right_entry(db) -> None:
    answers = dict(KnowledgeEntry.objects.values_list("code", "answer"))
    missed = [
        (question, code)
        for market, question, code in PARAPHRASES
        if answers[code]
        not in [one.text for one in knowledge_find(question, market=market, day=TODAY)]
    ]
    assert len(PARAPHRASES) >= 200
    assert len(missed) <= len(PARAPHRASES) * 0.1, missed


@pytest.mark.parametrize(
    ("code", "last_day"),
    [
        ("nyc-property-tax-abatement", date(2035, 12, 31)),
        ("india-pm-surya-ghar", date(2027, 3, 31)),
    ],
)
def test_an_entry_is_said_to_its_last_day_and_no_longer(db, code, last_day) -> None:
    entry = KnowledgeEntry.objects.get(code=code)

    def found(day: date) -> list[str]:
        asked = f"{entry.title}: {entry.questions[0]}"
        return [one.text for one in knowledge_find(asked, market=entry.market_id, day=day)]

    assert entry.answer in found(last_day)
    assert entry.answer not in found(last_day + timedelta(days=1))


def test_nothing_is_found_for_what_nobody_wrote_down(db) -> None:
    assert knowledge_find("zebra xylophone quantum", market="nyc", day=TODAY) == []
    assert knowledge_find("", market="nyc", day=TODAY) == []


def test_the_entries_of_another_market_are_not_said(db) -> None:
    texts = [one.text for one in knowledge_find("PM Surya Ghar subsidy", market="nyc", day=TODAY)]
    assert not any("Surya" in text for text in texts)


def test_every_entry_has_its_source_and_is_in_the_language_asked_for(db) -> None:
    [found, *_] = knowledge_find(
        "¿Qué es la energía solar comunitaria?", market="nyc", day=TODAY, language="es"
    )
    assert "parque solar" in found.text
    assert found.source
    assert not KnowledgeEntry.objects.filter(source="").exists()


def test_loading_again_keeps_what_staff_checked_later(db) -> None:
    KnowledgeEntry.objects.filter(code="warranty").update(
        answer="Changed", checked_on=timezone.localdate() + timedelta(days=1)
    )
    KnowledgeEntry.objects.filter(code="maintenance").delete()
    knowledge_load()
    assert KnowledgeEntry.objects.get(code="warranty").answer == "Changed"
    assert KnowledgeEntry.objects.filter(code="maintenance").exists()


def test_every_objection_has_words_of_its_market(db) -> None:
    for topic in ("objection-cost", "objection-roof", "objection-shade", "objection-trust"):
        assert knowledge_on(topic, market="nyc", day=TODAY), topic


def test_what_holds_in_delhi_is_told_of_delhi_or_to_who_lives_there(db) -> None:
    def told(question: str, postal_code: str = "") -> str:
        found = knowledge_find(question, market="india", day=TODAY, postal_code=postal_code)
        return " ".join(one.text for one in found)

    assert "Delhi adds" in told("extra subsidy in Delhi")
    assert "Delhi adds" in told("is there an extra subsidy here", "110085")
    assert "Delhi" not in told("is there an extra subsidy here", "411001")


def test_a_misspelled_word_is_read_as_the_one_meant() -> None:
    index = Index.of([Document("battery", "Batteries", ["home battery"], "Store energy")])
    assert [one.key for one in index.find("do I need a battrey?")] == ["battery"]
    assert index.find("butler") == []
