"""What a list can be narrowed by, read as a program or a form sends it."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django_filters.fields import MultipleChoiceField


class ChoicesField(MultipleChoiceField):
    """Several choices: the parameter repeated, or parted by commas. Empty is none."""

    def to_python(self, value: Any) -> list[str]:
        stated = ",".join(super().to_python(value)).split(",")
        return [choice for choice in stated if choice]


class ChoicesFilter(django_filters.MultipleChoiceFilter):
    field_class = ChoicesField

    def __init__(self, **options: Any) -> None:
        super().__init__(distinct=False, **options)  # of a column of the row: no joins


class YesNoField(forms.Field):
    """`true` or `false`. Anything else names itself: the list would be wider than was asked."""

    widget = forms.TextInput
    default_error_messages = {"invalid": "Must be true or false."}
    _words = {"": None, "true": True, "1": True, "false": False, "0": False}

    def to_python(self, value: Any) -> bool | None:
        try:
            return self._words[str(value or "").lower()]
        except KeyError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class YesNoFilter(django_filters.BooleanFilter):
    field_class = YesNoField
