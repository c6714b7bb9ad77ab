"""What the service worker keeps is there, and is all that the pages ask for."""

from __future__ import annotations

import json
import re

from tests.site.languages import FRONTEND

_NOT_KEPT = {"sw.js", "robots.txt", "sitemap.xml"}


def shell() -> set[str]:
    text = (FRONTEND / "sw.js").read_text(encoding="utf-8")
    listed = text[text.index("const SHELL = [") : text.index("];")]
    return set(re.findall(r'"([^"]+)"', listed))


def test_every_file_of_the_site_is_kept_and_nothing_else() -> None:
    files = {str(file.relative_to(FRONTEND)) for file in FRONTEND.rglob("*") if file.is_file()}
    assert {file for file in shell() if not file.endswith("/")} == files - _NOT_KEPT


def test_the_manifest_names_icons_that_are_there() -> None:
    manifest = json.loads((FRONTEND / "manifest.webmanifest").read_text(encoding="utf-8"))
    for icon in manifest["icons"]:
        assert (FRONTEND / icon["src"]).is_file()
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}


def test_every_page_of_the_site_names_the_manifest_and_is_in_the_sitemap() -> None:
    sitemap = (FRONTEND / "sitemap.xml").read_text(encoding="utf-8")
    for page in FRONTEND.rglob("*.html"):
        assert 'manifest.webmanifest"' in page.read_text(encoding="utf-8"), page
        path = re.sub(r"(?i)index\.html$", "", str(page.relative_to(FRONTEND)))
        assert f"<loc>/{path}</loc>" in sitemap, page
