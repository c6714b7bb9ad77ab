from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.backup import ArchiveError, backup_restore


class Command(BaseCommand):
    help = "Put a backup in place of this database, after checking all of it."
    requires_migrations_checks = False
    requires_system_checks: list[str] = []  # the database may be empty

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument(
            "--force", action="store_true", help="Delete what is in the database first."
        )
        parser.add_argument(
            "--other-keys", action="store_true", help="Even though the keys are not the same."
        )

    def handle(self, *args: Any, file: str, force: bool, other_keys: bool, **options: Any) -> None:
        try:
            manifest = backup_restore(
                Path(file), force=force, other_keys=other_keys, report=self.stdout.write
            )
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Restored as of {manifest.made_at}: {sum(manifest.rows.values()):,} rows."
            " Start web and workers."
        )
