"""The files of an installation: ours, what a run leaves behind, what is uploaded, and backups."""

from __future__ import annotations

from pathlib import Path

from apps.core.embedded.places import data_dir
from solar_crm.settings.environment import env

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = data_dir()
FRONTEND_DIR = BASE_DIR / "frontend"
STATIC_URL = "/static/"
STATIC_ROOT: Path | None = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Never served as it is, and in every backup.
MEDIA_ROOT = DATA_DIR / "media"
# One is made every night where this names a folder.
BACKUP_DIR = env.str("BACKUP_DIR", "")
BACKUP_KEEP = env.int("BACKUP_KEEP", 14)
