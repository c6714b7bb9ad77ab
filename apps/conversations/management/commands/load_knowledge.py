"""Loads the knowledge that ships with the product. Repeatable."""

from django.core.management.base import BaseCommand

from apps.conversations.knowledge import knowledge_load


class Command(BaseCommand):
    help = "Write the knowledge entries of apps/conversations/data to the database."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{knowledge_load()} knowledge entries")
