import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.pipeline.demo import demo_keys


class Command(BaseCommand):
    help = "Print the keys of the demo data as JSON. Development only."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENVIRONMENT == "production":
            raise CommandError("There are no demo keys in production.")
        self.stdout.write(json.dumps(demo_keys(), indent=2))
