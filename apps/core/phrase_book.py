"""Ways of saying things, kept as data: a TOML file of regular expressions, one saying a line. Pure.

    [intents]
    opt_out = ['\\bunsubscribe', '\\bstop calling']

A `{name}` in a line stands for the text of that name at the top of the file.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any


class PhraseBook:
    """The sayings of one file, read once."""

    def __init__(self, path: Path) -> None:
        self._table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        self._parts = {name: text for name, text in self._table.items() if isinstance(text, str)}

    def patterns(self, section: str, *, whole_words: bool = False) -> dict[str, re.Pattern[str]]:
        """One pattern over lower-case text for each meaning of a section, in the file's order.

        With `whole_words` a saying stands alone: "flat" is not heard in "flatbush" or "inflated".
        """
        begin, end = (r"(?<![\w-])(?:", r")(?!\w)") if whole_words else ("(?:", ")")
        return {
            meaning: re.compile(begin + self._filled("|".join(lines)) + end)
            for meaning, lines in self._table[section].items()
        }

    def words(self, section: str) -> dict[str, frozenset[str]]:
        """Sets of single words, by what they tell."""
        return {meaning: frozenset(text.split()) for meaning, text in self._table[section].items()}

    def names(self, section: str) -> dict[str, str]:
        """What each spelling of a section stands for; a line lists the spellings of one."""
        return {
            spelling: code
            for code, spellings in self._table[section].items()
            for spelling in spellings
        }

    def _filled(self, pattern: str) -> str:
        for name, text in self._parts.items():
            pattern = pattern.replace(f"{{{name}}}", text)
        return pattern
