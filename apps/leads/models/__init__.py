"""Leads and what belongs to them: activities, mails, tasks, scores, the rules that share them
out, the office that answers."""

from apps.leads.models.activity import LeadActivity
from apps.leads.models.duplicates import DuplicateBlock, DuplicateSuggestion
from apps.leads.models.exports import LeadExport
from apps.leads.models.lead import UNANSWERED, Lead
from apps.leads.models.mail import LeadMail, MailTemplate, Purpose
from apps.leads.models.merging import LeadMerge
from apps.leads.models.office import Holiday, OfficeSpan, ResponsePolicy
from apps.leads.models.pools import AssignmentPool, Availability, DayOff, PoolMember
from apps.leads.models.rules import AssignmentRule, LeadAssignment, RuleSet, WaitingLead
from apps.leads.models.scoring import LeadScore, ScoringModel
from apps.leads.models.sequence import Enrolment, EnrolmentStep, Sequence, SequenceStep
from apps.leads.models.survey import Appointment, SurveyCalendar
from apps.leads.models.task import Task
from apps.leads.models.view import SavedView

__all__ = [
    "UNANSWERED",
    "Appointment",
    "AssignmentPool",
    "DuplicateBlock",
    "DuplicateSuggestion",
    "Enrolment",
    "EnrolmentStep",
    "AssignmentRule",
    "Availability",
    "DayOff",
    "Holiday",
    "Lead",
    "LeadActivity",
    "LeadAssignment",
    "LeadExport",
    "LeadMail",
    "LeadMerge",
    "LeadScore",
    "MailTemplate",
    "OfficeSpan",
    "PoolMember",
    "Purpose",
    "ResponsePolicy",
    "RuleSet",
    "SavedView",
    "ScoringModel",
    "SurveyCalendar",
    "Sequence",
    "SequenceStep",
    "Task",
    "WaitingLead",
]
