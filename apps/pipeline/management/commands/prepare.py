from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.conversations.knowledge import knowledge_load
from apps.leads.actions.office import office_prepare
from apps.leads.actions.scoring import scoring_model_active
from apps.notifications.actions.choosing import escalation_rules_prepare
from apps.pipeline.demo import demo_load
from apps.solar.actions import markets_load
from apps.users.actions import roles_sync


class Command(BaseCommand):
    help = "Bring a database up to date: migrations, tables, roles, office hours. Repeatable."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="Also load the demo data.")

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        markets_load()
        roles_sync()
        scoring_model_active()
        knowledge_load()
        office_prepare(today=timezone.localdate())
        escalation_rules_prepare()
        if demo:
            demo_load()
        self.stdout.write("Ready.")
