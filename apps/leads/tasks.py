"""Scheduled work on leads. Thin: the actions do it."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.leads.actions.assigning import waiting_leads_assign
from apps.leads.actions.escalating import first_responses_watch
from apps.leads.actions.office import office_prepare
from apps.leads.actions.stepping import step_take, steps_due
from apps.leads.actions.suggesting import duplicates_check_some
from apps.leads.actions.survey_telling import surveys_remind


@shared_task(name="leads.remind_of_surveys")
def remind_of_surveys() -> int:
    return surveys_remind(now=timezone.now())


@shared_task(name="leads.watch_first_responses")
def watch_first_responses() -> int:
    return first_responses_watch(now=timezone.now())


@shared_task(name="leads.prepare_office")
def prepare_office() -> int:
    return office_prepare(today=timezone.localdate())


@shared_task(name="leads.compare_unchecked")
def compare_unchecked() -> int:
    """Look for doubles of leads that were never compared."""
    return duplicates_check_some(now=timezone.now())


@shared_task(name="leads.take_steps")
def take_steps() -> None:
    """Take the steps of follow-up sequences whose moment has come."""
    for step_pk in steps_due(timezone.now()):
        step_take(step_pk, now=timezone.now())


@shared_task(name="leads.assign_waiting")
def assign_waiting() -> None:
    """Somebody may be back at work, or have room again."""
    waiting_leads_assign(now=timezone.now())
