from typing import Any

from django.core.management.base import BaseCommand

from apps.solar.actions import markets_load


class Command(BaseCommand):
    help = "Load markets, places, tariffs, incentives, costs and weather. Repeatable."

    def handle(self, *args: Any, **options: Any) -> None:
        for table, rows in markets_load().items():
            self.stdout.write(f"{table}: {rows}")
