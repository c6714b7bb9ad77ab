"""Forms of the import pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from apps.solar.models import Market


class UploadForm(forms.Form):
    """A file, and the market its rows belong to where they do not say."""

    file = forms.FileField(
        label="File",
        help_text="CSV or Excel (.xlsx), at most 10 MiB and 50,000 rows. The first line names the"
        " columns; in whatever words, you say on the next page what they hold.",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    market = forms.ModelChoiceField(
        queryset=Market.objects.order_by("name"),
        empty_label=None,
        label="Market",
        help_text="Where a row does not say.",
        widget=UnfoldAdminSelectWidget(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["market"].initial = settings.DEFAULT_MARKET
