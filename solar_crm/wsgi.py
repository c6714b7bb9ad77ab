"""HTTP, by a WSGI server with a few blocking threads and long-lived database connections."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "solar_crm.settings.development")

application = get_wsgi_application()
