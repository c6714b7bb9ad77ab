"""What every visitor of the public site does."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.system.browser import PATIENCE
from tests.system.processes import Running


def compute(page: Page, running: Running, *, bill: str = "220", owns: bool = True) -> None:
    page.goto(f"{running.url}/#calculator")
    page.locator(f'#calc-form [name="homeowner"][value="{"own" if owns else "rent"}"]').check()
    page.locator("#calc-postal_code").fill("11215")
    page.locator("#calc-monthly_bill").fill(bill)
    expect(page.locator("#calc-result")).to_be_visible(timeout=PATIENCE)
