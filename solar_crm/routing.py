"""Every socket of the product. `SURFACE` says which of the two deployments this process is."""

from __future__ import annotations

from channels.routing import URLRouter
from django.conf import settings
from django.urls import re_path

from apps.conversations.inbox_sockets import InboxSocket
from apps.conversations.sockets import ChatSocket
from apps.core.sockets import NowhereSocket
from apps.notifications.sockets import NotificationSocket

_is_public = settings.SURFACE in {"public", "all"}
_is_internal = settings.SURFACE in {"internal", "all"}

# With and without the slash at the end: nothing can be redirected here.
internal_sockets = [
    re_path(r"^ws/notifications/?$", NotificationSocket.as_asgi()),
    re_path(r"^ws/inbox/?$", InboxSocket.as_asgi()),
]
public_sockets = [
    re_path(r"^ws/chat/?$", ChatSocket.as_asgi()),
]
sockets = URLRouter(
    [
        *(internal_sockets if _is_internal else []),
        *(public_sockets if _is_public else []),
        re_path(r"", NowhereSocket.as_asgi()),
    ]
)
