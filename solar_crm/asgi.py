"""The same application for an ASGI server, with a connection pool in place of held connections."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "solar_crm.settings.development")
os.environ.setdefault("DATABASE_POOL", "true")

application = get_asgi_application()
