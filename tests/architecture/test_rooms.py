"""Rules of the house that no linter knows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, ManyToManyField, OneToOneField

from apps.core.attachments import attachments_of

ROOT: Path = settings.BASE_DIR
LONGEST_FILE = 300
SOURCES = sorted(
    path for room in ("apps", "solar_crm") for path in (ROOT / room).rglob("*.py")
    if "migrations" not in path.parts
)  # fmt: skip
MIGRATIONS = sorted((ROOT / "apps").rglob("migrations/[0-9]*.py"))


def _heights() -> dict[str, int]:
    """The height of each room, from the import contract."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    [layers] = [c["layers"] for c in contracts["contracts"] if c["id"] == "layers"]
    return {
        name.strip(" ()").removeprefix("apps."): -depth
        for depth, layer in enumerate(layers)
        for name in layer.split("|")
    }


def _ours() -> list:
    return [config for config in apps.get_app_configs() if config.name.startswith("apps.")]


def test_every_room_has_a_place_in_the_order() -> None:
    assert {config.label for config in _ours()} <= set(_heights())


def test_foreign_keys_point_downward_only() -> None:
    heights = _heights()
    upward = [
        f"{model._meta.label}.{field.name}"
        for config in _ours()
        for model in config.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | OneToOneField | ManyToManyField)
        and (target := field.related_model._meta.app_label) in heights
        and target != config.label
        and heights[target] >= heights[config.label]
    ]
    assert upward == []


def test_what_hangs_on_a_lead_or_a_person_says_what_becomes_of_it_in_a_merge() -> None:
    """A new foreign key is registered in its room's `attachments.py`: it moves, or says why not."""
    said = {
        (to, attachment.key)
        for to in ("leads.lead", "contacts.contact")
        for attachment in attachments_of(to)
    }
    there = {
        (field.related_model._meta.label_lower, f"{model._meta.label}.{field.name}".lower())
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | OneToOneField)
        and field.related_model._meta.label_lower in {"leads.lead", "contacts.contact"}
    }
    assert there == said


def test_no_file_grows_past_what_a_person_reads() -> None:
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert too_long == {}


def test_no_attic_rooms() -> None:
    attics = {"utils.py", "helpers.py", "common.py", "misc.py", "extras.py"}
    assert [path for path in SOURCES if path.name in attics] == []


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_a_migration_says_what_it_does(path: Path) -> None:
    assert re.fullmatch(r"\d{4}_[a-z][a-z0-9_]+", path.stem)
    assert "auto" not in path.stem.split("_")
    assert path.stem == "0001_initial" or len(path.stem.split("_")) > 2


def test_nothing_is_skipped_in_silence() -> None:
    skipped = re.compile(r"mark\.skip|pytest\.skip\(|importorskip|mark\.xfail")
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("*.py")
        if path != Path(__file__) and skipped.search(path.read_text())
    ]
    assert found == []
