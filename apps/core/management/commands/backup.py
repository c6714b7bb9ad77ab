from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.core.backup import ArchiveError
from apps.core.backup.making import NAME
from apps.core.backup.running import backup_run


class Command(BaseCommand):
    help = "Write database and uploaded files to one file. Keys are not in it: keep them elsewhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="Default: a dated file in BACKUP_DIR.")

    def handle(self, *args: Any, file: str | None, **options: Any) -> None:
        now = timezone.now()
        if not (file or settings.BACKUP_DIR):
            raise CommandError("Name a file, or set BACKUP_DIR.")
        path = Path(file) if file else Path(settings.BACKUP_DIR) / NAME.format(now)
        try:
            manifest = backup_run(path, now=now, report=self.stdout.write)
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        if manifest is None:
            raise CommandError("Another backup is being made.")
        size = path.stat().st_size
        self.stdout.write(f"{path}: {sum(manifest.rows.values()):,} rows, {size:,} bytes.")
        self.stdout.write(f"Not in it, keep elsewhere: {', '.join(manifest.not_included)}.")
