"""A real browser: the one named, the one installed, or the one that can be installed."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

PATIENCE = 20_000  # milliseconds
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_LINE_TO_TYPE = (
    "No browser is here and none could be installed. Type:\n"
    "    apt-get install -y chromium        (Debian, Ubuntu)\n"
    "or  python -m playwright install --with-deps chromium\n"
    "or  set CHROMIUM to the path of a Chromium or Chrome."
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium without a window. Fails with the line to type when there is none to be had."""
    with sync_playwright() as playwright:
        browser = _launch(playwright)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def watched_page(browser: Browser, **context: Any) -> Iterator[Page]:
    """A page of somebody who was never here. A script error or a breach of the CSP fails."""
    page = browser.new_context(reduced_motion="reduce", **context).new_page()
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda line: (
            complaints.append(line.text)
            if line.type == "error" and "Failed to load resource" not in line.text
            else None
        ),
    )
    yield page
    page.context.close()
    assert complaints == []


def _launch(playwright: Playwright) -> Browser:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=executable(playwright), args=arguments)


def executable(playwright: Playwright) -> str:
    """The path of a browser, which is installed when there is none."""
    named = os.environ.get("CHROMIUM")
    return named or _found(playwright) or _installed(playwright)


def _found(playwright: Playwright) -> str | None:
    downloaded = playwright.chromium.executable_path
    return next(filter(None, map(shutil.which, (*_NAMES, downloaded))), None)


def _installed(playwright: Playwright) -> str:
    """One at a time: of two workers who install at once, apt refuses the second."""
    with (Path(tempfile.gettempdir()) / "solar-crm-browser.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        for install in (_from_debian, _from_playwright):
            if found := _found(playwright):
                return found
            install()
        if found := _found(playwright):
            return found
    raise RuntimeError(_LINE_TO_TYPE)


def _from_debian() -> None:
    if os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get"):
        _try("apt-get", "update")
        _try("apt-get", "install", "-y", "--no-install-recommends", "chromium")


def _from_playwright() -> None:
    _try(sys.executable, "-m", "playwright", "install", "chromium")


def _try(*command: str) -> None:
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(command, capture_output=True, check=False, env=environment)
