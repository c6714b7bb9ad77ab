from typing import Any

from django.core.management.base import BaseCommand

from apps.users.actions import roles_sync


class Command(BaseCommand):
    help = "Write the permissions of roles.py to the groups. Part of every deploy; repeatable."

    def handle(self, *args: Any, **options: Any) -> None:
        roles_sync()
