"""What people say of themselves and their homes: see `sayings.toml`. Pure."""

from __future__ import annotations

from pathlib import Path

from apps.core.phrase_book import PhraseBook

SAYINGS = PhraseBook(Path(__file__).with_name("sayings.toml"))
