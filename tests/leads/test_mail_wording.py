"""Templates: what they may say, what they refuse, and that nothing in them runs."""

from __future__ import annotations

import importlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.leads.mail.wording import FIGURES, VARIABLES, as_html, fill, problems, unfilled

PROOF = "{estimate_date} {estimate_source}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Hello {first_name|there}, {brand}", None),
        ("Hello", None),
        ("You score {score} of 100", "There is no {score}."),
        ("{first_nam}", "There is no {first_nam}."),
        ("{lead.pk}", "A brace stands alone"),
        ("{0.__class__}", "A brace stands alone"),
        ("{{ first_name }}", "A brace stands alone"),
        ("{% now %}", "A brace stands alone"),
        ("left { open", "A brace stands alone"),
        ("{annual_savings} a year", "needs {estimate_date} and {estimate_source}"),
        ("{annual_savings}, computed {estimate_date}", "needs {estimate_source}"),
        (f"{{annual_savings}} {PROOF}", None),
    ],
)
def test_a_template_says_only_what_is_known(text: str, problem: str | None) -> None:
    found = problems("Subject", text)
    assert found == [] if problem is None else any(problem in words for words in found)


@pytest.mark.parametrize("figure", FIGURES)
def test_no_figure_stands_without_its_date_and_source(figure: str) -> None:
    assert problems("", f"{{{figure}}}")
    assert not problems("", f"{{{figure}}} {PROOF}")


def test_a_score_is_no_variable() -> None:
    assert not {name for name in VARIABLES if "score" in name or "tier" in name}


def test_what_has_no_value_keeps_its_braces_and_is_named() -> None:
    filled = fill("Hi {first_name|there}, {place} {place} {rep}", {"rep": "Sam"})
    assert filled.text == "Hi there, {place} {place} Sam"
    assert filled.missing == ("place",)
    assert unfilled(filled.text) == ["{place}"]


def test_a_value_is_never_read_again() -> None:
    filled = fill("Hi {first_name}", {"first_name": "{rep}\n{{7*7}}", "rep": "Sam"})
    assert filled.text == "Hi {rep} {{7*7}}"


def test_an_empty_fallback_is_a_fallback() -> None:
    assert fill("Hola {first_name|}:", {}).text == "Hola :"


def test_html_is_paragraphs_breaks_and_links() -> None:
    html = as_html("One <b>two</b>\nthree\n\n\nSee https://example.com/a?b=1&c=2, or not.\n")
    assert html == (
        "<p>One &lt;b&gt;two&lt;/b&gt;<br>\nthree</p>\n"
        '<p>See <a href="https://example.com/a?b=1&amp;c=2">https://example.com/a?b=1&amp;c=2</a>,'
        " or not.</p>"
    )


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        'https://x.example/"onmouseover="alert(1)',
        "https://x.example/'><script>alert(1)</script>",
        "data:text/html,<script>",
    ],
)
def test_no_link_breaks_out(text: str) -> None:
    html = as_html(text)
    assert "<script" not in html
    assert not re.search(r"<a[^>]*\son", html)
    assert 'href="javascript' not in html


@given(st.text(max_size=400))
def test_any_text_can_be_checked_filled_and_shown(text: str) -> None:
    problems(text)
    fill(text, {"first_name": text})
    tags = set(re.findall(r"<(/?\w+)", as_html(text)))
    assert tags <= {"p", "/p", "br", "a", "/a"}


def test_the_templates_that_ship_are_templates() -> None:
    shipped = importlib.import_module("apps.leads.migrations.0006_first_mail_templates").TEMPLATES
    assert len(shipped) == len({row[0] for row in shipped}) >= 8
    assert {row[2] for row in shipped} == {"en", "es", "hi"}
    for key, *_, subject, body in shipped:
        assert problems(subject, body) == [], key
        # Nothing is promised that a date could make false.
        assert not re.search(r"\d+\s*%|tax credit|rebate|subsid|guarantee", body.lower()), key
