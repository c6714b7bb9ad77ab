"""People, what they agreed to, and who must not be contacted."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from apps.contacts.forms import ContactForm, SuppressionForm
from apps.contacts.identity import show_phone
from apps.contacts.models import Consent, Contact, ContactIdentity, Suppression
from apps.contacts.selectors import contacts_found, contacts_visible_to
from apps.contacts.suppression import suppress
from apps.core.staff.filters import DaysFilter
from apps.core.staff.marks import age, mark
from apps.core.staff.pages import ReadOnlyAdmin, StaffAdmin
from apps.users.selectors import signed_in


class _OnlyRead(TabularInline):
    """Rows of an inline that nobody adds, changes or deletes here."""

    extra = 0
    can_delete = False
    show_change_link = False
    hide_title = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class IdentityInline(_OnlyRead):
    model = ContactIdentity
    verbose_name_plural = "Known by"
    fields = ("kind", "shown", "valid", "since")
    readonly_fields = fields

    @display(description="Address or number")
    def shown(self, identity: ContactIdentity) -> str:
        return show_phone(identity.value) if identity.kind == "phone" else identity.value

    @display(description="Since")
    def since(self, identity: ContactIdentity) -> SafeString | str:
        return age(identity.created_at)


class ConsentInline(_OnlyRead):
    model = Consent
    verbose_name_plural = "Consent ledger: only ever added to"
    ordering = ("-occurred_at", "-id")
    fields = ("channel", "kind_mark", "when", "wording", "wording_version", "page_url")
    readonly_fields = fields

    @display(description="What")
    def kind_mark(self, line: Consent) -> SafeString:
        return mark(line.get_kind_display(), "good" if line.kind == "given" else "bad")

    @display(description="When")
    def when(self, line: Consent) -> SafeString | str:
        return age(line.occurred_at)


@admin.register(Contact)
class ContactAdmin(StaffAdmin):
    """A person, whatever they came for: names can be corrected, the rest is what they said."""

    form = ContactForm
    list_display = ("name", "known_by", "market", "language", "since")
    search_fields = ("first_name",)
    search_help_text = "A name, an e-mail address, or a phone number with its country code"
    list_filter = (("created_at", DaysFilter),)
    ordering = ("-created_at", "-id")
    fields = (("first_name", "last_name"), ("market", "language"), "since")
    readonly_fields = ("market", "since")
    inlines = (IdentityInline, ConsentInline)
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        visible: QuerySet[Contact] = super().get_queryset(request)
        return contacts_visible_to(signed_in(request), visible).prefetch_related("identities")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Contact], search_term: str
    ) -> tuple[QuerySet[Contact], bool]:
        return contacts_found(queryset, search_term), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="Name", ordering="last_name")
    def name(self, contact: Contact) -> str:
        return str(contact)

    @display(description="Known by")
    def known_by(self, contact: Contact) -> SafeString:
        shown = (
            (show_phone(one.value) if one.kind == "phone" else one.value,)
            for one in contact.identities.all()
        )
        return format_html_join("", '<span class="sc-line">{}</span>', shown)

    @display(description="Known since", ordering="created_at")
    def since(self, contact: Contact) -> SafeString | str:
        return age(contact.created_at)


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyAdmin):
    """Addresses nobody may contact. Put in as plain text, kept as a hash, never shown again."""

    form = SuppressionForm
    list_display = ("kind", "reason_mark", "note", "since")
    list_filter = (
        ("reason", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("created_at", DaysFilter),
    )
    ordering = ("-created_at",)
    fields = ("kind", "reason", "note", "since")
    readonly_fields = ("since",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else ("address", "reason", "note")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if obj else ()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("contacts.add_suppression"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("contacts.delete_suppression"))

    def save_model(
        self, request: HttpRequest, obj: Suppression, form: SuppressionForm, change: bool
    ) -> None:
        kind, value = form.cleaned_data["address"]
        entry = suppress(kind=kind, value=value, reason=obj.reason, note=obj.note)
        obj.pk, obj.kind = entry.pk, entry.kind
        messages.info(request, "It is on the list. Only a hash is kept, so it is not shown again.")

    @display(description="Why", ordering="reason")
    def reason_mark(self, entry: Suppression) -> SafeString:
        return mark(entry.get_reason_display(), "bad" if entry.reason == "complaint" else "plain")

    @display(description="Since", ordering="created_at")
    def since(self, entry: Suppression) -> SafeString | str:
        return age(entry.created_at)
