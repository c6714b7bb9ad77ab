"""My day: the page a salesperson starts from, and the way from one lead to the next."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from apps.core.staff.marks import page_of
from apps.leads.calling_hours import WE_CALL
from apps.leads.my_day import my_day
from apps.leads.selectors import people_who_work_leads
from apps.users.models import User
from apps.users.selectors import signed_in

_CHANGE = "leads.change_lead"


class MyDayMixin:
    """The pages of a day, beside those of the leads."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view  # type: ignore[attr-defined]
        return [
            path("my-day/", view(self.my_day), name="leads_my_day"),
            path("my-day/next/", view(self.my_day_next), name="leads_my_day_next"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def my_day(self, request: HttpRequest) -> HttpResponse:
        """What is due for me, or for the person a manager looks at."""
        me = _worker(request)
        may_manage = me.has_perm("users.manage_leads")
        people = list(people_who_work_leads()) if may_manage else []
        wanted = request.GET.get("person", "")
        person = next((one for one in people if str(one.pk) == wanted), me)
        now = timezone.now()
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": "My day" if person == me else f"The day of {person}",
            "now": timezone.localtime(now),
            "day": my_day(person, now=now),
            "person": person,
            "is_mine": person == me,
            "people": people,
            "we_call": WE_CALL,
        }
        return TemplateResponse(request, "admin/leads/my_day/page.html", context)

    def my_day_next(self, request: HttpRequest) -> HttpResponse:
        """On to the lead that is to be worked next; `after` skips one for now."""
        after = request.GET.get("after", "")
        day = my_day(_worker(request), now=timezone.now())
        item = day.after(int(after) if after.isdecimal() and len(after) < 18 else None)
        if item is None:
            if not day.now:
                messages.success(request, "Nothing else is due now.")
            return redirect("admin:leads_my_day")
        return redirect(item.link)


def day_of(request: HttpRequest) -> str:
    """What the pages hand on for whoever walks through their day: `next`; else nothing."""
    stated = request.POST.get("day") or request.GET.get("day")
    return "next" if stated == "next" else ""


def page_in_day(lead_pk: int, day: str) -> str:
    """The address of a lead's page, as a part of the day for whoever walks through it."""
    page = page_of("leads.lead", lead_pk)
    return f"{page}?day={day}" if day else page


def _worker(request: HttpRequest) -> User:
    user = signed_in(request)
    if not user.has_perm(_CHANGE):
        raise PermissionDenied
    return user
