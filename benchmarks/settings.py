"""Development's settings with limits off, and the floor beside the product's own addresses."""

from __future__ import annotations

from solar_crm.settings.development import *  # noqa: F403 (settings are one flat namespace)

ROOT_URLCONF = "benchmarks.urls"
LOG_LEVEL = "WARNING"
LOGGING["root"]["level"] = "WARNING"  # noqa: F405 (of the line above)
