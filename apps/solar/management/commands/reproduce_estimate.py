from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.solar.actions import estimate_reproduce
from apps.solar.models import EstimateRun


class Command(BaseCommand):
    help = "Make a stored estimate again from what was stored with it, and say whether it agrees."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run_id", type=UUID)

    def handle(self, *args: Any, run_id: UUID, **options: Any) -> None:
        try:
            again = estimate_reproduce(run_id)
        except EstimateRun.DoesNotExist as error:
            raise CommandError(f"There is no estimate {run_id}.") from error
        if not again.production_matches:
            self.stdout.write("The production model of today yields something else.")
        if not again.is_equal:
            raise CommandError("The figures differ from those that were given.")
        self.stdout.write("The same figures, to the cent.")
