"""Where the sentences of visitors stand: in code, in templates, in tables and in scripts."""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from apps.core.words import MONTHS
from apps.leads import survey_page, survey_words

ROOT: Path = settings.BASE_DIR
FRONTEND: Path = settings.FRONTEND_DIR
OTHERS = ("es", "hi")
_SCRIPT_SENTENCE = re.compile(r'\bsay\(\s*"((?:[^"\\]|\\.)*)"')
_TEMPLATE_SENTENCE = re.compile(r'{%\s*say\s+"([^"]+)"')
# Those who speak to visitors take `say` from there, or are handed it by those who do.
_HAS_WORDS = re.compile(r"apps\.core\.words|\bsay: Say\b")
# Citations stay as they are; these are sentences of our own in the place of one.
_OWN_SOURCES = ("Planning value", "Our own")


def said_by_code() -> set[str]:
    """The first argument of every `say("…")`, and what is said of constants by name."""
    found = set()
    for file in (ROOT / "apps").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if not _HAS_WORDS.search(text):
            continue
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _is_say(node.func):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def said_by_surveys() -> set[str]:
    """What mails and pages of surveys take from a table of their own."""
    tables = (
        survey_words.DAYS,
        MONTHS,
        survey_words.SUBJECTS.values(),
        survey_words.FIRST_LINES.values(),
        survey_page.DONE.values(),
    )
    return {sentence for table in tables for sentence in table}


def said_by_templates() -> set[str]:
    files = (ROOT / "templates").rglob("*")
    texts = (file.read_text(encoding="utf-8") for file in files if file.is_file())
    return {sentence for text in texts for sentence in _TEMPLATE_SENTENCE.findall(text)}


def said_by_tables() -> set[str]:
    """What the calculator's tables say to visitors."""
    data = ROOT / "apps/solar/data"
    found: set[str] = set()
    for file in ("incentives.csv", "assumptions.csv", "markets.csv"):
        with (data / file).open(encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                found |= set(_words_of(file, row))
    return found - {"", "%", "kW", "km", "kg/kWh"}


def said_by_scripts() -> set[str]:
    texts = (file.read_text(encoding="utf-8") for file in FRONTEND.glob("*.js"))
    quoted = (sentence for text in texts for sentence in _SCRIPT_SENTENCE.findall(text))
    return {json.loads(f'"{sentence}"') for sentence in quoted}


def words_of_scripts(language: str) -> dict[str, str]:
    """The catalogue of the pages' scripts: plain JSON between its first brace and its last."""
    text = (FRONTEND / "words" / f"{language}.js").read_text(encoding="utf-8")
    words: dict[str, str] = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return words


def _words_of(file: str, row: dict[str, str]) -> Iterator[str]:
    if file == "incentives.csv":
        yield from (row["name"], row["note"])
    elif file == "markets.csv":
        yield from (row["name"], row["postal_code_name"])
    else:
        yield row["unit"]
        if row["source"].startswith(_OWN_SOURCES):
            yield row["source"]


def _is_say(function: ast.expr) -> bool:
    return (isinstance(function, ast.Name) and function.id == "say") or (
        isinstance(function, ast.Attribute) and function.attr == "say"
    )
