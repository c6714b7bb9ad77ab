"""Everything the installation must not lose, in one file, and back.

An archive is a zip: one member per table (PostgreSQL's own `COPY` text), the uploaded files, and
`manifest.json` with what it takes to trust them. The schema is not in it: the migrations make it,
so triggers, constraints and indexes come back by the road that made them, no client binaries of
PostgreSQL are needed, and an archive of last year's release is restored by this year's.
"""

from apps.core.backup.archive import ArchiveError
from apps.core.backup.making import backup_make
from apps.core.backup.restoring import backup_restore

__all__ = ["ArchiveError", "backup_make", "backup_restore"]
