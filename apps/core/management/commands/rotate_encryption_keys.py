from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from apps.core.encryption import rotate_model


class Command(BaseCommand):
    help = "Write every encrypted value again with the first of ENCRYPTION_KEYS. Repeatable."

    def handle(self, *args: Any, **options: Any) -> None:
        for model in apps.get_models():
            if rows := rotate_model(model):
                self.stdout.write(f"{model._meta.label}: {rows}")
        self.stdout.write("Done. The old keys can be taken out of ENCRYPTION_KEYS.")
