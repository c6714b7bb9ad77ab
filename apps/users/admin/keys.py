"""API keys: one's own; an admin sees everybody's."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RelatedDropdownFilter

from apps.core.staff.marks import age, mark
from apps.core.staff.pages import Button, ButtonsMixin, ReadOnlyAdmin
from apps.core.staff.panels import Panel, page_panel
from apps.users.actions import api_key_issue, api_key_revoke
from apps.users.forms import NewKeyForm
from apps.users.models import ApiKey
from apps.users.selectors import signed_in


@admin.register(ApiKey)
class ApiKeyAdmin(ButtonsMixin, ReadOnlyAdmin):
    """Issued here, shown once, revoked here; never changed: a program with other needs gets
    another key."""

    list_display = ("name", "of", "begins", "state_mark", "may", "used", "ends")
    list_select_related = ("owner",)
    search_fields = ("name", "prefix")
    search_help_text = "The name, or what the key begins with"
    buttons = (
        Button(
            "revoke",
            "Revoke",
            "block",
            "users.view_apikey",
            shown=lambda key: key.revoked_at is None,
            tone="bad",
            sure="Whatever uses this key is refused from now on. This cannot be taken back.",
        ),
    )
    fields = (
        ("name", "of"),
        ("begins", "state_mark"),
        "may",
        ("from_where", "requests_per_minute"),
        ("created", "ends", "used"),
    )
    readonly_fields = ("of", "begins", "state_mark", "may", "from_where", "created", "ends", "used")
    add_fields = (("name", "lasts"), "scopes", ("networks", "requests_per_minute"))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("users.add_apikey"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        keys: QuerySet[ApiKey] = super().get_queryset(request)
        return keys if request.user.is_superuser else keys.filter(owner=signed_in(request))

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (("owner", RelatedDropdownFilter),) if request.user.is_superuser else ()

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        if obj is not None:
            return self.fields
        return ("owner", *self.add_fields) if request.user.is_superuser else self.add_fields

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        return self.readonly_fields if obj else ()

    def get_form(
        self, request: HttpRequest, obj: ApiKey | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        form = super().get_form(request, obj, change, form=NewKeyForm, **kwargs)
        form.holder = signed_in(request)
        return form

    def save_form(self, request: HttpRequest, form: NewKeyForm, change: bool) -> ApiKey:
        """Issue the key. It is shown on the next page and never again."""
        key, secret = api_key_issue(
            **form.stated,
            name=form.cleaned_data["name"],
            requests_per_minute=form.cleaned_data["requests_per_minute"],
            now=timezone.now(),
        )
        messages.warning(
            request,
            format_html(
                "The new key {}. Copy it now, it is not shown again:"
                ' <code class="sc-key" id="sc-new-key">{}</code>',
                key.name,
                secret,
            ),
        )
        return key

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        """The action has kept it."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing hangs on a key."""

    def press_revoke(self, request: HttpRequest, key: ApiKey) -> str:
        if not api_key_revoke(key.pk, now=timezone.now()):
            return "That key was revoked already."
        return f"The key {key.prefix}… opens nothing any more."

    @display(description="Owner", ordering="owner__first_name")
    def of(self, key: ApiKey) -> str:
        return str(key.owner)

    @display(description="Begins with")
    def begins(self, key: ApiKey) -> SafeString:
        return format_html("<code>{}…</code>", key.prefix)

    @display(description="State")
    def state_mark(self, key: ApiKey) -> SafeString:
        if key.revoked_at:
            return mark("Revoked", "plain")
        if key.expires_at and key.expires_at <= timezone.now():
            return mark("Too old", "warn")
        return mark("Open", "good") if key.owner.is_active else mark("Owner left", "warn")

    @display(description="May")
    def may(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    @display(description="Only from")
    def from_where(self, key: ApiKey) -> str:
        return ", ".join(key.networks) or "everywhere"

    @display(description="Issued", ordering="created_at")
    def created(self, key: ApiKey) -> SafeString | str:
        return age(key.created_at)

    @display(description="Ends", ordering="expires_at")
    def ends(self, key: ApiKey) -> str:
        if key.expires_at is None:
            return "when revoked"
        return date_format(timezone.localtime(key.expires_at), "j M Y")

    @display(description="Last used", ordering="last_used_at")
    def used(self, key: ApiKey) -> SafeString | str:
        return age(key.last_used_at)


@page_panel("users.apikey")
def _how_to_use(request: HttpRequest, key: ApiKey) -> Panel:
    return Panel("How to use it", "admin/users/key_use.html", {"address": settings.SITE_ADDRESS})
