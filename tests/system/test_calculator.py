"""The calculator in a real browser: what it reads, what it says first, where it leads."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.system.processes import Running
from tests.system.visitors import compute

pytestmark = pytest.mark.system

ESTIMATE = "**/api/solar/estimate/"


def test_bills_and_postal_codes_are_read_as_people_write_them(
    page: Page, running_system: Running
) -> None:
    """In the page's own module; what can be read in two ways is no amount and is asked again."""
    page.goto(f"{running_system.url}/privacy.html")
    bills = {
        "220": "220", " $1,850.50 ": "1850.50", "2.500,50 $": "2500.50", "220,5": "220.5",
        "1.850": "1850", "Rs. 9,000/-": "9000", "\u20b91,00,000": "100000", "9 000": "9000",
        "\u20b9\u0967,\u0966\u0966,\u0966\u0966\u0966": "100000",
        "\uff12\uff12\uff10": "220", "0.50": "0.50",
    }  # fmt: skip
    codes = {
        "11215": "11215", "11215 \u2013 1234": "11215-1234", "411 001": "411001",
        "411-001": "411001", "\u096a\u0967\u0967 \u0966\u0966\u0967": "411001",
    }  # fmt: skip
    refused = ["-220", "1,23,45", "1,234,56", "1.2.3", "12,3456", "1e5", "about 200", ""]
    read = page.evaluate(
        """async ([bills, codes, refused]) => {
            const site = await import("/answers.js");
            return [
                bills.map(site.plainAmount),
                codes.map(site.plainPostalCode),
                refused.filter((text) => site.IS_AMOUNT.test(site.plainAmount(text))),
            ];
        }""",
        [list(bills), list(codes), refused],
    )
    assert read == [list(bills.values()), list(codes.values()), []]


def test_with_the_keyboard_alone_a_visitor_computes_and_opens_a_figure(
    page: Page, running_system: Running
) -> None:
    page.goto(f"{running_system.url}/#calculator")
    expect(page.locator("#form-submit")).to_be_enabled()
    page.locator("#calc-postal_code").focus()
    page.keyboard.type("11215")
    page.keyboard.press("Tab")
    page.keyboard.type("220")
    page.keyboard.press("Enter")
    expect(page.locator("#calc-result")).to_be_visible()
    why = page.locator("#calc-figures-title ~ ul summary").first
    for _ in range(30):
        if why.evaluate("(one) => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#calc-figure-size-why")).to_be_visible()


def test_on_a_phone_the_button_leads_to_the_answer_or_to_what_is_wrong(
    page: Page, running_system: Running
) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    compute(page, running_system)
    button = page.get_by_role("button", name="Show my estimate")
    button.click()
    expect(page.locator("#calc-figure-size")).to_be_in_viewport()
    page.locator("#calc-postal_code").fill("90210")
    button.click()
    expect(page.locator("#calc-postal_code")).to_be_focused()
    expect(page.locator("#calc-postal_code-error")).to_contain_text("not covered")
    page.locator("#calc-postal_code").fill("9021")
    expect(page.locator("#calc-summary")).to_have_text("")


def test_a_renter_hears_of_community_solar_before_the_figures(
    page: Page, running_system: Running
) -> None:
    compute(page, running_system, owns=False)
    advice = page.locator("#calc-advice")
    expect(advice.locator('[data-code="community_solar"]')).to_be_visible()
    figures = page.locator("#calc-figure-size")
    above, below = advice.bounding_box(), figures.bounding_box()
    assert above
    assert below
    assert above["y"] + above["height"] <= below["y"]


def test_a_shareholder_hears_of_the_board_before_the_figures(
    page: Page, running_system: Running
) -> None:
    compute(page, running_system)
    page.locator("#calc-property_type").select_option("co_op")
    expect(page.locator('#calc-advice [data-code="board_approval"]')).to_be_visible()


def test_an_unknown_place_is_told_at_its_field(page: Page, running_system: Running) -> None:
    compute(page, running_system)
    page.locator("#calc-postal_code").fill("90210")
    expect(page.locator("#calc-postal_code-error")).to_contain_text("not covered")
    expect(page.locator("#calc-result")).to_be_hidden()


def test_a_code_of_the_other_market_says_which_one_to_choose(
    page: Page, running_system: Running
) -> None:
    page.goto(f"{running_system.url}/#calculator")
    code, error = page.locator("#calc-postal_code"), page.locator("#calc-postal_code-error")
    code.fill("411 001")
    code.blur()
    expect(error).to_contain_text("choose India")
    page.locator('#calc-form [name="market"][value="india"]').check()
    expect(error).to_have_text("")
    expect(code).to_have_value("411 001")


def test_only_the_kinds_of_building_of_a_market_are_offered_in_either_form(
    page: Page, running_system: Running
) -> None:
    page.goto(f"{running_system.url}/#contact")
    for name, otherwise in (("calc-form", "single_family"), ("contact-form", "")):
        form = page.locator(f"#{name}")
        kind = form.locator('[name="property_type"]')
        kind.select_option("co_op")
        form.locator('[name="market"][value="india"]').check()
        expect(kind).to_have_value(otherwise)
        assert kind.locator("option:disabled").count() == 2


def test_without_the_api_the_visitor_can_still_send_the_bill(
    page: Page, running_system: Running
) -> None:
    page.route(ESTIMATE, lambda route: route.abort())
    page.goto(f"{running_system.url}/#calculator")
    page.locator("#calc-postal_code").fill("11215")
    page.locator("#calc-monthly_bill").fill("220")
    expect(page.locator('#calc-note[data-state="unreachable"]')).to_be_visible()
    page.locator("#calc-note").get_by_role("link", name="Send us your bill").click()
    expect(page.locator("#contact-form #monthly_bill")).to_have_value("220")
    page.unroute(ESTIMATE)
    page.locator("[data-calc-retry]").click()
    expect(page.locator("#calc-result")).to_be_visible()
