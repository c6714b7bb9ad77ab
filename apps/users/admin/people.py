"""People who sign in, and what they may do by their role."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import display
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, Permission
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.forms import AdminPasswordChangeForm

from apps.core.staff.marks import age, mark
from apps.core.staff.pages import StaffAdmin
from apps.users.actions import profile_change, user_apply_role
from apps.users.forms import NewPersonForm, PersonForm, ProfileForm
from apps.users.models import Role, User
from apps.users.selectors import signed_in

# Roles are code (`roles.py`), and tokens are nobody's reading.
for model in (Group, OutstandingToken, BlacklistedToken):
    admin.site.unregister(model)

_BEYOND_THE_ROLE = (
    "Rights beyond the role",
    {
        "classes": ("collapse",),
        "fields": ("user_permissions",),
        "description": "What the role allows needs no tick here.",
    },
)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, StaffAdmin):  # type: ignore[type-arg,misc]  # generic only in the stubs
    """People with a role. Only admins change admins, and only admins make them."""

    form = PersonForm
    add_form = NewPersonForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("person", "email", "role_mark", "department", "active", "seen")
    list_filter = (("role", ChoicesDropdownFilter), "is_active")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("first_name", "last_name")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": (("first_name", "last_name"), ("username", "email"), "password")}),
        ("Work", {"fields": (("role", "department"), ("phone", "time_zone"), "is_active")}),
        ("Dates", {"fields": (("last_login", "date_joined"),)}),
    )
    add_fieldsets = (
        (None, {"fields": (("first_name", "last_name"), ("username", "email"))}),
        ("Work", {"fields": (("role", "department"),)}),
        ("Password", {"fields": ("password1", "password2")}),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.profile)
        return [path("profile/", view, name="users_profile"), *super().get_urls()]

    def profile(self, request: HttpRequest) -> HttpResponse:
        """One's own page: everybody who works here has one."""
        me = signed_in(request)
        form = ProfileForm(request.POST or None, instance=me)
        if request.method == "POST" and form.is_valid():
            profile_change(me.pk, stated=form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect("admin:users_profile")
        rights = Permission.objects.filter(group__name=me.role).order_by("content_type", "pk")
        context = {
            **self.admin_site.each_context(request),
            "title": "My profile",
            "form": form,
            "person": me,
            "rights": [right.name for right in rights],
            "may_hold_keys": me.has_perm("users.view_apikey"),
        }
        return TemplateResponse(request, "admin/users/profile.html", context)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        return (*fieldsets, _BEYOND_THE_ROLE) if obj and request.user.is_superuser else fieldsets

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "role" and not request.user.is_superuser:
            kwargs["choices"] = [choice for choice in Role.choices if choice[0] != Role.ADMIN]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not is_above and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        is_self = obj is not None and obj.pk == request.user.pk
        return not (is_above or is_self) and bool(super().has_delete_permission(request, obj))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        user_apply_role(obj)
        super().save_model(request, obj, form, change)

    @display(description="Name", ordering="first_name")
    def person(self, user: User) -> str:
        return str(user)

    @display(description="Role", ordering="role")
    def role_mark(self, user: User) -> SafeString:
        return mark(user.get_role_display(), "gold" if user.role == Role.ADMIN else "plain")

    @display(description="Active", boolean=True, ordering="is_active")
    def active(self, user: User) -> bool:
        return user.is_active

    @display(description="Last seen", ordering="last_login")
    def seen(self, user: User) -> SafeString | str:
        return age(user.last_login)
