"""`{% say "A sentence." %}` in the language of the page, which its context names `language`."""

from __future__ import annotations

from typing import Any

from django import template

from apps.core.words import say_in

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Any, sentence: str, **values: object) -> str:
    return say_in(context["language"])(sentence, **values)
