from typing import Any

from django.core.management.base import BaseCommand

from apps.pipeline.demo import demo_remove


class Command(BaseCommand):
    help = "Delete everything the demo brought: people, leads, events and logins. Repeatable."

    def handle(self, *args: Any, **options: Any) -> None:
        for what, rows in demo_remove().items():
            self.stdout.write(f"{what}: {rows}")
