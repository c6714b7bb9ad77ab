"""What leads show on the pages of lower rooms."""

from __future__ import annotations

from django.http import HttpRequest

from apps.contacts.models import Contact
from apps.core.staff.panels import Panel, page_panel
from apps.leads.selectors import leads_visible_to
from apps.users.selectors import signed_in

_MOST = 20


@page_panel("contacts.contact")
def leads_of_contact(request: HttpRequest, contact: Contact) -> Panel:
    """The leads of a person, as far as whoever looks may see them."""
    leads = leads_visible_to(signed_in(request)).filter(contact=contact)
    shown = leads.select_related("source", "assigned_to").defer("original_data", "score_detail")
    return Panel("Leads", "admin/leads/of_contact.html", {"leads": shown[:_MOST]})
