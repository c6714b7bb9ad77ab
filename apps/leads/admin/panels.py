"""What leads show on the pages of lower rooms, and the mails on their own page."""

from __future__ import annotations

from django.http import HttpRequest

from apps.contacts.models import Contact
from apps.core.staff.panels import Panel, page_panel
from apps.leads.choices import OPEN_STATUSES
from apps.leads.mail.facts import mail_verdict
from apps.leads.models import Lead
from apps.leads.selectors import lead_mails, leads_visible_to, people_who_work_leads
from apps.leads.view_parameters import address
from apps.users.models import User
from apps.users.selectors import signed_in

_MOST = 20
_OPEN = ",".join(OPEN_STATUSES)
_MOST_MAILS = 30


@page_panel("contacts.contact")
def leads_of_contact(request: HttpRequest, contact: Contact) -> Panel:
    """The leads of a person, as far as whoever looks may see them."""
    leads = leads_visible_to(signed_in(request)).filter(contact=contact)
    shown = leads.select_related("source", "assigned_to").defer("original_data", "score_detail")
    return Panel("Leads", "admin/leads/of_contact.html", {"leads": shown[:_MOST]})


@page_panel("users.user")
def leads_of_person(request: HttpRequest, person: User) -> Panel | None:
    """How many open leads somebody has: whoever leaves hands them over first."""
    if not request.user.has_perm("users.view_all_leads"):
        return None
    count = Lead.objects.filter(assigned_to=person, status__in=OPEN_STATUSES).count()
    if not count:
        return None
    works = people_who_work_leads().filter(pk=person.pk).exists()
    return Panel(
        "Open leads",
        "admin/leads/of_person.html",
        {
            "person": person,
            "works": works,
            "theirs": address({"assigned": [str(person.pk)], "status__in": [_OPEN]}),
        },
        count=count,
    )


@page_panel("leads.lead", place=5)
def mails_of_lead(request: HttpRequest, lead: Lead) -> Panel | None:
    """The correspondence with a lead, and whether it may go on."""
    if not request.user.has_perm("leads.view_leadmail"):
        return None
    mails = list(lead_mails(lead)[:_MOST_MAILS])
    if not (mails or lead.email):
        return None
    may_mail = request.user.has_perms(("leads.add_leadmail", "leads.change_lead"))
    return Panel(
        "Mail",
        "admin/leads/lead/mails.html",
        {
            "mails": mails,
            "may_mail": may_mail,
            "verdict": mail_verdict(lead, is_marketing=False),
        },
        count=len(mails) or None,
    )
