"""Leads in the admin: `lists` is the list, `lead` the page of one, `rules` what steers them."""

from apps.leads.admin.lead import LeadAdmin
from apps.leads.admin.panels import leads_of_contact
from apps.leads.admin.rules import AssignmentPoolAdmin, ScoringModelAdmin

__all__ = ["AssignmentPoolAdmin", "LeadAdmin", "ScoringModelAdmin", "leads_of_contact"]
