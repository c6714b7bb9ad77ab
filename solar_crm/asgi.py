"""The process behind `/ws/`: sockets, and a connection pool in place of held connections.

It answers HTTP, too, for the probes of what runs it. Everybody else's HTTP is `wsgi.py`'s.
"""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "solar_crm.settings.development")
os.environ.setdefault("DATABASE_POOL", "true")

_http = get_asgi_application()

from solar_crm.routing import sockets  # noqa: E402 (only a set-up Django has models)

application = ProtocolTypeRouter({"http": _http, "websocket": sockets})
