"""Leads in the admin: `lists` is the list, `lead` the page of one, `rules`, `teams` and `office`
what steers them, `surveys` the roofs we go to see; `mail` is where a mail is written, `templates`
where its words are kept."""

from apps.leads.admin.duplicates import DuplicateSuggestionAdmin
from apps.leads.admin.exporting import LeadExportAdmin
from apps.leads.admin.lead import LeadAdmin
from apps.leads.admin.office import HolidayAdmin, OfficeSpanAdmin, ResponsePolicyAdmin
from apps.leads.admin.panels import leads_of_contact
from apps.leads.admin.rule import AssignmentRuleAdmin
from apps.leads.admin.rules import RuleSetAdmin
from apps.leads.admin.scoring import ScoringModelAdmin
from apps.leads.admin.sequences import SequenceAdmin
from apps.leads.admin.surveys import AppointmentAdmin, SurveyCalendarAdmin
from apps.leads.admin.teams import AssignmentPoolAdmin, AvailabilityAdmin
from apps.leads.admin.templates import MailTemplateAdmin

__all__ = [
    "AppointmentAdmin",
    "AssignmentPoolAdmin",
    "AssignmentRuleAdmin",
    "AvailabilityAdmin",
    "DuplicateSuggestionAdmin",
    "HolidayAdmin",
    "LeadAdmin",
    "MailTemplateAdmin",
    "LeadExportAdmin",
    "OfficeSpanAdmin",
    "ResponsePolicyAdmin",
    "RuleSetAdmin",
    "ScoringModelAdmin",
    "SurveyCalendarAdmin",
    "SequenceAdmin",
    "leads_of_contact",
]
