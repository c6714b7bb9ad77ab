"""The styles of the staff pages: files that do not undo each other."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

STYLES = Path(__file__).parents[2] / "static" / "internal"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{")
_ONE_CLASS = re.compile(r"\.sc-[\w-]+")


def test_a_class_gets_its_looks_in_one_file() -> None:
    """All files are on every page: a second one that takes a name restyles what it never saw."""
    files = defaultdict(set)
    for file in STYLES.glob("*.css"):
        for selectors in _RULE.findall(_COMMENT.sub("", file.read_text())):
            for selector in selectors.split(","):
                if _ONE_CLASS.fullmatch(selector.strip()):
                    files[selector.strip()].add(file.name)
    assert len(files) > 100
    assert {name: sorted(of) for name, of in files.items() if len(of) > 1} == {}
