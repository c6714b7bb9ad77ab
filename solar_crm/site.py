"""The static marketing site, for a laptop. On a server nginx serves the folder by itself."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

_HOME = "Index.html"
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/manifest+json", ".webmanifest")


@gzip_page  # as nginx does; these files hold no secret that a size could betray
@require_safe
def site_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of `frontend/`; the home page for the bare address."""
    root: Path = settings.FRONTEND_DIR
    file = (root / (name or _HOME)).resolve()
    if name.endswith("/"):
        file /= "index.html"  # a language's home page
    if not file.is_relative_to(root) or not file.is_file():
        raise Http404
    response = FileResponse(file.open("rb"))
    response["Cache-Control"] = "no-cache"
    return response
